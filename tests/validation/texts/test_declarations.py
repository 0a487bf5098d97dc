"""Beside a name that leads nowhere stands the declaration that is most like it: either of them may be misspelt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from validated import validated

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic


def _lines(found: Diagnostic) -> list[tuple[str, str]]:
    return [(each.message, each.location.pointer) for each in found.related]


def _sends(value: str, **rest: Any) -> Diagnostic:
    (found,) = validated({"parameters": [{"name": "q", "in": "query", "value": value}]}, {}, **rest)
    return found


@pytest.mark.parametrize(
    ("value", "related"),
    [
        ("$steps.fnd.outputs.id", [("`find` is this step", "/workflows/0/steps/0/stepId")]),
        ("$steps.find.outputs.idd", [("`id` is this output", "/workflows/0/steps/0/outputs/id")]),
        ("$steps.find.outputs.other", [("the outputs are here", "/workflows/0/steps/0/outputs")]),
        ("$inputs.skku", [("`sku` is this input", "/workflows/0/inputs/properties/sku")]),
        ("$sourceDescriptions.shpo.url", [("`shop` is this source", "/sourceDescriptions/0/name")]),
    ],
)
def test_the_declaration_that_is_most_like_a_name_is_shown(value: str, related: list[tuple[str, str]]) -> None:
    assert _lines(_sends(value)) == related


def test_an_input_of_a_component_is_shown_there() -> None:
    components = {"inputs": {"all": {"type": "object", "properties": {"sku": {"type": "string"}}}}}
    workflow = {"inputs": {"$ref": "#/components/inputs/all"}}
    found = _sends("$inputs.skku", workflow=workflow, arazzo_components=components)
    assert _lines(found) == [("`sku` is this input", "/components/inputs/all/properties/sku")]


def test_the_step_that_an_action_means_is_shown() -> None:
    (found,) = validated({"onSuccess": [{"name": "n", "type": "goto", "stepId": "fidn"}]}, {})
    assert _lines(found) == [("`find` is this step", "/workflows/0/steps/0/stepId")]


def test_the_workflow_that_a_step_means_is_shown() -> None:
    other = {"workflowId": "inner", "steps": [{"stepId": "s", "operationId": "op"}]}
    found = validated({"operationId": None, "workflowId": "iner"}, {}, others=[other])
    (unknown,) = [each for each in found if each.code == "unknown-workflow"]
    assert _lines(unknown) == [("`inner` is this workflow", "/workflows/1/workflowId")]


def test_a_required_input_of_a_component_is_told_once_where_it_stands() -> None:
    component = {"type": "object", "required": ["sk"], "properties": {"sku": {"type": "string"}}}
    workflow = {"inputs": {"$ref": "#/components/inputs/all"}}
    other = {"workflowId": "v", **workflow, "steps": [{"stepId": "s", "operationId": "op"}]}
    step = {"parameters": [{"name": "q", "in": "query", "value": "$inputs.sku"}]}
    (found,) = validated(step, {}, workflow=workflow, others=[other], arazzo_components={"inputs": {"all": component}})
    assert (found.code, found.fix) == ("input-undeclared", "did you mean `sku`?")
    assert found.location is not None
    assert found.location.pointer == "/components/inputs/all/required/0"
    assert _lines(found) == [("`sku` is this input", "/components/inputs/all/properties/sku")]


def test_the_member_of_an_input_that_a_required_one_is_like_is_shown() -> None:
    pet = {"type": "object", "required": ["nam"], "properties": {"name": {"type": "string"}}}
    workflow = {"inputs": {"type": "object", "properties": {"pet": pet}}}
    (found,) = validated({}, {}, workflow=workflow)
    assert _lines(found) == [("`name` is here", "/workflows/0/inputs/properties/pet/properties/name")]
