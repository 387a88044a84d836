# finds: https://w3id.org/efficient-llm-kg/claim/ffffffffffffffff
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX claim: <https://w3id.org/efficient-llm-kg/claim/>
PREFIX evidence: <https://w3id.org/efficient-llm-kg/evidence/>
PREFIX resource: <https://w3id.org/efficient-llm-kg/resource/>
PREFIX technique: <https://w3id.org/efficient-llm-kg/technique/>

INSERT DATA {
  claim:ffffffffffffffff a kg:EffectClaim ;
    kg:subject technique:lora ;
    kg:relation kg:compresses ;
    kg:object resource:memory ;
    kg:polarity kg:Affirmed ;
    kg:rank kg:Normal ;
    kg:assertedBy <https://arxiv.org/abs/2305.14314> ;
    kg:evidence evidence:0113b7d4aa22c968 .
}
