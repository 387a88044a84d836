# finds: https://w3id.org/efficient-llm-kg/technique/optq
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX technique: <https://w3id.org/efficient-llm-kg/technique/>

INSERT DATA { technique:optq a kg:Technique ; skos:prefLabel "GPTQ" }
