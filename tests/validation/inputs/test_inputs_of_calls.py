"""A workflow that is called without the inputs that its requests are made of is told where it is called."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import codes, validated

_BODY: Final = {"required": True, "content": {"application/json": {"schema": {"type": "object", "required": ["sku"]}}}}


def _found(called: dict[str, Any], operation: dict[str, Any], given: list[str] | None = None, **inputs: Any) -> Any:
    declared = {"type": "object", "properties": {"sku": {}, "note": {}, **inputs}}
    other = {"workflowId": "other", "inputs": declared, "steps": [{"stepId": "send", "operationId": "tried", **called}]}
    parameters = [{"name": name, "value": f"$inputs.{name}"} for name in given or []]
    step = {"stepId": "call", "workflowId": "other", **({"parameters": parameters} if parameters else {})}
    rest = {"path": "/tried/{id}"} if "parameters" in called else {}
    return validated({}, operation, workflow={"steps": [step]}, others=[other], **rest)


def _sends(payload: Any) -> dict[str, Any]:
    return {"requestBody": {"contentType": "application/json", "payload": payload}}


@pytest.mark.parametrize("payload", ["$inputs.sku", {"sku": "$inputs.sku"}, {"sku": "s-{$inputs.sku}", "note": "x"}])
def test_an_input_that_a_body_is_made_of_is_told(payload: Any) -> None:
    (finding,) = _found(_sends(payload), {"requestBody": _BODY})
    assert codes((finding,)) == [("warning", "input-not-passed")]
    assert finding.message == "workflow `other` gets no `sku`, of which its step makes the request body"
    assert finding.fix == "add `{name: sku, value: $inputs.sku}` to the `parameters`"


def test_several_inputs_that_are_all_of_a_body_are_told_together() -> None:
    body = {"required": True, "content": {"application/json": {}}}
    (finding,) = _found(_sends({"a": "$inputs.sku", "b": "$inputs.note"}), {"requestBody": body})
    assert finding.message == "workflow `other` gets no `note`, `sku`, of which its step makes the request body"
    assert finding.fix == "add `{name: note, value: …}`, `{name: sku, value: $inputs.sku}` to the `parameters`"


@pytest.mark.parametrize(
    ("payload", "given", "inputs"),
    [
        # it is given, or has a default
        ({"sku": "$inputs.sku"}, ["sku"], {}),
        ({"sku": "$inputs.sku"}, [], {"sku": {"default": "a"}}),
        # what may be left out of a body that has something else
        ({"sku": "a", "note": "$inputs.note"}, [], {}),
        ({"sku": {"of": "$inputs.sku"}}, [], {}),
    ],
)
def test_what_is_given_or_may_be_left_out_is_not_told(payload: Any, given: list[str], inputs: Any) -> None:
    assert _found(_sends(payload), {"requestBody": _BODY}, given, **inputs) == ()


def test_a_body_that_may_be_left_out_is_not_told() -> None:
    assert _found(_sends("$inputs.sku"), {"requestBody": {**_BODY, "required": False}}) == ()


def test_an_input_that_a_required_parameter_is_made_of_is_told() -> None:
    parameter = {"name": "id", "in": "path", "value": "$inputs.sku"}
    described = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    (finding,) = _found({"parameters": [parameter]}, {"parameters": [described]})
    assert finding.message == "workflow `other` gets no `sku`, of which its step makes parameter `id`"


def test_a_step_that_may_not_run_is_not_told() -> None:
    steps = [
        {"stepId": "find", "operationId": "op", "onSuccess": [{"name": "stop", "type": "end"}]},
        {"stepId": "send", "operationId": "tried", **_sends("$inputs.sku")},
    ]
    declared = {"type": "object", "properties": {"sku": {}}}
    other = {"workflowId": "other", "inputs": declared, "steps": steps}
    call = {"stepId": "call", "workflowId": "other"}
    found = validated({}, {"requestBody": _BODY}, workflow={"steps": [call]}, others=[other])
    assert "input-not-passed" not in {each.code for each in found}
