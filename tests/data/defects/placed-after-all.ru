# finds: https://w3id.org/efficient-llm-kg/technique/qlora
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX technique: <https://w3id.org/efficient-llm-kg/technique/>

INSERT DATA { technique:qlora kg:placing kg:Root }
