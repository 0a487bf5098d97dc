"""All outputs named at once are an object of them, and one that is reached by way of all is named by itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.expressions.scope import Scope
from arazzo_engine.language.reading.description import read_description
from arazzo_engine.language.repairs.corrections import correct
from arazzo_engine.language.repairs.names import Names
from arazzo_engine.language.repairs.sites import Kind, Site
from arazzo_engine.language.templates import evaluate

_NAMES = Names(
    inputs=frozenset({"a", "b"}),
    steps={"s": frozenset({"x", "y"}), "none": frozenset(), "any": None},
    workflows={"v": frozenset({"z"}), "nothing": frozenset()},
    workflow="w",
    aliases={("v", "$steps.t.outputs.q"): "$workflows.v.outputs.z"},
)

WRITTEN: tuple[tuple[str, Any], ...] = (
    ("$steps.s.outputs", {"x": "$steps.s.outputs.x", "y": "$steps.s.outputs.y"}),
    ("$inputs", {"a": "$inputs.a", "b": "$inputs.b"}),
    ("$workflows.v.outputs", {"z": "$workflows.v.outputs.z"}),
    ("$steps.none.outputs", {}),
    ("$workflows.nothing.outputs", {}),
    ("$steps.s.outputs#/x", "$steps.s.outputs.x"),
    ("$steps.s.outputs#/x/0/n", "$steps.s.outputs.x#/0/n"),
    ("$steps.s.outputs['x']", "$steps.s.outputs.x"),
    ("$steps.s.outputs['x'].n[0]", "$steps.s.outputs.x#/n/0"),
    ('$inputs["a"]', "$inputs.a"),
    ("$inputs/a", "$inputs.a"),
    ("$workflows.w.steps.s.outputs.x", "$steps.s.outputs.x"),
    ("$workflow.steps.s.outputs.x", "$steps.s.outputs.x"),
    ("$workflow.inputs.a", "$inputs.a"),
    ("$workflows.v.steps.t.outputs.q#/n", "$workflows.v.outputs.z#/n"),
    ("$workflow.v.outputs.z", "$workflows.v.outputs.z"),
)


@pytest.mark.parametrize(("found", "written"), WRITTEN)
def test_what_is_meant_is_written_by_its_own_expression(found: str, written: Any) -> None:
    assert correct(Site(Kind.PARAMETER, found, ("x",), _NAMES))[0] == written


LEFT_ALONE = (
    "$steps.any.outputs",
    "$steps.gone.outputs",
    "$steps.s.outputs#/gone",
    "$workflows.v.steps.t.outputs.r",
    "$workflows.gone.steps.t.outputs.q",
    "$workflows.w.inputs.a",
)


@pytest.mark.parametrize("found", LEFT_ALONE)
def test_what_is_not_declared_is_left_alone(found: str) -> None:
    assert correct(Site(Kind.VALUE, found, ("x",), _NAMES)) == (found, ())


SELECTORS: tuple[tuple[str, Any], ...] = (
    ("$.x[0].n", {"context": "$steps.s.outputs.x", "selector": "$[0].n", "type": "jsonpath"}),
    ("$['y']..n", {"context": "$steps.s.outputs.y", "selector": "$..n", "type": "jsonpath"}),
    ("$.x", "$steps.s.outputs.x"),
    ("$.gone", None),
    ("$.*", None),
)


@pytest.mark.parametrize(("selector", "written"), SELECTORS)
def test_a_selector_of_all_outputs_is_one_of_the_output_that_it_names(selector: str, written: Any) -> None:
    found = {"context": "$steps.s.outputs", "selector": selector, "type": "jsonpath"}
    assert correct(Site(Kind.SELECTOR, found, ("x",), _NAMES))[0] == (written or found)


@pytest.mark.parametrize("version", ["1.0.1", "1.1.0"])
def test_all_outputs_of_a_step_may_be_one_output(version: str) -> None:
    step = {"stepId": "s", "operationId": "o", "outputs": {"x": "$response.body", "y": "$url"}}
    document = {
        "arazzo": version,
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "a", "url": "a.json"}],
        "workflows": [{"workflowId": "w", "steps": [step], "outputs": {"all": "$steps.s.outputs"}}],
    }
    read = read_description(read_document(json.dumps(document), "file:///w.json"))
    (problem,) = read.problems
    written = '{"x":"$steps.s.outputs.x","y":"$steps.s.outputs.y"}'
    reason = "each input or output is named by its own expression"
    assert problem.message == f"`$steps.s.outputs` is read as `{written}`: {reason}"
    outputs = read.description.workflows[0].outputs
    assert outputs is not None
    assert evaluate(outputs["all"], Scope(steps={"s": {"x": 1, "y": "u"}})) == {"x": 1, "y": "u"}


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("$steps.s.outputs", "give step `s` an output, as `body: $response.body`, and write `$steps.s.outputs.body`"),
        ("$workflows.o.outputs", "give workflow `o` an output, and write `$workflows.o.outputs.<name>`"),
    ],
)
def test_what_has_no_outputs_is_told_as_the_empty_object(text: str, fix: str) -> None:
    steps = [{"stepId": "s", "operationId": "o"}]
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "a", "url": "a.json"}],
        "workflows": [
            {"workflowId": "o", "steps": steps},
            {"workflowId": "w", "steps": steps, "outputs": {"all": text}},
        ],
    }
    (problem,) = read_description(read_document(json.dumps(document), "file:///w.json")).problems
    assert problem.message == f"`{text}` is read as `{{}}`: it has no outputs, so that all of them are none"
    assert problem.fix == fix


def test_all_outputs_of_a_step_without_any_are_an_empty_object() -> None:
    found = correct(Site(Kind.OUTPUT, "$steps.none.outputs", ("x",), _NAMES))
    assert found[0] == {"x-arazzo-engine-value": {}}
    assert [each.reason for each in found[1]] == ["it has no outputs, so that all of them are none"]


QUERIES: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({"context": "$inputs", "condition": "$.a"}, {"condition": "$inputs.a != null"}),
    ({"context": "{$inputs}", "condition": "$['a']"}, {"condition": "$inputs.a != null"}),
    ({"context": "$inputs", "condition": "$[?(@.a)]"}, {"condition": "$inputs.a != null"}),
    ({"context": "$inputs", "condition": "$[?@.a == 'x']"}, {"condition": "$inputs.a == 'x'"}),
    (
        {"context": "$inputs", "condition": "$[?(@.a == 'x' && $.b > 1)]"},
        {"condition": "($inputs.a == 'x' && $inputs.b > 1)"},
    ),
    ({"context": "$steps.s.outputs", "condition": '$.x.n != "a"'}, {"condition": "$steps.s.outputs.x#/n != 'a'"}),
    (
        {"context": "$steps.s.outputs", "condition": "$.x[?@.n]"},
        {"context": "$steps.s.outputs.x", "type": "jsonpath", "condition": "$[?@.n]"},
    ),
)


@pytest.mark.parametrize(("found", "written"), QUERIES)
def test_a_query_of_all_asks_the_one_that_it_names(found: dict[str, Any], written: dict[str, Any]) -> None:
    criterion = {**found, "type": "jsonpath"}
    assert correct(Site(Kind.CRITERION, criterion, ("x",), _NAMES))[0] == written


@pytest.mark.parametrize(("selector", "written"), [("/x", "$steps.s.outputs.x"), ("/x/0/n", "$steps.s.outputs.x#/0/n")])
def test_a_pointer_into_all_outputs_names_one(selector: str, written: str) -> None:
    found = {"context": "$steps.s.outputs", "selector": selector, "type": "jsonpointer"}
    assert correct(Site(Kind.SELECTOR, found, ("x",), _NAMES))[0] == written
