# finds: https://w3id.org/efficient-llm-kg/publication/arxiv-2305.14314/neurips-2023
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX publication: <https://w3id.org/efficient-llm-kg/publication/>

DELETE { publication:arxiv-2305.14314\/neurips-2023 kg:year ?year }
INSERT { publication:arxiv-2305.14314\/neurips-2023 kg:year 203 }
WHERE { publication:arxiv-2305.14314\/neurips-2023 kg:year ?year }
