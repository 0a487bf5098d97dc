"""Schemas of inputs that are named by an expression: read as references where they name a component."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.repairs.repairing import read_repaired

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic

_SKU = {"$ref": "#/components/schemas/sku"}
_ID = {"$ref": "#/components/inputs/id"}
_OF_SOURCE = {"$ref": "{$sourceDescriptions.api.url}#/definitions/A"}


def _read(inputs: Any) -> tuple[Any, tuple[Diagnostic, ...]]:
    workflow = {"workflowId": "w", "inputs": inputs, "steps": [{"stepId": "s", "operationId": "a"}]}
    components = {"inputs": {"id": {"type": "integer"}}, "schemas": {"sku": {"type": "string"}}}
    sources = [{"name": "api", "url": "./api.yaml"}]
    named = {"sourceDescriptions": sources, "workflows": [workflow], "components": components}
    text = json.dumps({"arazzo": "1.1.0", **named})
    repaired, problems = read_repaired(read_document(text, "file:///a.json"))
    return repaired.value["workflows"][0]["inputs"], problems


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ("$components.inputs.id", _ID),
        ("#/components/inputs/id", _ID),
        ("$components.inputs.ID", _ID),
        ({"reference": "$components.inputs.id"}, _ID),
        # a section that descriptions of APIs have, where the document has it
        ({"reference": "$components.schemas.sku"}, _SKU),
        ("$components.schemas.sku", _SKU),
        ({"$ref": "$components.inputs.id", "default": 1}, {**_ID, "default": 1}),
        # where a source is, is known when it is read
        ("{$sourceDescriptions.api.url}#/definitions/A", _OF_SOURCE),
        ({"$ref": "$sourceDescriptions.api.url#/definitions/A"}, _OF_SOURCE),
        ({"reference": "{$sourceDescriptions.api.url}#/definitions/A"}, _OF_SOURCE),
    ],
)
def test_a_schema_that_is_named_by_an_expression_is_a_reference(found: Any, written: Any) -> None:
    for inputs, read in (
        (found, written),
        ({"properties": {"a": found}}, {"properties": {"a": written}}),
        ({"items": found, "allOf": [found]}, {"items": written, "allOf": [written]}),
    ):
        assert _read(inputs)[0] == read


def test_a_schema_that_is_named_by_an_expression_is_told() -> None:
    _, (problem,) = _read({"properties": {"a": {"reference": "$components.inputs.id"}}})
    assert problem.message == (
        "`reference: $components.inputs.id` is read as `$ref: '#/components/inputs/id'`: "
        "a schema refers to another one by `$ref` and a URI"
    )
    assert problem.location is not None
    assert problem.location.pointer == "/workflows/0/inputs/properties/a/reference"
    assert [each.value for each in problem.edits] == [_ID]


@pytest.mark.parametrize(
    "inputs",
    [
        {"properties": {"a": "$components.inputs.gone"}},
        {"properties": {"a": {"$ref": "{$sourceDescriptions.gone.url}#/components/schemas/A"}}},
        {"properties": {"a": {"reference": "$components.schemas.id"}}},
        # an input of that name, and data
        {"properties": {"reference": {"type": "string"}}},
        {"properties": {"a": {"default": "$components.inputs.id", "examples": ["$components.inputs.id"]}}},
        {"properties": {"a": {"reference": "$components.inputs.sku"}}},
        {"properties": {"a": _ID, "b": _SKU}},
    ],
)
def test_what_names_no_schema_is_left_alone(inputs: Any) -> None:
    assert _read(inputs) == (inputs, ())


def test_a_component_that_refers_to_another_by_an_expression_is_read_too() -> None:
    components = {"inputs": {"place": {"reference": "$components.schemas.id"}}, "schemas": {"id": {"format": "uuid"}}}
    text = json.dumps({"arazzo": "1.1.0", "workflows": [], "components": components})
    repaired, problems = read_repaired(read_document(text, "file:///a.json"))
    assert repaired.value["components"]["inputs"]["place"] == {"$ref": "#/components/schemas/id"}
    assert [each.location.pointer for each in problems if each.location] == ["/components/inputs/place/reference"]
