# finds: https://w3id.org/efficient-llm-kg/technique/omniquant
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX technique: <https://w3id.org/efficient-llm-kg/technique/>

INSERT DATA { technique:omniquant a kg:Technique ; skos:prefLabel "OmniQuant" }
