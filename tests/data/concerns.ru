PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX category: <https://w3id.org/efficient-llm-kg/category/>
PREFIX claim: <https://w3id.org/efficient-llm-kg/claim/>
PREFIX stage: <https://w3id.org/efficient-llm-kg/stage/>

INSERT DATA {
  claim:ffffffffffffffff a kg:Claim ;
    kg:subject category:wan-2023\/quantization ;
    kg:relation kg:concerns ;
    kg:object stage:inference ;
    kg:polarity kg:Affirmed ;
    kg:rank kg:Normal .
}
