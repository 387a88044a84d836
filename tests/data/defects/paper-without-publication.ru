# finds: https://w3id.org/efficient-llm-kg/paper/arxiv-1706.03762
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX paper: <https://w3id.org/efficient-llm-kg/paper/>

INSERT DATA { paper:arxiv-1706.03762 a kg:Paper ; dcterms:title "Attention Is All You Need" }
