# finds: https://w3id.org/efficient-llm-kg/paper/title-0000000000000000
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX paper: <https://w3id.org/efficient-llm-kg/paper/>

INSERT DATA {
  paper:title-0000000000000000 a kg:Paper ;
    dcterms:title "QLORA: Efficient Finetuning of Quantized LLMs" .
}
