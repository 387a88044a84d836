# finds: https://w3id.org/efficient-llm-kg/claim/ffffffffffffffff
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX cito: <http://purl.org/spar/cito/>
PREFIX claim: <https://w3id.org/efficient-llm-kg/claim/>
PREFIX evidence: <https://w3id.org/efficient-llm-kg/evidence/>
PREFIX paper: <https://w3id.org/efficient-llm-kg/paper/>
PREFIX technique: <https://w3id.org/efficient-llm-kg/technique/>

INSERT DATA {
  claim:ffffffffffffffff a kg:CitationClaim ;
    kg:subject paper:arxiv-2106.09685 ;
    kg:relation cito:cites ;
    kg:object technique:qlora ;
    kg:polarity kg:Affirmed ;
    kg:rank kg:Normal ;
    kg:assertedBy <https://arxiv.org/abs/2305.14314> ;
    kg:evidence evidence:0113b7d4aa22c968 .
}
