# finds: https://w3id.org/efficient-llm-kg/component/neurons
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX claim: <https://w3id.org/efficient-llm-kg/claim/>
PREFIX component: <https://w3id.org/efficient-llm-kg/component/>
PREFIX evidence: <https://w3id.org/efficient-llm-kg/evidence/>
PREFIX technique: <https://w3id.org/efficient-llm-kg/technique/>

INSERT DATA {
  component:neurons a kg:Component .
  claim:ffffffffffffffff a kg:EffectClaim ;
    kg:subject technique:obd ;
    kg:relation kg:compresses ;
    kg:object component:neurons ;
    kg:polarity kg:Affirmed ;
    kg:rank kg:Normal ;
    kg:assertedBy <https://arxiv.org/abs/2305.14314> ;
    kg:evidence evidence:0113b7d4aa22c968 .
}
