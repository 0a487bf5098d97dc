"""What a place takes, part by part: lists by their elements, objects by what they must have, texts by what they say."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import codes, validated

JSON: Final = "application/json"
THING: Final = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
ANSWER: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "thing": THING,
        "things": {"type": "array", "items": THING},
        "names": {"type": "array", "items": {"type": "string"}},
        "maybe": {"type": "array", "items": {"type": ["string", "null"]}},
        "state": {"type": "string", "enum": ["open"]},
        "rows": {"type": "array", "items": {"type": "array", "items": {"type": "boolean"}}},
        "count": {"type": "integer"},
        "text": {"type": "string"},
        "other": {"type": ["object", "string"]},
    },
}
FIRST: Final = {"responses": {"200": {"description": "ok", "content": {JSON: {"schema": ANSWER}}}}}
TEXTS: Final = {"type": "array", "items": {"type": "string"}}
PERSON: Final = {"type": "object", "required": ["id", "name"], "properties": {"id": {"type": "string"}}}


def _before(name: str) -> dict[str, Any]:
    return {"stepId": "find", "operationId": "op", "outputs": {"it": f"$response.body#/{name}"}}


@pytest.mark.parametrize(
    ("name", "schema", "why", "fix"),
    [
        ("things", TEXTS, "has elements of which each is an object", "give a text as each element"),
        ("names", {"type": "array", "items": THING}, "has elements of which each is a text", "give an object as each"),
        ("rows", {"type": "array", "items": TEXTS}, "has elements of which each has elements of which each is", "give"),
        ("thing", PERSON, "has a member `id` that is an integer", "give a text as `id`"),
        ("names", TEXTS, "", ""),
        ("maybe", TEXTS, "", ""),
        ("names", {"type": "array"}, "", ""),
        ("thing", {"type": "object", "properties": {"id": {"type": "string"}}}, "", ""),
        ("thing", {"anyOf": [PERSON, {"type": "object"}]}, "", ""),
    ],
)
def test_the_parts_of_what_is_sent_are_held_to_their_places(name: str, schema: Any, why: str, fix: str) -> None:
    body = {"required": True, "content": {JSON: {"schema": {"required": ["to"], "properties": {"to": schema}}}}}
    step = {"requestBody": {"contentType": JSON, "payload": {"to": "$steps.find.outputs.it"}}}
    found = validated(step, {"requestBody": body}, first=FIRST, before=_before(name))
    assert codes(found) == [("warning", "type-refused")] * bool(why)
    assert all(why in each.message and fix in each.fix for each in found)


@pytest.mark.parametrize(
    ("name", "schema", "severity"),
    [
        ("thing", {"type": "integer"}, "error"),
        ("thing", {"type": "string"}, "error"),
        ("names", {"type": "string"}, "warning"),
        ("things", {"type": "string"}, "error"),
        ("rows", {"type": "integer"}, "error"),
        ("names", TEXTS, None),
        ("things", TEXTS, "warning"),
        ("text", TEXTS, None),
        ("state", TEXTS, None),
        ("state", {"type": "array", "items": {"enum": ["closed"]}}, "warning"),
        ("count", {"type": "array", "items": {"type": "boolean"}}, "warning"),
        ("count", {"type": "object"}, "warning"),
        ("text", {"type": "object"}, None),
        ("other", {"type": "string"}, None),
        ("thing", {"type": "object"}, None),
    ],
)
def test_where_a_text_is_sent_a_list_or_an_object_is_told(name: str, schema: Any, severity: str | None) -> None:
    operation = {"parameters": [{"name": "q", "in": "query", "required": True, "schema": schema}]}
    step = {"parameters": [{"name": "q", "in": "query", "value": "$steps.find.outputs.it"}]}
    found = validated(step, operation, first=FIRST, before=_before(name))
    assert codes(found) == ([] if severity is None else [(severity, "type-refused")])


def test_each_output_by_which_a_value_comes_is_named() -> None:
    inner = {"workflowId": "inner", "steps": [_before("thing")], "outputs": {"deep": "$steps.find.outputs.it"}}
    before = {"stepId": "call", "workflowId": "inner", "outputs": {"it": "$outputs.deep"}}
    operation = {"parameters": [{"name": "q", "in": "query", "required": True, "schema": {"type": "integer"}}]}
    step = {"parameters": [{"name": "q", "in": "query", "value": "$steps.call.outputs.it"}]}
    (found,) = validated(step, operation, first=FIRST, before=before, others=[inner])
    named = [each.location.pointer for each in found.related if each.message == "by this output"]
    assert named == [
        "/workflows/0/steps/0/outputs/it",
        "/workflows/1/outputs/deep",
        "/workflows/1/steps/0/outputs/it",
    ]


BYTES: Final = "application/octet-stream"


@pytest.mark.parametrize(
    ("schema", "content_type", "required", "severity", "fix"),
    [
        ({"type": "object"}, BYTES, True, "error", "{type: string, format: binary}"),
        ({"type": "array"}, "image/png", True, "error", "{type: string, format: binary}"),
        ({"type": "object"}, "text/plain", True, "error", "{type: string}"),
        ({"type": "object"}, BYTES, False, "warning", "{type: string, format: binary}"),
        ({"type": "integer"}, BYTES, True, "error", "{type: string, format: binary}"),
        ({"type": "integer"}, "text/plain", True, None, ""),
        ({"type": ["object", "string"]}, BYTES, True, None, ""),
        ({"type": "string", "format": "binary"}, BYTES, True, None, ""),
        ({}, BYTES, True, None, ""),
        ({"type": "object"}, "application/json", True, None, ""),
    ],
)
@pytest.mark.parametrize("is_said", [True, False])
def test_an_input_that_no_body_of_bytes_can_be_is_told_where_it_is_sent(
    schema: Any, content_type: str, required: str, severity: str | None, fix: str, *, is_said: bool
) -> None:
    workflow = {"inputs": {"type": "object", "properties": {"it": schema}}}
    body = {**({"contentType": content_type} if is_said else {}), "payload": "$inputs.it"}
    described = {"requestBody": {"required": required, "content": {content_type: {}}}}
    found = validated({"requestBody": body}, described, workflow=workflow)
    assert codes(found) == ([] if severity is None else [(severity, "type-refused")])
    assert [each.fix for each in found] == [f"write `{fix}` as the schema of `$inputs.it`"] * len(found)


def test_an_input_that_decides_the_media_type_is_left_to_the_run() -> None:
    workflow = {"inputs": {"type": "object", "properties": {"it": {"type": "object"}}}}
    described: dict[str, Any] = {"requestBody": {"content": {BYTES: {}, "application/x-www-form-urlencoded": {}}}}
    assert codes(validated({"requestBody": {"payload": "$inputs.it"}}, described, workflow=workflow)) == []
