# finds: https://w3id.org/efficient-llm-kg/evidence/ffffffffffffffff
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX evidence: <https://w3id.org/efficient-llm-kg/evidence/>

INSERT DATA {
  evidence:ffffffffffffffff a kg:Evidence ;
    kg:document <https://arxiv.org/abs/1706.03762> .
}
