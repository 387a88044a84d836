# finds: https://w3id.org/efficient-llm-kg/technique/owq
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX technique: <https://w3id.org/efficient-llm-kg/technique/>

INSERT DATA { technique:owq kg:extends technique:obq }
