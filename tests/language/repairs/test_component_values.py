"""The value of a reusable parameter is what an expression names that Arazzo does not have."""

from __future__ import annotations

from typing import Any

import pytest
from scripted import OneSource, document, step, workflow

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.repairs.corrections import repair
from arazzo_engine.world.preparing import check_document


def _written(value: Any, named: str = "page.value") -> Any:
    """Return the output that names a component of this value, as it is read."""
    components = {"parameters": {"page": {"name": "number", "in": "query", "value": value}}}
    outputs = {"n": f"$components.parameters.{named}"}
    text = document(workflow(step("a"), outputs=outputs), components=components)
    return repair(read_document(text, "file:///w.json")).document.value["workflows"][0]["outputs"]["n"]


@pytest.mark.parametrize("value", ["2", 2, [1], {"a": 1}, "$inputs.page", "a {$inputs.page}"])
def test_an_output_is_the_value_of_the_component(value: Any) -> None:
    assert _written(value) == {"x-arazzo-engine-value": value}


def test_an_output_is_the_name_of_the_component() -> None:
    assert _written("2", "page.name") == {"x-arazzo-engine-value": "number"}


@pytest.mark.parametrize("value", ["$components.parameters.page.value", ["$components.parameters.page.value"]])
def test_a_component_that_names_itself_has_no_value(value: Any) -> None:
    assert _written(value) == "$components.parameters.page.value"


@pytest.mark.parametrize(
    ("named", "whole"),
    [
        ("page", ", or refer to the whole of it by `reference: $components.parameters.page`"),
        ("page.in", ", or refer to the whole of it by `reference: $components.parameters.page`"),
        ("nothing.value", ""),
    ],
)
def test_what_is_no_value_is_told_with_what_to_write(named: str, whole: str) -> None:
    components = {"parameters": {"page": {"name": "number", "in": "query", "value": "2"}}}
    output = {"n": f"$components.parameters.{named}"}
    text = document(workflow(step("a"), outputs=output), components=components)
    found = check_document(read_document(text, "file:///main.json"), OneSource()).problems
    fix = f"write the value itself{whole}"
    assert [(each.code, each.fix) for each in found if each.code != "component-idle"] == [
        ("expression-unavailable", fix)
    ]
