# finds: https://w3id.org/efficient-llm-kg/technique/obs
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX technique: <https://w3id.org/efficient-llm-kg/technique/>

INSERT DATA { technique:obd kg:year 2003 }
