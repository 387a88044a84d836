# finds: https://w3id.org/efficient-llm-kg/claim/ffffffffffffffff
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX claim: <https://w3id.org/efficient-llm-kg/claim/>
PREFIX evidence: <https://w3id.org/efficient-llm-kg/evidence/>
PREFIX paper: <https://w3id.org/efficient-llm-kg/paper/>
PREFIX technique: <https://w3id.org/efficient-llm-kg/technique/>

INSERT DATA {
  claim:ffffffffffffffff a kg:Claim ;
    kg:subject paper:arxiv-2312.03863 ;
    kg:relation kg:relatedTo ;
    kg:object technique:qlora ;
    kg:polarity kg:Affirmed ;
    kg:rank kg:Normal ;
    kg:assertedBy <https://arxiv.org/abs/2305.14314> ;
    kg:evidence evidence:0113b7d4aa22c968 .
}
