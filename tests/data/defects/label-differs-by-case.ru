# finds: https://w3id.org/efficient-llm-kg/technique/spqr-q-ensemble
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX technique: <https://w3id.org/efficient-llm-kg/technique/>

INSERT DATA { technique:spqr-q-ensemble a kg:Technique ; skos:prefLabel "SPQR" }
