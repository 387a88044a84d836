# finds: https://w3id.org/efficient-llm-kg/framework/autogptq
PREFIX schema: <https://schema.org/>
PREFIX framework: <https://w3id.org/efficient-llm-kg/framework/>

DELETE WHERE { framework:autogptq schema:codeRepository ?repository }
