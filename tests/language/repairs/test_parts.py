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
from arazzo_engine.language.templates import MissingValue, evaluate

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
    # a member may be called so, as the votes of a comment are
    "$response.body#/votes/-1",
    # two filters, every element of one, what may be an expression within one
    "$response.body.items[?(@.id)].tags[?(@.id)]",
    "$response.body.items[?(@.id)].tags[*]",
    "$response.body.items[*].tags[?(@.id)]",
    "$response.body.items[?(@.id == $inputs.list)].id",
    "$steps.gone.outputs.list[?(@.id)].id",
    "$response.body..id",
)


@pytest.mark.parametrize("found", LEFT_ALONE)
def test_a_part_with_more_than_one_reading_is_left_alone(found: str) -> None:
    assert correct(Site(Kind.VALUE, found, ("x",), _NAMES)) == (found, ())


ONE = (
    ("$response.body.items[?(@.kind=='a')].id", "$response.body", "$.items[?(@.kind=='a')].id"),
    ("$response.body#/items[?(@.kind=='a')].id", "$response.body", "$.items[?(@.kind=='a')].id"),
    ("$steps.find.outputs.list[?@.kind == 'a]' && @.tags[0] > 1]", "$steps.find.outputs.list",
     "$[?@.kind == 'a]' && @.tags[0] > 1]"),
)  # fmt: skip


@pytest.mark.parametrize(("found", "context", "selector"), ONE)
def test_an_element_that_a_filter_passes_is_a_selector_that_gives_one(found: str, context: str, selector: str) -> None:
    site = Site(Kind.VALUE, found, ("x",), _NAMES)
    written = {"context": context, "selector": selector, "type": "jsonpath", "x-arazzo-engine-selects": "one"}
    assert correct(site)[0] == written
    assert not is_sound(site)


LAST = (
    ("$response.body.items[-1].id", "$response.body#/items", "$[-1].id"),
    ("$response.body#/items/-1/id", "$response.body#/items", "$[-1].id"),
    ("$response.body#/items[-2]", "$response.body#/items", "$[-2]"),
    ("$steps.find.outputs.list[-1]", "$steps.find.outputs.list", "$[-1]"),
)


@pytest.mark.parametrize(("found", "context", "selector"), LAST)
def test_an_element_that_is_counted_from_the_end_is_a_selector_that_gives_one(
    found: str, context: str, selector: str
) -> None:
    site = Site(Kind.VALUE, found, ("x",), _NAMES)
    written = {"context": context, "selector": selector, "type": "jsonpath", "x-arazzo-engine-selects": "one"}
    assert correct(site)[0] == written
    assert not is_sound(site)


COUNTED = (
    ("$response.body.length", "$response.body"),
    ("$response.body.items.length", "$response.body#/items"),
    ("$steps.find.outputs.list.length", "$steps.find.outputs.list"),
    ("$steps.find.outputs.list[0].tags.length", "$steps.find.outputs.list#/0/tags"),
)


@pytest.mark.parametrize(("found", "context"), COUNTED)
def test_how_long_a_value_is_is_given_by_a_selector(found: str, context: str) -> None:
    site = Site(Kind.OUTPUT, found, ("x",), _NAMES)
    written = {"context": context, "selector": "", "type": "jsonpointer", "x-arazzo-engine-selects": "length"}
    assert correct(site)[0] == written
    assert not is_sound(site)


@pytest.mark.parametrize(
    "found", ["$steps.find.outputs.gone.length", "$inputs.length", "$response.body#/length", "$statusCode.length"]
)
def test_what_could_be_something_else_is_not_counted(found: str) -> None:
    assert correct(Site(Kind.OUTPUT, found, ("x",), _NAMES)) == (found, ())


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


@pytest.mark.parametrize("version", ["1.0.1", "1.1.0"])
def test_of_several_elements_that_a_filter_passes_none_is_meant(version: str) -> None:
    output = _output(version, "$inputs.list[?(@.kind == 'a')].id")
    found = [{"kind": "b", "id": 1}, {"kind": "a", "id": 2}]
    assert evaluate(output, Scope(inputs={"list": found})) == 2
    with pytest.raises(MissingValue) as caught:
        evaluate(output, Scope(inputs={"list": [*found, {"kind": "a", "id": 3}]}))
    assert caught.value.reason == "selects 2 values, where one is meant"
    with pytest.raises(MissingValue):
        evaluate(output, Scope(inputs={"list": []}))
