# finds: https://w3id.org/efficient-llm-kg/metric/robustness
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX metric: <https://w3id.org/efficient-llm-kg/metric/>

INSERT DATA { metric:robustness a kg:Metric ; rdfs:label "Robustness" }
