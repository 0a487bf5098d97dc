"""A schema that is referred to and is not there is told once, where a document sends or reads what it describes."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import codes, validated

_JSON: Final = "application/json"
_LIST: Final = {"type": "array", "items": {"$ref": "#/components/schemas/Thng"}}
_ANSWER: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"thing": {"$ref": "#/components/schemas/Thng"}, "things": _LIST, "id": {"type": "string"}},
}
_BODY: Final = {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Lost"}, "b": {}}}


def _operation(answer: Any = None, body: Any = None) -> dict[str, Any]:
    content = {} if answer is None else {"content": {_JSON: {"schema": answer}}}
    sent = {} if body is None else {"requestBody": {"content": {_JSON: {"schema": body}}}}
    return {"responses": {"200": {"description": "ok", **content}}, **sent}


def _told(step: dict[str, Any], operation: dict[str, Any]) -> list[tuple[str, str]]:
    found = validated(step, operation, components={"schemas": {"Thing": {"type": "object"}}})
    assert codes(found) == [("warning", "reference-not-found")] * len(found)
    return [(each.message, each.fix) for each in found]


_LOST: Final = (
    "`#/components/schemas/Lost` leads nowhere: there is no `Lost`; the schema is left out",
    "define `Lost` there, or correct the `$ref`",
)
_THING: Final = (
    "`#/components/schemas/Thng` leads nowhere: there is no `Thng`; the schema is left out",
    "did you mean `Thing`?",
)


@pytest.mark.parametrize(
    ("payload", "body"),
    [
        ({"a": 1}, {"$ref": "#/components/schemas/Lost"}),
        ({"a": "$inputs.sku"}, _BODY),
        ({"a": {"b": 1}}, _BODY),
        ([{"a": 1}], {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/Lost"}]}}),
    ],
)
def test_what_is_sent_under_it_is_not_checked(payload: Any, body: Any) -> None:
    assert _told({"requestBody": {"contentType": _JSON, "payload": payload}}, _operation(body=body)) == [_LOST]


@pytest.mark.parametrize(
    "step",
    [
        {"outputs": {"name": "$response.body#/thing/name"}},
        {"outputs": {"whole": "$response.body#/thing", "first": "$response.body#/things/0/id"}},
        {"successCriteria": [{"condition": "$response.body#/things/0/id == 'a'"}]},
    ],
)
def test_what_is_read_there_is_not_known(step: dict[str, Any]) -> None:
    assert _told(step, _operation(_ANSWER)) == [_THING]


def test_several_are_told_in_the_order_of_their_names_whichever_is_come_to_first() -> None:
    lost = {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Lost"}, **_ANSWER["properties"]}}
    for outputs in (["thing", "a"], ["a", "thing"]):
        step = {"outputs": {name: f"$response.body#/{name}/name" for name in outputs}}
        assert _told(step, _operation(lost)) == [_LOST, _THING]


def test_a_parameter_whose_schema_is_not_there() -> None:
    described = {"name": "q", "in": "query", "schema": {"$ref": "#/components/schemas/Lost"}}
    step = {"parameters": [{"name": "q", "in": "query", "value": "$inputs.sku"}]}
    assert _told(step, {**_operation(), "parameters": [described]}) == [_LOST]


@pytest.mark.parametrize(
    ("step", "operation"),
    [
        ({"outputs": {"id": "$response.body#/id"}}, _operation(_ANSWER)),
        ({"requestBody": {"contentType": _JSON, "payload": {"b": 1}}}, _operation(body=_BODY)),
        ({"outputs": {"name": "$response.body#/thing/name"}}, _operation({"$ref": "https://other.example/thing.json"})),
    ],
)
def test_what_nobody_sends_or_reads_and_what_is_not_followed_is_not_told(
    step: dict[str, Any], operation: dict[str, Any]
) -> None:
    assert _told(step, operation) == []
