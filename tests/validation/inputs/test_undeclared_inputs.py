"""Inputs that a workflow uses and declares nowhere: declared as what must be given, where its schema names none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.reading.description import read_description
from arazzo_engine.language.repairs.undeclared_inputs import declare_inputs

_STEP: dict[str, Any] = {
    "stepId": "s",
    "operationId": "op",
    "parameters": [{"name": "n", "in": "query", "value": "$inputs.note"}],
}
_NOTE: dict[str, Any] = {"required": ["note"], "properties": {"note": {}}}


@pytest.mark.parametrize(
    ("inputs", "declared"),
    [
        ({"type": "object"}, {"type": "object", **_NOTE}),
        ({"type": "object", "required": ["note"]}, {"type": "object", **_NOTE}),
        ({"required": ["other"]}, {"type": "object", "required": ["other", "note"], "properties": {"note": {}}}),
        ({"required": [["other"]]}, {"type": "object", "required": [["other"], "note"], "properties": {"note": {}}}),
        # what allows others, or is no object, says something of them
        ({"type": "object", "additionalProperties": True}, None),
        ({"type": "string"}, None),
        ({"oneOf": [_NOTE]}, None),
    ],
)
def test_a_schema_that_names_no_input_declares_what_is_used(
    inputs: dict[str, Any], declared: dict[str, Any] | None
) -> None:
    assert declare_inputs({"inputs": inputs, "steps": [_STEP]}) == declared


@pytest.mark.parametrize(
    ("inputs", "fix"),
    [
        ({"required": ["note"]}, 'add `"properties": {"note": {}}` to its `inputs`'),
        ({"type": "object"}, 'add `"required": ["note"], "properties": {"note": {}}` to its `inputs`'),
        (None, 'add `"inputs": {"type": "object", "required": ["note"], "properties": {"note": {}}}`'),
    ],
)
def test_what_to_add_is_told_by_what_is_there(inputs: dict[str, Any] | None, fix: str) -> None:
    workflow = {"workflowId": "w", "steps": [_STEP], **({} if inputs is None else {"inputs": inputs})}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "shop", "url": "shop.yaml"}],
        "workflows": [workflow],
    }
    (problem,) = read_description(read_document(json.dumps(document), "file:///w.json")).problems
    assert (problem.code, problem.fix) == ("repaired", fix)
