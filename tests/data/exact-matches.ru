# A chain from Wan by way of Rostam to Bai, and a heading of Ding that only sounds the same.
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX category: <https://w3id.org/efficient-llm-kg/category/>
PREFIX scheme: <https://w3id.org/efficient-llm-kg/scheme/>

INSERT DATA {
  category:bai-2024\/fewer-bits a kg:Category ;
    skos:prefLabel "Fewer Bits" ;
    skos:inScheme scheme:bai-2024 ;
    skos:exactMatch category:rostam-2024\/number-formats .
  category:rostam-2024\/number-formats a kg:Category ;
    skos:prefLabel "Number Formats" ;
    skos:inScheme scheme:rostam-2024 .
  category:wan-2023\/quantization skos:exactMatch category:rostam-2024\/number-formats .
  category:ding-2023\/quantization a kg:Category ;
    skos:prefLabel "Quantization" ;
    skos:inScheme scheme:ding-2023 ;
    skos:closeMatch category:wan-2023\/quantization .
  category:other-2025\/quantization a kg:Category ;
    skos:prefLabel "Quantization" ;
    skos:inScheme scheme:other-2025 .
}
