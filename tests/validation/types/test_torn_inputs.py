"""An input that goes to two places of which no listed value fits both."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import Findings, codes, validated

JSON: Final = "application/json"


def _query(schema: Any) -> dict[str, Any]:
    return {"parameters": [{"name": "kind", "in": "query", "required": True, "schema": schema}]}


def _body(schema: Any) -> dict[str, Any]:
    whole = {"type": "object", "properties": {"kind": schema}}
    return {"requestBody": {"required": True, "content": {JSON: {"schema": whole}}}}


_SENT: Final = {"parameters": [{"name": "kind", "in": "query", "value": "$inputs.it"}]}
_IN_BODY: Final = {"requestBody": {"contentType": JSON, "payload": {"kind": "$inputs.it"}}}
A: Final = {"type": "string", "enum": ["a"]}
B: Final = {"type": "string", "enum": ["b", "c"]}


def _found(first: Any, second: Any, before: Any = _SENT, step: Any = _SENT, **rest: Any) -> Findings:
    inputs = rest.pop("inputs", {"type": "object", "properties": {"it": {"type": "string"}}})
    described = _body(first) if "requestBody" in before else _query(first)
    tried = _query(second) if step.get("requestBody") is None else _body(second)
    earlier = {"stepId": "find", "operationId": "op", **before, **rest.pop("more", {})}
    return validated(step, tried, first=described, before=earlier, workflow={"inputs": inputs, **rest})


@pytest.mark.parametrize("openapi", ["3.1.0", "3.0.3"])
def test_an_input_of_which_no_value_fits_both_of_its_places_is_a_warning(openapi: str) -> None:
    earlier = {"stepId": "find", "operationId": "op", **_SENT}
    workflow = {"inputs": {"type": "object", "properties": {"it": {"type": "string"}}}}
    (found,) = validated(_SENT, _query(B), first=_query(A), before=earlier, workflow=workflow, openapi=openapi)
    assert (found.severity.value, found.code) == ("warning", "type-refused")
    assert found.message == (
        "`$inputs.it` goes to query parameter `kind` of operation `op`, which takes `'a'`, and to query parameter"
        " `kind` of operation `tried`, which takes one of `'b'`, `'c'`: no value fits both"
    )
    assert found.fix == "write one of `'b'`, `'c'` here"
    assert found.location is not None
    assert found.location.pointer == "/workflows/0/steps/1/parameters/0/value"


@pytest.mark.parametrize("second", [{"const": "d"}, {"allOf": [B]}, {"oneOf": [B, {"const": "d"}]}], ids=str)
def test_members_of_payloads_are_such_places_too(second: Any) -> None:
    assert codes(_found(A, second, step=_IN_BODY)) == [("warning", "type-refused")]
    assert codes(_found(A, second, before=_IN_BODY)) == [("warning", "type-refused")]


_ONE: Final = {"name": "on", "type": "goto", "stepId": "tried", "criteria": [{"condition": "$inputs.it == 'a'"}]}


@pytest.mark.parametrize(
    ("first", "second", "rest"),
    [
        (A, {"type": "string", "enum": ["b", "a"]}, {}),
        (A, {"type": "string"}, {}),
        ({"type": "integer", "enum": [1]}, {"type": "string", "enum": ["1"]}, {}),
        (A, {"type": "array", "items": B}, {}),
        (A, B, {"more": {"onSuccess": [_ONE]}}),
        (A, B, {"more": {"successCriteria": [{"condition": "$statusCode == 400"}]}}),
        (A, B, {"more": {"successCriteria": [{"context": "$statusCode", "type": "regex", "condition": "^4"}]}}),
    ],
)
def test_places_that_may_have_a_value_in_common_are_not_told(first: Any, second: Any, rest: dict[str, Any]) -> None:
    assert not [each for each in _found(first, second, **rest) if each.code == "type-refused"]


def test_a_value_that_one_of_the_places_refuses_anyway_is_told_once() -> None:
    inputs = {"type": "object", "properties": {"it": A}}
    (found,) = _found(A, B, inputs=inputs)
    assert (found.severity.value, found.fix) == ("error", "give one of `'b'`, `'c'`")


def test_a_parameter_of_the_workflow_is_given_in_its_steps() -> None:
    (found,) = _found(A, B, {}, {}, parameters=_SENT["parameters"])
    assert found.fix == "give each of the steps a value of its own"
