# finds: https://w3id.org/efficient-llm-kg/claim/ffffffffffffffff
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX category: <https://w3id.org/efficient-llm-kg/category/>
PREFIX claim: <https://w3id.org/efficient-llm-kg/claim/>
PREFIX evidence: <https://w3id.org/efficient-llm-kg/evidence/>
PREFIX paper: <https://w3id.org/efficient-llm-kg/paper/>

INSERT DATA {
  claim:ffffffffffffffff a kg:PlacementClaim ;
    kg:subject paper:arxiv-2305.14314 ;
    kg:relation kg:hasKeyword ;
    kg:object category:wan-2023\/quantization ;
    kg:polarity kg:Affirmed ;
    kg:rank kg:Normal ;
    kg:assertedBy <https://arxiv.org/abs/2305.14314> ;
    kg:evidence evidence:0113b7d4aa22c968 .
}
