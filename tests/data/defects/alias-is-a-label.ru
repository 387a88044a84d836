# finds: https://w3id.org/efficient-llm-kg/technique/awq
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX technique: <https://w3id.org/efficient-llm-kg/technique/>

INSERT DATA { technique:awq skos:altLabel "gptq" }
