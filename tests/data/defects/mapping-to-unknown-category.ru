# finds: https://w3id.org/efficient-llm-kg/mapping/ffffffffffffffff
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX semapv: <https://w3id.org/semapv/vocab/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX category: <https://w3id.org/efficient-llm-kg/category/>
PREFIX mapping: <https://w3id.org/efficient-llm-kg/mapping/>
PREFIX scheme: <https://w3id.org/efficient-llm-kg/scheme/>

INSERT DATA {
  mapping:ffffffffffffffff a kg:Mapping ;
    kg:mapsFrom category:wan-2023\/quantization ;
    kg:mapsTo category:bai-2024\/quantisation ;
    kg:intoScheme scheme:bai-2024 ;
    kg:mappingRelation skos:exactMatch ;
    kg:justification semapv:ManualMappingCuration .
}
