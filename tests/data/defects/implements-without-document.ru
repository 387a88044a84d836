# finds: https://w3id.org/efficient-llm-kg/claim/a8cf73ba0f9b2fb3
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX framework: <https://w3id.org/efficient-llm-kg/framework/>

DELETE { ?evidence kg:document ?document }
WHERE {
  ?claim kg:subject framework:bitsandbytes ;
    kg:evidence ?evidence .
  ?evidence kg:document ?document .
}
