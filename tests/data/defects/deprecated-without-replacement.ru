# finds: https://w3id.org/efficient-llm-kg/technique/owq
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX technique: <https://w3id.org/efficient-llm-kg/technique/>

INSERT DATA { technique:owq owl:deprecated true }
