"""A value that goes where no value fits is told, as one that is written out there is."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import codes, validated

CROSSED: Final = {"type": "integer", "minimum": 5, "maximum": 4}
INPUTS: Final = {"type": "object", "properties": {"size": {"type": "integer"}, "order": {"type": "object"}}}


def _body(schema: Any) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _order(size: Any, *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": {"size": size}, "required": list(required)}


def _told(step: dict[str, Any], operation: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = validated(step, operation, workflow={"inputs": {**INPUTS, "required": ["size", "order"]}})
    return [(each.severity.value, each.code, each.message) for each in found]


@pytest.mark.parametrize(("required", "severity"), [(["size"], "error"), ([], "warning")])
def test_a_member_that_takes_no_value_is_an_error_where_it_must_be_there(required: list[str], severity: str) -> None:
    step = {"requestBody": {"payload": {"size": "$inputs.size"}}}
    ((told, code, message),) = _told(step, _body(_order(CROSSED, *required)))
    assert (told, code) == (severity, "type-refused")
    assert message == (
        "`$inputs.size` goes to `size` of the payload of operation `tried`, which takes no value:"
        " `minimum` is 5 and `maximum` 4"
    )


def test_a_parameter_that_takes_no_value_is_told() -> None:
    described = {
        "name": "size",
        "in": "query",
        "required": True,
        "schema": {"type": "string", "minLength": 9, "maxLength": 3},
    }
    step = {"parameters": [{"name": "size", "in": "query", "value": "$inputs.size"}]}
    ((severity, code, message),) = _told(step, {"parameters": [described]})
    assert (severity, code) == ("error", "type-refused")
    assert message.endswith(
        "query parameter `size` of operation `tried`, which takes no value: `minLength` is 9 and `maxLength` 3"
    )


def test_a_whole_body_of_which_a_required_member_takes_no_value_is_told() -> None:
    step = {"requestBody": {"payload": "$inputs.order"}}
    ((_, _, message),) = _told(step, _body(_order(CROSSED, "size")))
    assert message.endswith("which takes no value: its member `size`: `minimum` is 5 and `maximum` 4")


_NODE: Final = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}, "required": ["next"]}
_TEXT: Final = {"type": "string"}
_NOTHING: Final = False
_EMPTY: Final[dict[str, tuple[Any, str]]] = {
    "false": (False, "its schema is `false`"),
    "no value at all": ({"not": {}}, "`not` excludes every value"),
    "types apart": (
        {"allOf": [_TEXT, {"type": "object"}]},
        "nothing is of `type: string` and `type: object` at once",
    ),
    "types apart, by a reference": (
        {"allOf": [{"$ref": "#/components/schemas/Node"}, _TEXT]},
        "nothing is of `type: object` and `type: string` at once",
    ),
    "bounds of two schemas": (
        {"allOf": [{"type": "integer", "minimum": 5}, {"type": "integer", "maximum": 3}]},
        "`minimum` is 5 and `maximum` 3",
    ),
    "each alternative": (
        {"oneOf": [CROSSED, False]},
        "each of its `oneOf`, of which the first: `minimum` is 5 and `maximum` 4",
    ),
    "elements": ({"type": "array", "minItems": 1, "items": CROSSED}, "its elements: `minimum` is 5 and `maximum` 4"),
    "a member that is not allowed": (
        {"type": "object", "required": ["size"], "additionalProperties": False},
        "its member `size` must be there, and is not allowed",
    ),
    "a member that is false": (_order(_NOTHING, "size"), "its member `size`: its schema is `false`"),
    "itself": (_NODE, "its member `next`: its member `next`: it would have to hold itself without end"),
}


@pytest.mark.parametrize(("schema", "why"), _EMPTY.values(), ids=_EMPTY)
def test_a_schema_that_no_value_fits_is_told_however_it_comes_about(schema: Any, why: str) -> None:
    step, inputs = {"requestBody": {"payload": "$inputs.order"}}, {"properties": {"order": {}}, "required": ["order"]}
    components = {"schemas": {"Node": _NODE}}
    (found,) = validated(step, _body(schema), workflow={"inputs": {"type": "object", **inputs}}, components=components)
    assert (found.severity.value, found.code) == ("error", "type-refused")
    assert found.message.endswith(f"which takes no value: {why}")


@pytest.mark.parametrize(
    "operation",
    [
        _body(_order(CROSSED)),
        _body({"oneOf": [_order(CROSSED, "size"), _order({}, "size")]}),
        _body(_order({"anyOf": [CROSSED, {"type": "string"}]}, "size")),
        _body(_order({"type": "integer", "minimum": 4, "maximum": 4}, "size")),
        _body(_order({**CROSSED, "nullable": True}, "size")),
        _body(_order({"type": "string", "enum": [1]}, "size")),
        _body(_order({"type": "array", "items": CROSSED}, "size")),
        _body({"type": "object", "properties": {"next": {"$ref": "#/x"}}, "required": ["next"]}),
        _body({"type": "object", "properties": {"next": {"oneOf": [_NODE, {"type": "null"}]}}, "required": ["next"]}),
        _body({"allOf": [_order({}), {"required": ["other"]}], "additionalProperties": False}),
    ],
)
def test_where_some_value_fits_nothing_is_told(operation: dict[str, Any]) -> None:
    found = _told({"requestBody": {"payload": "$inputs.order"}}, operation)
    assert not [each for each in found if each[1] != "reference-not-found"]


def test_the_fix_of_a_value_that_is_written_out_is_no_empty_range() -> None:
    step = {"requestBody": {"payload": {"size": 5}}}
    (finding,) = validated(step, _body(_order(CROSSED, "size")))
    assert codes((finding,)) == [("error", "literal-refused")]
    assert finding.fix == "correct the API description, which no value fits: `minimum` is 5 and `maximum` 4"


def test_a_member_that_is_written_out_where_the_schema_is_false_is_told() -> None:
    (finding,) = validated({"requestBody": {"payload": {"size": 5}}}, _body(_order(_NOTHING, "size")))
    assert codes((finding,)) == [("error", "literal-refused")]
    assert finding.message == "`size` of the payload is not allowed, as operation `tried` describes it"
