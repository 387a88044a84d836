# finds: https://w3id.org/efficient-llm-kg/category/wan-2023/quantization
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX category: <https://w3id.org/efficient-llm-kg/category/>

DELETE WHERE { category:wan-2023\/quantization skos:inScheme ?scheme }
