"""The rules on what a step sends: parameters, bodies, headers, and the values in them.

A code is added as ``rule`` says: one entry of this table, in its place by the alphabet.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.diagnostic_codes.rule import Code, Example, Home

RULES: Final[dict[str, Code]] = {
    "body-undescribed": Code(
        summary="a step sends a body that its operation does not describe",
        why="the API may pass it over or refuse it, and what was meant by it does not happen",
        clause="OpenAPI, Operation Object, requestBody",
        fix="send what the operation takes; if the body is meant as it stands, describe it in the API description",
        example=Example(
            Home.DOCUMENT,
            "contentType: application/x-www-form-urlencoded",
            "contentType: application/json",
        ),
        severity="warning",
    ),
    "header-refused": Code(
        summary="a step sets a header that is not its own to set, or none at all",
        why=("what frames a message is written by who sends it, so that no two readers find different messages in it"),
        clause="RFC 9110; RFC 9112",
        fix="remove the parameter: the header is written by who sends the message",
        example=Example(
            Home.DOCUMENT,
            "parameters:\n- { name: Transfer-Encoding, in: header, value: chunked }\n- name: Authorization",
            "parameters:\n- name: Authorization",
        ),
    ),
    "number-rewritten": Code(
        summary="a number in a parameter is sent in another way than it is written",
        why="what has no quotes is a number, which is sent as any other is: without zeros, signs and exponents",
        clause="YAML 1.2.2, section 10.3.2; Arazzo 1.1.0, Parameter Object, value",
        fix="put it in quotes where the text is meant, as in a version or a code",
        example=Example(Home.DOCUMENT, "in: path\nvalue: 01234", "in: path\nvalue: '01234'"),
        severity="warning",
    ),
    "parameter-location": Code(
        summary="a parameter lacks its location, or has one where none may be",
        why="`in` MUST be given for an operation and says nothing for a workflow",
        clause="Arazzo 1.1.0, Parameter Object, in",
        fix="add `in`: path, query, header or cookie; a parameter of a workflow has none",
        example=Example(
            Home.DOCUMENT, "- name: note\n  value: $inputs.item", "- name: note\n  in: query\n  value: $inputs.item"
        ),
    ),
    "path-parameter-mismatch": Code(
        summary="a path parameter and the placeholders of the path do not match",
        why="each placeholder needs a value, and each path parameter a placeholder",
        clause="OpenAPI, Path Templating",
        fix="name the parameter as the placeholder of the path is called, and give each placeholder one",
        example=Example(
            Home.DOCUMENT,
            "- name: shop\n  in: path\n  value: $inputs.item\n- name: item\n  in: path",
            "- name: item\n  in: path",
        ),
    ),
    "quotes-sent": Code(
        summary="a value stands between the quotes that word processors set, which are sent with it",
        why="`“` and `”` are letters to YAML and JSON, where `'` and `\"` alone enclose a text",
        clause="YAML 1.2.2, section 7.3",
        fix="write the value without them, or between `'` and `'`",
        example=Example(Home.DOCUMENT, "in: path\nvalue: “item-1”", "in: path\nvalue: item-1"),
        severity="warning",
    ),
    "reference-in-a-value": Code(
        summary="an object that is nothing but a `$ref` stands where a value is sent",
        why=(
            "a value is sent as it is written: nothing in it is followed but runtime expressions, so that the API would"
            " be sent the `$ref` itself"
        ),
        clause="Arazzo 1.1.0, Request Body Object, payload; Parameter Object, value",
        fix="write what is meant in its place; if the API wants the `$ref` itself, describe it in its schema",
        example=Example(Home.DOCUMENT, "payload: { $ref: order.json }", "payload: { item: book }"),
    ),
    "replacement-target": Code(
        summary="the target of a payload replacement selects nothing, or cannot be resolved",
        why="the value would be sent nowhere, and the payload would go out without it",
        clause="Arazzo 1.1.0, Payload Replacement Object, target",
        fix="correct the target, or put the place into the payload",
        example=Example(Home.DOCUMENT, "- { target: /nte, value: hello }", "- { target: /item, value: hello }"),
    ),
    "request-body-malformed": Code(
        summary="a payload is not of the media type it is sent as",
        why="a body that is not what it claims to be is not sent",
        clause="Arazzo 1.1.0, Request Body Object, payload",
        fix="write the payload so that it is what its media type says, whatever the values are",
        example=Example(
            Home.DOCUMENT,
            "payload: '{\"item\": {$steps.find.outputs.id}}'",
            'payload: \'{"item": "{$steps.find.outputs.id}"}\'',
        ),
    ),
    "request-body-missing": Code(
        summary="an operation requires a request body, or members of one, and the step sends none",
        why=(
            "the operation requires a body, or describes one with required members; a step without any"
            " `requestBody` gets a warning, for the server may do without"
        ),
        clause="OpenAPI, Request Body Object, required",
        fix="put what is sent under `payload`",
        example=Example(
            Home.DOCUMENT,
            "requestBody:\n  contentType: application/json",
            "requestBody:\n  contentType: application/json\n  payload: { item: $steps.find.outputs.id }",
        ),
    ),
    "request-body-unsupported": Code(
        summary="a request body has a media type that the engine cannot write",
        why="the step's payload must become bytes of the operation's media type",
        clause="Arazzo 1.1.0, Request Body Object",
        fix="give a media type that the engine writes, or a payload that its media type can hold",
        example=Example(
            Home.DOCUMENT,
            "contentType: text/plain\npayload:\n  item: $steps.find.outputs.id",
            "contentType: application/json\npayload:\n  item: $steps.find.outputs.id",
        ),
    ),
    "required-parameter-missing": Code(
        summary="an operation's required parameter has no value",
        why="the operation declares the parameter as required, and no request is right without it",
        clause="OpenAPI, Parameter Object",
        fix="add a parameter with that name and place, or say in the description that it is optional",
        example=Example(
            Home.DOCUMENT,
            "parameters:  # and the operation requires a query parameter `shop`\n- name: item\n  in: path",
            "parameters:\n- name: shop\n  in: query\n  value: north\n- name: item\n  in: path",
        ),
    ),
    "text-sent-as-bytes": Code(
        summary="a text that is no base64 stands where bytes are sent",
        why="nothing says that it is base64, so that the bytes are those of the text, in UTF-8",
        clause="Arazzo 1.1.0, Request Body Object",
        fix="say `format: binary` of an input of its own if the bytes of a file are meant",
        example=Example(
            Home.DOCUMENT,
            "contentType: application/octet-stream\npayload: $inputs.item  # { type: string }",
            "contentType: application/octet-stream\npayload: $inputs.note  # { type: string, format: binary }",
        ),
        severity="warning",
    ),
    "value-missing": Code(
        summary="a request needs a value that was not there",
        why="nothing is sent with a hole in it",
        clause="Arazzo 1.1.0, Runtime Expressions",
        fix="make sure the value is there when the step runs, or leave the field out",
        example=Example(Home.ANSWER, '{"price": 3.5}', '{"id": "item-1", "price": 3.5}'),
    ),
    "value-unsendable": Code(
        summary="a value cannot stand in the part of a request where it belongs",
        why="a value must never change the route, the query or the header lines around it",
        clause="RFC 3986; RFC 9110",
        fix="send the value in the body, or encode it",
        example=Example(Home.ANSWER, '{"id": "a\\nb"}', '{"id": "item-1"}'),
    ),
}
