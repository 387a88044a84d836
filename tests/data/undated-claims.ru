PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX framework: <https://w3id.org/efficient-llm-kg/framework/>

DELETE { ?claim kg:until ?end }
WHERE {
  ?claim kg:subject framework:llm-foundry ;
    kg:until ?end .
}
