"""Objects of another shape: what only one reading has is read so, and what could be a misspelt field is told."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

import arazzo_engine
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.repairs.corrections import repair

_FIND: Final = {"stepId": "find", "operationId": "findItem"}


def _document(step: dict[str, Any], **workflow: Any) -> str:
    steps = [_FIND, {"stepId": "pay", "operationId": "charge", **step}]
    whole = {"workflowId": "order", "inputs": True, "steps": steps, **workflow}
    return json.dumps({"arazzo": "1.1.0", "workflows": [whole]})


def _repaired(text: str) -> tuple[dict[str, Any], list[str]]:
    found = repair(read_document(text, "file:///a.json"))
    return found.document.value["workflows"][0]["steps"][1], [each.message for each in found.problems]


READ_AS: Final[tuple[tuple[dict[str, Any], dict[str, Any]], ...]] = (
    ({"dependsOn": ["$steps.find"]}, {"dependsOn": ["find"]}),
    ({"dependsOn": "$steps.find"}, {"dependsOn": ["find"]}),
    ({"summary": "Pay"}, {"description": "Pay"}),
    ({"summary": "Pay", "description": "It pays"}, {"x-summary": "Pay", "description": "It pays"}),
    ({"outputs": None, "parameters": []}, {"parameters": []}),
    ({"outputs": [{"a": "$url"}, {"b": "$method"}]}, {"outputs": {"a": "$url", "b": "$method"}}),
    ({"successCriteria": "$statusCode == 200"}, {"successCriteria": [{"condition": "$statusCode == 200"}]}),
    ({"successCriteria": ["$statusCode == 200"]}, {"successCriteria": [{"condition": "$statusCode == 200"}]}),
    ({"successCriteria": {"condition": "$url", "context": ""}}, {"successCriteria": [{"condition": "$url"}]}),
    # what a shape lets be seen is repaired, too
    ({"successCriteria": ['$response.body.state == "x"']},
     {"successCriteria": [{"condition": "$response.body.state == 'x'"}]}),
    ({"onFailure": {"type": "end", "condition": "$statusCode == 404"}},
     {"onFailure": [{"name": "end-1", "type": "end", "criteria": [{"condition": "$statusCode == 404"}]}]}),
    ({"onSuccess": [{"goto": "find", "condition": "$url", "criteria": [{"condition": "$method"}]}]},
     {"onSuccess": [{"name": "goto-1", "type": "goto", "stepId": "find",
                     "criteria": [{"condition": "$method"}, {"condition": "$url"}]}]}),
    ({"onSuccess": [{"name": "a", "type": "goto", "step": "find"}]},
     {"onSuccess": [{"name": "a", "type": "goto", "stepId": "find"}]}),
    ({"onSuccess": [{"name": "a", "goto": "order"}]},
     {"onSuccess": [{"name": "a", "type": "goto", "workflowId": "order"}]}),
    ({"parameters": [{"name": "a", "in": "query", "value": "", "description": "x", "required": True}]},
     {"parameters": [{"name": "a", "in": "query", "value": "", "x-description": "x", "x-required": True}]}),
    ({"requestBody": {"contentType": "", "payload": None, "description": "x"}},
     {"requestBody": {"payload": None, "x-description": "x"}}),
)  # fmt: skip


@pytest.mark.parametrize(("found", "read"), READ_AS)
def test_what_stands_in_another_shape_is_read_as_what_it_means(found: dict[str, Any], read: dict[str, Any]) -> None:
    assert _repaired(_document(found))[0] == {"stepId": "pay", "operationId": "charge", **read}


LEFT_ALONE = (
    # a field that could be misspelt, or hold data
    {"sucessCriteria": [{"condition": "$url"}]},
    {"requestBody": {"note": "$inputs.note"}},
    {"requestBody": {"description": "$inputs.note"}},
    # nowhere, or in two directions
    {"dependsOn": ["$steps.nowhere"]},
    {"onSuccess": [{"name": "a", "goto": "nowhere"}]},
    {"onSuccess": [{"name": "a", "type": "end", "goto": "find"}]},
    {"onSuccess": [{"name": "a", "goto": "find", "stepId": "pay"}]},
    {"onSuccess": [{"name": "a", "step": "find"}]},
    # a name and a value are one output in another form, and one name has one value
    {"outputs": [{"name": "a", "value": "$url"}]},
    {"outputs": [{"a": "$url"}, {"a": "$method"}]},
    {"parameters": {"a": 1}},
    {"onSuccess": [{"name": "a", "type": "end", "condition": 1}]},
)  # fmt: skip


@pytest.mark.parametrize("step", LEFT_ALONE)
def test_what_has_no_reading_or_two_is_left_for_the_reader(step: dict[str, Any]) -> None:
    assert _repaired(_document(step)) == ({"stepId": "pay", "operationId": "charge", **step}, [])


def test_what_is_written_instead_is_told_at_the_field() -> None:
    text = _document({"onFailure": [{"name": "stop", "type": "end", "condition": "$statusCode == 404"}]})
    (problem,) = repair(read_document(text, "file:///a.json")).problems
    assert problem.message == (
        '`condition: $statusCode == 404` is read as `criteria: [{"condition":"$statusCode == 404"}]`: '
        "when an action is taken, its `criteria` say"
    )
    assert problem.location is not None
    assert problem.location.pointer == "/workflows/0/steps/1/onFailure/0/condition"


def test_the_workflows_that_one_depends_on_are_named_by_their_ids() -> None:
    found = repair(read_document(_document({}, dependsOn=["$workflows.order"]), "file:///a.json"))
    assert found.document.value["workflows"][0]["dependsOn"] == ["order"]


def test_an_object_within_another_is_written_with_it() -> None:
    text = """\
arazzo: 1.1.0
info: { title: Pay, version: 1.0.0 }
sourceDescriptions: [{ name: shop, url: shop.yaml, type: openapi }]
workflows:
- workflowId: order
  inputs: true
  steps:
  - stepId: pay
    summary: Pay  # at once
    operationId: charge
    onFailure:
    - type: end
      condition: $response.body.state == "x"
"""
    with arazzo_engine.Engine() as engine:
        fixed = engine.fix(text, with_sources=False)
    assert (
        fixed.text.partition("  steps:\n")[2]
        == """\
  - stepId: pay
    description: Pay  # at once
    operationId: charge
    onFailure:
    - type: end
      criteria:
        - {condition: $response.body.state == 'x'}
      name: end-1
"""
    )
