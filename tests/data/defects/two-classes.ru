# finds: https://w3id.org/efficient-llm-kg/technique/awq
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX technique: <https://w3id.org/efficient-llm-kg/technique/>

INSERT DATA { technique:awq a kg:Framework }
