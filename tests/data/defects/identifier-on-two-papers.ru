# finds: https://w3id.org/efficient-llm-kg/paper/arxiv-2305.14314
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX paper: <https://w3id.org/efficient-llm-kg/paper/>

INSERT DATA { paper:arxiv-2305.14314 dcterms:identifier "arXiv:2106.09685" }
