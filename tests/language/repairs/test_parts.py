"""A part of a value that is named in the way of another language is found, and a part of every element is a list."""

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
from arazzo_engine.language.repairs.soundness import is_sound
from arazzo_engine.language.templates import evaluate

_NAMES = Names(inputs=frozenset({"a", "a.b"}), steps={"find": frozenset({"list", "list.x"})})

POINTERS = (
    ("$response.body$.items[0].id", "$response.body#/items/0/id"),
    ("$response.body.$.items[0].id", "$response.body#/items/0/id"),
    ("$response.body#$.items[0].id", "$response.body#/items/0/id"),
    ("$response.body/items/0/id", "$response.body#/items/0/id"),
    ("$response.body#/items[0]/id", "$response.body#/items/0/id"),
    ("$response.body#/items/[0]/id", "$response.body#/items/0/id"),
    ("$response.body#/items/0.id", "$response.body#/items/0/id"),
    ("$response.body#.items.0.id", "$response.body#/items/0/id"),
    ('$response.body["items"][0]["the id"]', "$response.body#/items/0/the id"),
    ("$request.body$.id", "$request.body#/id"),
    ("$steps.find.outputs.list/0/id", "$steps.find.outputs.list#/0/id"),
)


@pytest.mark.parametrize(("found", "written"), POINTERS)
def test_one_part_is_named_by_a_pointer(found: str, written: str) -> None:
    site = Site(Kind.VALUE, found, ("x",), _NAMES)
    assert correct(site)[0] == written
    assert not is_sound(site)
    assert is_sound(Site(Kind.VALUE, written, ("x",), _NAMES))


EVERY = (
    ("$steps.find.outputs.list[*].id", "$steps.find.outputs.list", "$[*].id"),
    ("$steps.find.outputs.list[].id", "$steps.find.outputs.list", "$[*].id"),
    ("$steps.find.outputs.list.items[*].id", "$steps.find.outputs.list#/items", "$[*].id"),
    ("$response.body#/items/*/id", "$response.body#/items", "$[*].id"),
    ("$response.body.items.*.id", "$response.body#/items", "$[*].id"),
    ("$response.body[*]['the id'].tags[*]", "$response.body", "$[*]['the id'].tags[*]"),
    ("$response.body#/items[*].tags[0]", "$response.body#/items", "$[*].tags[0]"),
)


@pytest.mark.parametrize(("found", "context", "selector"), EVERY)
def test_a_part_of_every_element_is_a_selector_that_gives_a_list(found: str, context: str, selector: str) -> None:
    site = Site(Kind.PARAMETER, found, ("x",), _NAMES)
    written = {"context": context, "selector": selector, "type": "jsonpath", "x-arazzo-engine-selects": "all"}
    assert correct(site)[0] == written
    assert not is_sound(site)


LEFT_ALONE = (
    # a member of that name, two outputs that it could be a part of, nothing that is declared, the number of elements
    "$response.body#/a.b/c",
    "$response.body#/5/a.b",
    "$steps.find.outputs.list.x[*].id",
    "$steps.find.outputs.gone[*].id",
    "$steps.gone.outputs.list[*].id",
    "$response.body.items[*].length",
    # what no part is called
    "$response.body.items[?(@.id)].id",
    "$response.body.items[-1].id",
    "$response.body..id",
)


@pytest.mark.parametrize("found", LEFT_ALONE)
def test_a_part_with_more_than_one_reading_is_left_alone(found: str) -> None:
    assert correct(Site(Kind.VALUE, found, ("x",), _NAMES)) == (found, ())


def _output(version: str, value: Any) -> Any:
    step = {"stepId": "s", "operationId": "o", "outputs": {"ids": value}}
    document = {
        "arazzo": version,
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "a", "url": "a.json"}],
        "workflows": [{"workflowId": "w", "inputs": {"properties": {"list": {}}}, "steps": [step]}],
    }
    read = read_description(read_document(json.dumps(document), "file:///w.json"))
    assert {each.code for each in read.problems} <= {"repaired"}
    assert read.description is not None
    outputs = read.description.workflows[0].steps[0].outputs
    assert outputs is not None
    return outputs["ids"]


@pytest.mark.parametrize("version", ["1.0.1", "1.1.0"])
@pytest.mark.parametrize(("found", "ids"), [([{"id": 1}, {"id": 2}], [1, 2]), ([{"id": 1}], [1]), ([], []), ([{}], [])])
def test_the_list_has_as_many_elements_as_there_are(version: str, found: list[Any], ids: list[int]) -> None:
    assert evaluate(_output(version, "$inputs.list[*].id"), Scope(inputs={"list": found})) == ids
