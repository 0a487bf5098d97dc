"""A workflow's parameter goes to each step whose operation has a place for it, and to at least one of them."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import codes, validated

_PATH: Final[dict[str, Any]] = {"path": "/tried/{id}"}
_ID: Final = {"name": "id", "in": "path", "value": "a"}


def test_a_path_parameter_of_the_workflow_is_skipped_where_the_path_has_no_place_for_it() -> None:
    assert validated({}, workflow={"parameters": [_ID]}, **_PATH) == ()


def test_a_path_parameter_of_the_workflow_that_no_step_has_a_place_for_is_told() -> None:
    (finding,) = validated({}, workflow={"parameters": [_ID]})
    assert codes((finding,)) == [("error", "path-parameter-mismatch")]
    assert finding.message == "no path that the workflow's steps call has the placeholder `{id}`"


def test_one_that_is_misspelt_leaves_the_placeholder_without_a_value() -> None:
    findings = validated({}, workflow={"parameters": [{**_ID, "name": "idd"}]}, **_PATH)
    assert [(each.code, each.fix) for each in findings] == [
        ("path-parameter-mismatch", "did you mean `id`?"),
        ("path-parameter-mismatch", "add a parameter `id` with `in: path`"),
    ]


def test_a_step_of_its_own_with_a_parameter_that_has_no_place_is_told() -> None:
    (finding,) = validated({"parameters": [_ID]})
    assert finding.message == "`/tried` has no placeholder `{id}`"


def test_headers_and_queries_have_a_place_in_every_request() -> None:
    parameters = [{"name": "X-Any", "in": "header", "value": "a"}, {"name": "any", "in": "query", "value": "a"}]
    assert validated({}, workflow={"parameters": parameters}) == ()


def test_the_inputs_of_a_workflow_that_nobody_has_need_no_place() -> None:
    call = {"workflowId": "nowhere", "parameters": [{"name": "id", "value": "a"}]}
    steps = [{"stepId": "call", **call}]
    assert [each.code for each in validated({}, workflow={"steps": steps})] == ["unknown-workflow"]


# --- inputs that stand among the parameters ---

_THING: Final[dict[str, Any]] = {"name": "thing", "value": "p-1"}
_READ: Final[dict[str, Any]] = {"parameters": [{"name": "q", "in": "query", "value": "$inputs.thing"}]}
_ERROR: Final = "parameter `thing` of the workflow has no `in`, and its steps read it as an input"
_FIX: Final = 'write `inputs: {type: object, properties: {thing: {default: "p-1"}}}` in its place'


def _read_by(name: str) -> dict[str, Any]:
    return {"parameters": [{"name": "q", "in": "query", "value": f"$inputs.{name}"}]}


def _read(*parameters: dict[str, Any], last: Any = None, **rest: Any) -> list[tuple[str, str, str]]:
    """Return what is found in a workflow without inputs, of which two steps call an operation."""
    steps = [{"stepId": "one", "operationId": "op"}, {"stepId": "two", "operationId": "tried", **_READ}]
    workflow = {"workflowId": "v", "parameters": list(parameters), "steps": [*steps, *([last] if last else [])]}
    described = rest.pop("described", {})
    found = validated({}, described, others=[{**workflow, **rest.pop("fields", {})}], **rest)
    return [(each.severity.value, each.message, each.fix) for each in found]


@pytest.mark.parametrize("arazzo", ["1.0.1", "1.1.0"])
def test_one_that_is_read_as_an_input_is_told_once_with_the_input_to_write(arazzo: str) -> None:
    assert _read(_THING, arazzo=arazzo) == [("error", _ERROR, _FIX)]
    declared = {"inputs": {"type": "object", "properties": {"other": {}}, "required": ["other"]}}
    fix = 'have `thing: {default: "p-1"}` in the `properties` of `inputs` in its place'
    assert [each for each in _read(_THING, fields=declared) if "thing" in each[1]] == [("error", _ERROR, fix)]


def test_several_are_told_together() -> None:
    body = {"contentType": "application/json", "payload": {"n": "$inputs.count"}}
    last = {"stepId": "three", "operationId": "tried", "requestBody": body}
    (found,) = [each for each in _read(_THING, {"name": "count", "value": 2}, last=last) if each[0] == "error"]
    assert found[1].startswith("parameters `thing`, `count` of the workflow have no `in`, and its steps read them as")
    assert found[2].startswith(
        'write `inputs: {type: object, properties: {thing: {default: "p-1"}, count: {default: 2}}'
    )


def test_a_secret_is_no_default_of_the_input_to_write() -> None:
    token = {"name": "token", "value": "t-1"}
    last = {"stepId": "three", "operationId": "tried", **_read_by("token")}
    (found,) = [each for each in _read(token, last=last) if each[0] == "error"]
    assert found[2] == "write `inputs: {type: object, properties: {token: {}}}` in its place"


def test_the_input_that_is_to_be_written_makes_the_document_sound() -> None:
    assert _read(fields={"inputs": {"type": "object", "properties": {"thing": {"default": "p-1"}}}}) == []


def test_one_that_every_operation_has_a_place_for_is_sent_there_and_told() -> None:
    described = {"parameters": [{"name": "thing", "in": "query", "schema": {"type": "string"}}]}
    found = _read(_THING, first=described, described=described)
    assert ("warning", _ERROR, _FIX) in found
    assert {each[0] for each in found} == {"warning"}


def test_one_that_is_sent_and_read_by_no_step_as_an_input_is_told_once() -> None:
    described = {"parameters": [{"name": "thing", "in": "query", "schema": {"type": "string"}}]}
    inputs = {"type": "object", "properties": {"thing": {"type": "string"}}}
    steps = [{"stepId": "one", "operationId": "op"}, {"stepId": "two", "operationId": "tried"}]
    found = _read(_THING, first=described, described=described, fields={"inputs": inputs, "steps": steps})
    told = [each for each in found if "`thing`" in each[1]]
    assert [(severity, fix) for severity, _, fix in told] == [("warning", "add `in: query`")]
    assert "is read as one in `query`" in told[0][1]


def test_what_is_given_to_a_workflow_that_a_step_calls_is_no_input_of_this_one() -> None:
    found = _read(_THING, last={"stepId": "three", "workflowId": "w"})
    assert [each[1] for each in found if each[0] == "error" and "thing" in each[1]][:1] == [
        "parameter `thing` of the workflow has no `in`, and steps `one`, `two` call operations"
    ]
    assert not [each for each in found if "default" in each[2]]


def test_one_that_nobody_reads_is_told_once_for_all_steps() -> None:
    (found,) = [each for each in _read({"name": "other", "value": 1}) if each[0] == "error"]
    assert found[1:] == (
        "parameter `other` of the workflow has no `in`, and steps `one`, `two` call operations",
        "add `in`: path, query, header or cookie",
    )


# --- parameters that one of the steps gives ---

_OF_ONE: Final[dict[str, Any]] = {"name": "X-Token", "in": "header", "value": "$steps.one.outputs.token"}
_GIVES: Final[dict[str, Any]] = {
    "stepId": "one", "operationId": "op", "outputs": {"token": "$response.header.X-Token"},
}  # fmt: skip
_TAKES: Final[dict[str, Any]] = {"stepId": "two", "operationId": "tried"}


def _given(parameter: dict[str, Any], *steps: dict[str, Any], **rest: Any) -> list[tuple[str, str, str]]:
    fields = {"parameters": [parameter], "steps": list(steps)}
    return [(each.severity.value, each.message, each.fix) for each in validated({}, workflow=fields, **rest)]


@pytest.mark.parametrize("value", ["$steps.one.outputs.token", "Bearer {$steps.one.outputs.token}"])
@pytest.mark.parametrize("location", ["header", "query", "cookie"])
def test_one_that_a_step_gives_is_left_out_of_that_step(location: str, value: str) -> None:
    parameter = {**_OF_ONE, "in": location, "value": value}
    message = "parameter `X-Token` of the workflow is left out of step `one`, which gives it"
    fix = "write it among the `parameters` of step `two` alone"
    assert _given(parameter, _GIVES, _TAKES) == [("warning", message, fix)]
    # one of its own stands in its place
    own = {**_GIVES, "parameters": [{**parameter, "value": "none"}]}
    assert _given(parameter, own, _TAKES) == []
    several = [_TAKES, {**_TAKES, "stepId": "three"}]
    assert _given(parameter, _GIVES, *several)[0][2] == "write it among the `parameters` of steps `two`, `three` alone"
    assert _given(parameter, _GIVES)[0][2] == "remove the parameter"


_BEHIND: Final = "write the parameter among the `parameters` of the steps behind it that need it alone"


def test_one_that_the_operation_takes_has_no_value_at_the_step_that_gives_it() -> None:
    described = {"parameters": [{"name": "x-token", "in": "header", "schema": {"type": "string"}}]}
    ((severity, message, fix),) = _given(_OF_ONE, _GIVES, _TAKES, first=described)
    assert (severity, fix) == ("error", _BEHIND)
    assert message == "`$steps.one.outputs.token` has no value before the request is sent: the step itself has not run"


def test_one_that_the_step_may_have_at_its_next_visit_is_sent_then() -> None:
    back = {"name": "again", "type": "retry", "stepId": "one", "criteria": [{"condition": "$statusCode == 401"}]}
    told = _given(_OF_ONE, _GIVES, {**_TAKES, "onFailure": [back]})
    assert [(severity, "has no value when step `one` is sent first" in message) for severity, message, _ in told] == [
        ("warning", True)
    ]
    bearer = {**_OF_ONE, "value": "Bearer {$steps.one.outputs.token}"}
    ((severity, _, fix),) = _given(bearer, _GIVES, {**_TAKES, "onFailure": [back]})
    assert (severity, fix) == ("error", _BEHIND)
