"""The rules on what a step refers to: documents, operations, references and servers.

A code is added as ``rule`` says: one entry of this table, in its place by the alphabet.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.diagnostic_codes.rule import Code, Example, Home
from arazzo_engine.edits import Applicability

RULES: Final[dict[str, Code]] = {
    "api-malformed": Code(
        summary="an API description is not as OpenAPI requires where a step needs it",
        why="a request cannot be built from a description that cannot be understood",
        clause="OpenAPI",
        fix="correct the API description where the finding shows it",
        example=Example(
            Home.DESCRIPTION,
            "parameters: { item: string }",
            "parameters:\n- { name: item, in: path, required: true, schema: { type: string } }",
        ),
    ),
    "operation-ambiguous": Code(
        summary="an operation id is defined more than once",
        why="the step must name one operation, and this name has several",
        clause="Arazzo 1.1.0, Step Object, operationId",
        fix="name one operation by its place, with `operationPath`",
        example=Example(
            Home.DESCRIPTION,
            "/refunds:\n  post: { operationId: chargeCustomer, responses: {} }",
            "/refunds:\n  post: { operationId: refundCustomer, responses: {} }",
        ),
    ),
    "operation-not-found": Code(
        summary="a step names an operation that does not exist",
        why="an operation must exist in one of the sourceDescriptions",
        clause="Arazzo 1.1.0, Step Object",
        fix="correct the operationId, or add the description that has it to `sourceDescriptions`",
        example=Example(Home.DOCUMENT, "operationId: chargeCustomers", "operationId: chargeCustomer"),
        safety=Applicability.UNSAFE,
    ),
    "operation-path-invalid": Code(
        summary="an operationPath does not have the form that names an operation",
        why="an operationPath is a source description's url and a JSON Pointer to an operation",
        clause="Arazzo 1.1.0, Step Object, operationPath",
        fix="write `{$sourceDescriptions.<name>.url}#/paths/~1<path>/<method>`",
        example=Example(
            Home.DOCUMENT,
            "operationPath: /items/{id}/x",
            "operationPath: '{$sourceDescriptions.shopApi.url}#/paths/~1items~1{item}/get'",
        ),
    ),
    "operation-unqualified": Code(
        summary="an operation id does not say which of several source descriptions it means",
        why="with several source descriptions the operationId MUST be a runtime expression",
        clause="Arazzo 1.1.0, Step Object, operationId",
        fix="write the source description in front: `$sourceDescriptions.<name>.<operationId>`",
        safety=Applicability.SAFE,
        example=Example(
            Home.DOCUMENT, "operationId: chargeCustomer", "operationId: $sourceDescriptions.shopApi.chargeCustomer"
        ),
        severity="warning",
    ),
    "reference-loop": Code(
        summary="references lead back to themselves",
        why="a chain of `$ref` that returns to its start names nothing",
        clause="OpenAPI, Reference Object",
        fix="let one of the references lead to an object that is written out",
        example=Example(
            Home.DESCRIPTION,
            "parameters:\n- $ref: '#/paths/~1items~1{item}/get/parameters/0'",
            "parameters:\n- { name: item, in: path, required: true, schema: { type: string } }",
        ),
    ),
    "reference-not-found": Code(
        summary="a `$ref` names nothing",
        why="a reference must lead to an existing value",
        clause="OpenAPI, Reference Object",
        fix="define what the reference names, or correct the reference",
        example=Example(
            Home.DESCRIPTION,
            "requestBody: { $ref: '#/components/requestBodies/charge' }",
            "requestBody: { required: true, content: { application/json: { schema: { type: object } } } }",
        ),
    ),
    "server-missing": Code(
        summary="an operation has no server to send requests to",
        why="the request's address comes from the API description's servers",
        clause="Arazzo 1.1.0, Relative References in API URLs",
        fix="add a server to the API description, or name one with `--server`",
        example=Example(
            Home.DESCRIPTION, "servers:\n- url: ftp://shop.example.com", "servers:\n- url: https://shop.example.com"
        ),
    ),
    "server-not-named": Code(
        summary="a source of a called document goes to its own server, while one like it goes to the user's",
        why="a server that is named for one source holds for that description alone, whoever calls it",
        fix="name the server of that source, too, or one server for all with `--server URL`",
        example=Example(Home.COMMAND, "--server shopApi=https://127.0.0.1", "--server https://127.0.0.1"),
        severity="warning",
        kind="usage",
    ),
    "server-relative": Code(
        summary="an operation's server is relative to a description on disk",
        why="a relative server is resolved against the description's own URL, and a file has no host",
        clause="OpenAPI, Server Object, url",
        fix="write the server with its host, or name it with `--server`",
        example=Example(Home.DESCRIPTION, "servers:\n- url: /v1", "servers:\n- url: https://shop.example.com/v1"),
    ),
    "server-variable": Code(
        summary="a server's URL has a variable without a usable value",
        why="each variable needs a value, one of its enum when it has one",
        clause="OpenAPI, Server Variable Object",
        fix="give the variable a value of its enum, in the description or with `--server-var`",
        example=Example(Home.COMMAND, "--server-var region=ue", "--server-var region=eu"),
    ),
    "source-not-found": Code(
        summary="a document cannot be loaded",
        why="every document that a workflow needs is loaded before the first request",
        clause="Arazzo 1.1.0, Source Description Object, url",
        fix="correct the url, or say where the document is with `--source` or `--source-dir`",
        example=Example(Home.DOCUMENT, "url: https://apis.internal/shop-api.yaml", "url: shop-api.yaml"),
    ),
    "source-type": Code(
        summary="a source description is not of the type it is said to be",
        why="a step can only use operations of a description that the engine can read",
        clause="Arazzo 1.1.0, Source Description Object, type",
        fix="correct the url, or the `type`, so that they are of one kind",
        example=Example(Home.DOCUMENT, "url: inputs.yaml\ntype: openapi", "url: shop-api.yaml\ntype: openapi"),
    ),
}
