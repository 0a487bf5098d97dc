"""What neighbouring formats write where Arazzo has another form: read as what it means, where it means one thing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.repairs.repairing import read_repaired

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic

_TEXT = {"type": "string"}
_NEEDED = {**_TEXT, "required": True}
_LISTS = "an object lists the properties that it requires"
_IDLE = {**_TEXT, "required": False}


def _read(workflow: dict[str, Any], *more: dict[str, Any]) -> tuple[Any, tuple[Diagnostic, ...]]:
    whole = {"workflowId": "w", "inputs": {}, "steps": [{"stepId": "a", "operationId": "op"}], **workflow}
    text = json.dumps({"arazzo": "1.0.1", "workflows": [whole, *more]})
    repaired, problems = read_repaired(read_document(text, "file:///a.json"))
    return repaired.value["workflows"][0], problems


def _told(problems: tuple[Diagnostic, ...]) -> list[tuple[str, str, str]]:
    return [(each.location.pointer if each.location else "", each.message, each.fix) for each in problems]


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ({"a": _NEEDED, "b": _TEXT}, {"properties": {"a": _TEXT, "b": _TEXT}, "required": ["a"]}),
        ({"a": _IDLE}, {"properties": {"a": _TEXT}}),
        (
            {"a": {"type": "object", "required": True, "properties": {"b": _NEEDED}}},
            {
                "properties": {"a": {"type": "object", "properties": {"b": _TEXT}, "required": ["b"]}},
                "required": ["a"],
            },
        ),
        (
            {"a": {"type": "array", "items": {"properties": {"b": _NEEDED}}}},
            {"properties": {"a": {"type": "array", "items": {"properties": {"b": _TEXT}, "required": ["b"]}}}},
        ),
        ({"required": {"type": "boolean"}}, {"properties": {"required": {"type": "boolean"}}}),
    ],
)
def test_a_property_that_says_that_it_is_required_is_listed(found: dict[str, Any], written: dict[str, Any]) -> None:
    workflow, _ = _read({"inputs": {"type": "object", "properties": found}})
    assert workflow["inputs"] == {"type": "object", **written}


def test_the_properties_that_are_required_are_listed_behind_those_that_are() -> None:
    schema = {"required": ["b"], "properties": {"a": _NEEDED, "b": _NEEDED}}
    assert _read({"inputs": schema})[0]["inputs"] == {"required": ["b", "a"], "properties": {"a": _TEXT, "b": _TEXT}}


@pytest.mark.parametrize(
    "schema",
    [{"required": ["a"], "properties": {"a": _IDLE}}, {"required": True, "properties": {"a": _NEEDED}}],
)
def test_where_the_list_says_otherwise_nothing_is_moved(schema: dict[str, Any]) -> None:
    assert _read({"inputs": schema}) == ({**_read({})[0], "inputs": schema}, ())


def test_each_property_that_says_so_is_told_where_it_stands() -> None:
    _, problems = _read({"inputs": {"type": "object", "properties": {"a": _NEEDED, "b": _IDLE}}})
    at = "/workflows/0/inputs/properties"
    assert _told(problems) == [
        (
            f"{at}/a/required",
            f"`required: true` of property `a` is read as `a` in the `required` of its object: {_LISTS}",
            "remove it, and add `a` to the `required` beside `properties`",
        ),
        (
            f"{at}/b/required",
            f"`required: false` of property `b` is left out: {_LISTS}",
            "remove it",
        ),
    ]


def test_inputs_without_properties_are_read_whole_and_written_one_after_the_other() -> None:
    workflow, (inputs, needed) = _read({"inputs": {"a": _NEEDED}})
    assert workflow["inputs"] == {"type": "object", "properties": {"a": _TEXT}, "required": ["a"]}
    assert inputs.edits
    assert (needed.edits, needed.location and needed.location.pointer) == ((), "/workflows/0/inputs/a/required")


_FAILING = {"stepId": "a", "operationId": "op", "continueOnError": True}
_NEXT = {"stepId": "b", "operationId": "op"}
_GO_ON = {"name": "go-on", "type": "goto", "stepId": "b"}
_ENTRY = "`{name: go-on, type: goto, stepId: b}`"
_BY_ACTION = "a step that fails goes on by an action"
_AGAIN = {"name": "again", "type": "retry", "retryLimit": 2}


@pytest.mark.parametrize("failing", [[], [_AGAIN], [{"name": "x", "type": "end", "criteria": [{"condition": "$a"}]}]])
def test_a_step_that_continues_on_errors_goes_to_the_next_one(failing: list[Any]) -> None:
    step = {**_FAILING, **({"onFailure": failing} if failing else {})}
    workflow, problems = _read({"steps": [step, _NEXT]})
    assert workflow["steps"][0] == {"stepId": "a", "operationId": "op", "onFailure": [*failing, _GO_ON]}
    assert _told(problems) == [
        (
            "/workflows/0/steps/0/continueOnError",
            f"`continueOnError: true` is read as the entry {_ENTRY} at the end of `onFailure`: {_BY_ACTION}",
            f"write {_ENTRY} at the end of `onFailure`, and remove `continueOnError`",
        )
    ]


@pytest.mark.parametrize(
    "workflow",
    [
        {"steps": [_NEXT, _FAILING]},
        {"steps": [{**_FAILING, "continueOnError": "$inputs.x"}, _NEXT]},
        {"steps": [{**_FAILING, "onFailure": [{"name": "x", "type": "end"}]}, _NEXT]},
        {"steps": [{**_FAILING, "onFailure": [{"reference": "$components.failureActions.x"}]}, _NEXT]},
        {"steps": [{**_FAILING, "onSuccess": [{"name": "x", "type": "end"}]}, _NEXT]},
        {"steps": [_FAILING, _NEXT], "failureActions": [_AGAIN]},
    ],
)
def test_where_more_may_be_meant_no_step_continues(workflow: dict[str, Any]) -> None:
    read, problems = _read(workflow)
    assert (read["steps"], problems) == (workflow["steps"], ())


def test_what_a_workflow_is_called_with_are_its_parameters() -> None:
    step = {"stepId": "a", "workflowId": "v", "inputs": {"name": "x", "of": {"id": 1}}}
    workflow, problems = _read({"steps": [step]})
    listed = [{"name": "name", "value": "x"}, {"name": "of", "value": {"id": 1}}]
    assert workflow["steps"] == [{"stepId": "a", "workflowId": "v", "parameters": listed}]
    assert [each.fix for each in problems] == [
        'write `parameters: [{"name":"name","value":"x"},{"name":"of","value":{"id":1}}]`'
    ]


@pytest.mark.parametrize(
    "step",
    [
        {"operationId": "op", "inputs": {"a": 1}},
        {"workflowId": "v", "inputs": {"name": "a", "value": 1}},
        {"workflowId": "v", "inputs": {"type": "object", "properties": {"a": {}}}},
        {"workflowId": "v", "inputs": {"a": {"type": "string"}}},
        {"workflowId": "v", "inputs": {"a": 1}, "parameters": [{"name": "a", "value": 2}]},
    ],
)
def test_what_may_be_something_else_is_no_parameter(step: dict[str, Any]) -> None:
    assert _read({"steps": [{"stepId": "a", **step}]})[0]["steps"] == [{"stepId": "a", **step}]


@pytest.mark.parametrize(("found", "written"), [("v", ["v"]), ("v, u", "v, u"), (["v"], ["v"]), ({}, {})])
def test_one_workflow_that_another_depends_on_is_a_list_of_one(found: Any, written: Any) -> None:
    assert _read({"dependsOn": found}, {"workflowId": "v", "steps": []})[0]["dependsOn"] == written


def _called(**step: Any) -> Any:
    document = {"arazzo": "1.0.1", "workflows": [{"workflowId": "w", "steps": [{"stepId": "s", **step}]}]}
    found = read_repaired(read_document(json.dumps(document), "file:///a.json"))[0].value
    return {name: each for name, each in found["workflows"][0]["steps"][0].items() if name != "stepId"}


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("operationRef", "findItem", "operationId"),
        ("operation_ref", "findItem", "operationId"),
        ("operationRef", "./api.yaml#/paths/~1items/get", "operationPath"),
    ],
)
def test_what_a_step_calls_is_read_by_what_stands_there(name: str, written: str, meant: str) -> None:
    assert _called(**{name: written}) == {meant: written}


@pytest.mark.parametrize("written", ["./api.yaml#/paths/~1items/get", "findItem"])
def test_what_stands_beside_a_call_is_none(written: str) -> None:
    step = {"operationId": "find", "operationRef": written}
    assert _called(**step) == step
