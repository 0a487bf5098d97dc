"""What a later version added is read in a document of an earlier one, and told; so is what says nothing to a run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.reading.description import DescriptionReading, read_description


def _read(step: dict[str, Any], **more: Any) -> DescriptionReading:
    steps = [{"stepId": "a", "operationId": "op"}, {"stepId": "b", "operationId": "op", **step}]
    value = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "s", "url": "s.yaml", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": steps}],
        **more,
    }
    return read_description(read_document(json.dumps(value), "file:///a.json"))


def test_a_field_of_1_1_means_in_a_document_of_1_0_what_it_means_there() -> None:
    read = _read({"dependsOn": ["a"], "timeout": 500})
    step = read.description.workflows[0].steps[1]
    assert ([each.step_id for each in step.depends_on], step.timeout) == (["a"], 500)
    assert [(each.code, each.severity.value, each.fix) for each in read.problems] == [
        ("repaired", "warning", f"`{name}` exists since Arazzo 1.1.0: set `arazzo: 1.1.0`")
        for name in ("dependsOn", "timeout")
    ]
    assert {each.kind for each in read.problems} == {"a field exists since Arazzo 1.1.0"}


def test_a_selector_is_an_output_in_a_document_of_1_0_too() -> None:
    selector = {"context": "$response.body", "selector": "$.id", "type": "jsonpath"}
    read = _read({"outputs": {"id": selector}})
    (problem,) = read.problems
    assert (problem.code, problem.severity.value, problem.fix) == ("repaired", "warning", "set `arazzo: 1.1.0`")
    outputs = read.description.workflows[0].steps[1].outputs or {}
    assert type(outputs["id"]).__name__ == "Selector"


@pytest.mark.parametrize(("value", "code"), [([1], "field-type"), (True, "repaired"), (3, "repaired")])
def test_an_output_is_no_value_of_its_own(value: object, code: str) -> None:
    assert code in [each.code for each in _read({"outputs": {"x": value}}).problems]


def test_by_which_schema_an_editor_checks_a_document_is_no_finding() -> None:
    schema = {"$schema": "https://spec.openapis.org/arazzo/1.0/schema/2025-10-15"}
    assert _read({}, **schema).problems == ()
    for elsewhere in (_read({}, **{"$schema": 1}), _read({}, info={"title": "t", "version": "1", **schema})):
        assert [(each.code, each.severity.value) for each in elsewhere.problems] == [("field-unknown", "warning")]


def test_what_is_said_of_a_document_and_the_components_of_other_formats_are_passed_over() -> None:
    info = {"title": "t", "version": "1", "contact": {"name": "me"}}
    read = _read({}, info=info, components={"schemas": {"A": {}}, "securitySchemes": {}})
    assert [(each.code, each.severity.value) for each in read.problems] == [("field-unknown", "warning")] * 3
    misspelt = _read({}, components={"parmeters": {}})
    assert [(each.code, each.severity.value) for each in misspelt.problems] == [("field-unknown", "error")]
