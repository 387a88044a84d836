# finds: https://w3id.org/efficient-llm-kg/claim/ffffffffffffffff
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX benchmark: <https://w3id.org/efficient-llm-kg/benchmark/>
PREFIX claim: <https://w3id.org/efficient-llm-kg/claim/>
PREFIX evidence: <https://w3id.org/efficient-llm-kg/evidence/>
PREFIX framework: <https://w3id.org/efficient-llm-kg/framework/>

INSERT DATA {
  claim:ffffffffffffffff a kg:Claim ;
    kg:subject framework:bitsandbytes ;
    kg:relation kg:evaluatedOn ;
    kg:object benchmark:vicuna ;
    kg:polarity kg:Affirmed ;
    kg:rank kg:Normal ;
    kg:assertedBy <https://arxiv.org/abs/2305.14314> ;
    kg:evidence evidence:0113b7d4aa22c968 .
}
