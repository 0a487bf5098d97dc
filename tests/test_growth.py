"""What is worked on grows as its document does: what Python executes is counted, and no time is taken."""

from __future__ import annotations

import gc
import json
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest
from scripted import OneSource, document, step, workflow

from arazzo_engine.apis.descriptions.references import Resolver
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.linking.linking import link
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.queries.xml_nodes import XmlQuery
from arazzo_engine.language.reading.description import read_description
from arazzo_engine.language.repairs.sites import sites
from arazzo_engine.simulation.putting import Putter
from arazzo_engine.simulation.reading.reads import Read
from arazzo_engine.simulation.schema_ways import Ways
from arazzo_engine.validation.checking import check
from arazzo_engine.world.rewriting.differences import Difference

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from arazzo_engine.documents.document import Document

    TraceFunction = Callable[[FrameType, str, Any], Any]

# a little for what is looked up in lists of names
_MOST: Final = 1.05


def _executed(work: Callable[[], object]) -> int:
    """Return how many lines are executed, each as often as it is, those of libraries in Python among them."""
    executed = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> TraceFunction:
        nonlocal executed
        executed += event == "line"
        return trace

    before = sys.gettrace()
    gc.disable()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
        gc.enable()
    return executed


def _check_growth(make: Callable[[int], Callable[[], object]], count: int) -> None:
    """Assert that what is added to the work by the third part of what is worked on is what the second added.

    ``make`` returns the work for so many parts; what makes it is not counted.
    """
    make(1)()
    one, two, three = (_executed(make(times * count)) for times in (1, 2, 3))
    assert three - two <= _MOST * (two - one)


def _goto(target: str) -> dict[str, Any]:
    return {"name": f"to {target}", "type": "goto", "stepId": target}


def _when(status: int, target: str) -> dict[str, Any]:
    return {**_goto(target), "name": f"on {status}", "criteria": [{"condition": f"$statusCode == {status}"}]}


def _on_state(state: str, target: str) -> dict[str, Any]:
    condition = f"$response.body#/state == '{state}'"
    return {**_goto(target), "name": f"on {state}", "criteria": [{"condition": condition}]}


def _steps(count: int, extra: Callable[[int], dict[str, Any]]) -> list[dict[str, Any]]:
    outputs = {"id": "$response.body#/id"}
    return [{**step("a"), "stepId": f"s{number}", "outputs": outputs, **extra(number)} for number in range(count)]


def _sent(payload: str) -> dict[str, Any]:
    return {"requestBody": {"contentType": "application/json", "payload": payload}}


def _sent_from(number: int) -> dict[str, Any]:
    return _sent(f"$steps.s{number - 1}.outputs.id") if number else {}


_EXTRAS: Final[dict[str, Callable[[int], dict[str, Any]]]] = {
    "steps that do not exist": lambda number: _sent(f"$steps.other{number}.outputs.id"),
    "outputs that do not exist": lambda number: _sent(f"$steps.s{max(number - 1, 0)}.outputs.other{number}"),
    "targets that do not exist": lambda number: {"onSuccess": [_goto(f"other{number}")]},
    "inputs that do not exist": lambda number: _sent(f"$inputs.other{number}"),
    "steps that come later": lambda number: _sent(f"$steps.s{number + 1}.outputs.id"),
    "steps in a chain": lambda number: _sent(f"$steps.s{max(number - 1, 0)}.outputs.id") if number else {},
    "a step that all others read": lambda number: _sent("$steps.s0.outputs.id") if number else {},
    "steps that may be left out": lambda number: (
        _sent(f"$steps.s{max(number - 1, 0)}.outputs.id") | {"onSuccess": [_when(202, f"s{number + 2}")]}
        if number
        else {}
    ),
    "failures that all lead back": lambda number: {"onFailure": [_when(404, "s0")], **_sent_from(number)},
    "successes that lead back one step": lambda number: {
        "onSuccess": [_when(202, f"s{max(number - 1, 0)}")],
        **_sent_from(number),
    },
    "retries that run a step first": lambda number: {
        "onFailure": [{"name": "again", "type": "retry", "stepId": f"s{max(number - 1, 0)}"}],
        **_sent_from(number),
    },
    "texts that are nearly expressions": lambda number: _sent(f"steps.s{number}.output.id"),
}


# what takes more at each step shows with fewer of them
_CHOICES: Final[dict[str, Callable[[int], dict[str, Any]]]] = {
    "actions that are chosen by what comes": lambda number: {
        "onSuccess": [_on_state(f"state-{each}", f"s{max(number - each, 0)}") for each in range(3)]
    },
    "actions that never are": lambda number: {
        "onSuccess": [{**_goto(f"s{max(number - 1, 0)}"), "name": "at once"}, _on_state("late", "s0")]
    },
    "types that are compared": lambda number: {
        "successCriteria": [{"condition": f"$steps.s{max(number - 1, 0)}.outputs.id == $response.body#/id"}],
        **_sent_from(number),
    },
}


@pytest.mark.parametrize(
    ("extra", "count"),
    [*((extra, 100) for extra in _EXTRAS.values()), *((extra, 25) for extra in _CHOICES.values())],
    ids=[*_EXTRAS, *_CHOICES],
)
def test_checking_grows_with_the_steps(extra: Callable[[int], dict[str, Any]], count: int) -> None:
    def linked(count: int) -> Callable[[], object]:
        text = document(workflow(*_steps(count, extra)))
        return _checking(text, OneSource())

    _check_growth(linked, count)


def test_checking_grows_with_the_actions_of_a_step() -> None:
    def checking(count: int) -> Callable[[], object]:
        actions = [{**_when(400 + each % 60, "s0"), "name": f"action {each}"} for each in range(count)]
        return _checking(document(workflow({**step("s0"), "onFailure": actions})), _Described())

    # each condition is read once, whatever has it
    checking(360)()
    _check_growth(checking, 120)


def test_looking_for_repairs_grows_with_the_steps() -> None:
    def looked_at(count: int) -> Callable[[], object]:
        text = json.loads(document(workflow(*_steps(count, lambda _number: {"onFailure": [{"type": "end"}]}))))
        return lambda: sum(1 for _ in sites(text))

    _check_growth(looked_at, 100)


def test_a_difference_grows_with_its_lines() -> None:
    def told(count: int) -> Callable[[], object]:
        text = "".join(f'  {{\n    "id": {number},\n    "is": [\n    ],\n  }},\n' for number in range(count))
        return Difference("d", text, text.replace("],", "]")).unified

    _check_growth(told, 200)


def _api(path: str, item: dict[str, Any], schemas: dict[str, Any]) -> Document:
    api = {
        "openapi": "3.1.0",
        "info": {},
        "servers": [{"url": "https://x.example"}],
        "paths": {path: item},
        "components": {"schemas": schemas},
    }
    return read_document(json.dumps(api), "file:///api.json")


_CONTENT: Final = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}
_A: Final = {"type": "object", "properties": {"id": {"type": "string"}, "n": {"type": "integer"}}}
_ID: Final = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}


class _Described(OneSource):
    """A loader of a description that says what comes and what is taken."""

    api = _api(
        "/a",
        {"post": {"operationId": "a", "requestBody": _CONTENT, "responses": {"200": {"description": "", **_CONTENT}}}},
        {"A": _A},
    )


class _Undescribed(OneSource):
    """A loader of a description that says what is taken in a path, and nothing of what comes."""

    api = _api(
        "/a/{id}", {"get": {"operationId": "a", "parameters": [_ID], "responses": {"200": {"description": ""}}}}, {}
    )


def _checking(text: str, source: OneSource) -> Callable[[], object]:
    linking = link(read_description(read_document(text, "file:///main.json")).description, source)
    return lambda: check(linking.linked.workflows.values(), linking.linked)


def test_checking_grows_with_the_steps_that_pass_on_whole_bodies() -> None:
    def passing(number: int) -> dict[str, Any]:
        value = f"$steps.s{number - 1}.outputs.all" if number else "1"
        return {
            "parameters": [{"name": "id", "in": "path", "value": value}],
            "outputs": {"all": "$response.body", "id": "$response.body#/id"},
        }

    def linked(count: int) -> Callable[[], object]:
        text = document(workflow(*_steps(count, passing)))
        return _checking(text, _Undescribed())

    _check_growth(linked, 40)


def test_checking_types_grows_with_the_steps_that_pass_them_on() -> None:
    def passing(number: int) -> dict[str, Any]:
        before = f"$steps.s{max(number - 1, 0)}.outputs.id"
        payload = {"id": before, "n": before} if number else {"id": "a"}
        return {
            "requestBody": {"contentType": "application/json", "payload": payload},
            "successCriteria": [{"condition": "$response.body#/n > 3"}, {"condition": "$statusCode == 200"}],
        }

    def linked(count: int) -> Callable[[], object]:
        text = document(workflow(*_steps(count, passing)))
        return _checking(text, _Described())

    _check_growth(linked, 25)


@pytest.mark.parametrize(
    ("query", "part"), [("//a", "<a>1</a>"), ("//a/@b", "<a b='1'/>"), ("/r/text()", "<!-- 1 -->2")]
)
def test_replacing_grows_with_what_is_selected(query: str, part: str) -> None:
    compiled = XmlQuery("xpath-31", query)
    _check_growth(lambda count: partial(compiled.replace, f"<r>{part * count}</r>", "x"), 100)


@pytest.mark.parametrize("keyword", ["allOf", "anyOf"])
def test_a_rehearsal_grows_with_what_is_read_of_a_schema_of_many_parts(keyword: str) -> None:
    def put(count: int) -> None:
        value = {keyword: [{"properties": {f"p{number}": {"type": "object"}}} for number in range(count)]}
        schema = Schema(read_document(json.dumps(value), "file:///api.json").root(), value)
        putter = Putter(Ways(Resolver(OneSource())))
        body: Any = {}
        for number in range(count):
            body = putter.let_exist(body, schema, Read((f"p{number}", "id"), "$response.body"))
        assert body[f"p{count - 1}"] == {"id": "sample-id"}

    _check_growth(lambda count: partial(put, count), 100)
