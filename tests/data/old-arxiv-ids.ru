PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX paper: <https://w3id.org/efficient-llm-kg/paper/>

INSERT DATA {
  paper:arxiv-cs-0112017 a kg:Paper ;
    dcterms:identifier "arXiv:cs.CL/0112017" .
  paper:arxiv-cmp-lg-9605012 a kg:Paper ;
    dcterms:identifier "arXiv:cmp-lg/9605012" .
  paper:title-00000000000000aa a kg:Paper ;
    dcterms:identifier "arXiv:none" .
}
