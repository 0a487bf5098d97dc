"""A map where a list stands is the list of what it maps, or of itself, where each entry has one name."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.repairs.corrections import repair

_STEP: Final = {"stepId": "a", "operationId": "o"}
_WORKFLOW: Final = {"workflowId": "w", "inputs": True, "steps": [_STEP]}
_SOURCE: Final = {"name": "shop", "url": "shop.yaml", "type": "openapi"}
_BARE: Final = {"inputs": True, "steps": [_STEP]}

READ_AS: Final[tuple[tuple[dict[str, Any], dict[str, Any]], ...]] = (
    ({"workflows": {"w": _BARE}}, {"workflows": [_WORKFLOW]}),
    ({"workflows": {"w": _WORKFLOW}}, {"workflows": [_WORKFLOW]}),
    ({"workflows": _WORKFLOW}, {"workflows": [_WORKFLOW]}),
    ({"workflows": [{**_WORKFLOW, "steps": {"a": {"operationId": "o"}}}]}, {"workflows": [_WORKFLOW]}),
    ({"workflows": [{**_WORKFLOW, "steps": _STEP}]}, {"workflows": [_WORKFLOW]}),
    # one in the other
    ({"workflows": {"w": {**_BARE, "steps": {"a": {"operationId": "o", "onSuccess": {"end": {"type": "end"}}}}}}},
     {"workflows": [{**_WORKFLOW, "steps": [{**_STEP, "onSuccess": [{"name": "end", "type": "end"}]}]}]}),
    ({"workflows": [{**_WORKFLOW, "failureActions": {"stop": {"type": "end"}}}]},
     {"workflows": [{**_WORKFLOW, "failureActions": [{"name": "stop", "type": "end"}]}]}),
    ({"sourceDescriptions": {"shop": {"url": "shop.yaml", "type": "openapi"}}}, {"sourceDescriptions": [_SOURCE]}),
    ({"sourceDescriptions": {"shop": "shop.yaml"}}, {"sourceDescriptions": [{"name": "shop", "url": "shop.yaml"}]}),
    ({"sourceDescriptions": _SOURCE}, {"sourceDescriptions": [_SOURCE]}),
)  # fmt: skip


@pytest.mark.parametrize(("found", "written"), READ_AS)
def test_a_map_with_one_reading_is_a_list(found: dict[str, Any], written: dict[str, Any]) -> None:
    assert repair(read_document(json.dumps(found), "file:///a.json")).document.value == written


LEFT_ALONE: Final[tuple[dict[str, Any], ...]] = (
    # two names
    {"workflows": {"w": {**_WORKFLOW, "workflowId": "other"}}},
    # no workflow, no step, no source
    {"workflows": {"w": {"summary": "none"}}},
    {"workflows": [{**_WORKFLOW, "steps": {"a": {"description": "none"}}}]},
    {"sourceDescriptions": {"url": "shop.yaml", "type": "openapi"}},
    {"sourceDescriptions": {"shop": {}}},
)


@pytest.mark.parametrize("found", LEFT_ALONE)
def test_a_map_of_anything_else_is_left_to_the_reader(found: dict[str, Any]) -> None:
    assert repair(read_document(json.dumps(found), "file:///a.json")).document.value == found


_TEXT: Final = """\
arazzo: 1.0.1
workflows:
  w: # the one
    inputs: {}
    steps:
      a:
        operationId: o
        parameters: [{name: x, in: query, value: 1}]
"""


def test_what_a_map_has_is_told_where_it_stands() -> None:
    found = repair(read_document(_TEXT, "file:///w.yaml"))
    at = found.document.root().child("workflows", 0, "steps", 0)
    assert [each.location().line for each in (at, at.child("parameters", 0))] == [7, 8]
    assert [each.fix for each in found.problems] == [
        "write `- workflowId: w` for `w:`",
        "write `- stepId: a` for `a:`",
    ]


@pytest.mark.parametrize(
    ("places", "message"),
    [
        (["body"], "`in: body` is left out: a workflow is called with its inputs, which have no place"),
        (
            ["body", "inputs", "input"],
            (
                "`in: body` is left out, and so in 2 other entries: a workflow is called with its inputs, which have"
                " no place"
            ),
        ),
    ],
)
def test_of_a_list_the_first_entry_is_told_that_is_read_in_another_way(places: list[str], message: str) -> None:
    inputs = [{"name": "z", "value": 0}, *({"name": each, "in": each, "value": 1} for each in places)]
    steps = [_STEP, {"stepId": "pay", "workflowId": "order", "parameters": inputs}]
    text = json.dumps({"arazzo": "1.1.0", "workflows": [{"workflowId": "order", "inputs": True, "steps": steps}]})
    (problem,) = repair(read_document(text, "file:///a.json")).problems
    assert problem.message == message
    assert problem.location is not None
    assert problem.location.pointer == "/workflows/0/steps/1/parameters/1/in"
