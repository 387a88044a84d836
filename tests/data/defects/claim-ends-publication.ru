# finds: https://w3id.org/efficient-llm-kg/claim/ffffffffffffffff
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX claim: <https://w3id.org/efficient-llm-kg/claim/>
PREFIX evidence: <https://w3id.org/efficient-llm-kg/evidence/>
PREFIX paper: <https://w3id.org/efficient-llm-kg/paper/>
PREFIX venue: <https://w3id.org/efficient-llm-kg/venue/>

INSERT DATA {
  claim:ffffffffffffffff a kg:PublicationClaim ;
    kg:subject paper:arxiv-2305.14314 ;
    kg:relation kg:hasPublication ;
    kg:object venue:neurips ;
    kg:polarity kg:Affirmed ;
    kg:rank kg:Normal ;
    kg:assertedBy <https://arxiv.org/abs/2305.14314> ;
    kg:evidence evidence:0113b7d4aa22c968 .
}
