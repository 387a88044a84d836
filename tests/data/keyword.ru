PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX keyword: <https://w3id.org/efficient-llm-kg/keyword/>

INSERT DATA {
  keyword:bai-2024\/approximate-attention a kg:Keyword ;
    skos:prefLabel "Approximate attention" .
}
