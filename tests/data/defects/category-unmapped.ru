# finds: https://w3id.org/efficient-llm-kg/category/wan-2023/quantization
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX category: <https://w3id.org/efficient-llm-kg/category/>
PREFIX mapping: <https://w3id.org/efficient-llm-kg/mapping/>
PREFIX scheme: <https://w3id.org/efficient-llm-kg/scheme/>

INSERT DATA {
  scheme:bai-2024 a skos:ConceptScheme .
  category:bai-2024\/quantization a kg:Category ;
    skos:prefLabel "Quantization"@en ;
    skos:inScheme scheme:bai-2024 .
  mapping:0f kg:mapsFrom category:bai-2024\/quantization ;
    kg:intoScheme scheme:wan-2023 .
}
