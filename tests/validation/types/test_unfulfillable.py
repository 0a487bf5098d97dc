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


@pytest.mark.parametrize(
    "operation",
    [
        _body(_order(CROSSED)),
        _body({"oneOf": [_order(CROSSED, "size"), _order({}, "size")]}),
        _body(_order({"anyOf": [CROSSED, {"type": "string"}]}, "size")),
        _body(_order({"type": "integer", "minimum": 4, "maximum": 4}, "size")),
    ],
)
def test_where_some_value_fits_nothing_is_told(operation: dict[str, Any]) -> None:
    assert _told({"requestBody": {"payload": "$inputs.order"}}, operation) == []


def test_the_fix_of_a_value_that_is_written_out_is_no_empty_range() -> None:
    step = {"requestBody": {"payload": {"size": 5}}}
    (finding,) = validated(step, _body(_order(CROSSED, "size")))
    assert codes((finding,)) == [("error", "literal-refused")]
    assert finding.fix == "correct the API description, which no value fits: `minimum` is 5 and `maximum` 4"
