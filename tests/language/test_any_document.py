"""Whatever a document holds, reading and checking it gives diagnostics and raises nothing else."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, Final

from hypothesis import example, given, settings
from hypothesis import strategies as st
from scripted import OneSource

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.pointers import parse_pointer, render_pointer
from arazzo_engine.documents.reading import read_document
from arazzo_engine.world.preparing import check_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.values import JsonValue

_PARAMETER: Final = {"name": "p", "in": "query", "value": "$inputs.n"}
_CRITERIA: Final = [
    {"condition": "$statusCode == 200"},
    {"context": "$response.body", "condition": "$.n", "type": "jsonpath"},
    {"context": "$statusCode", "condition": "^2", "type": "regex"},
    {"context": "$response.body", "condition": "//n", "type": {"type": "xpath", "version": "xpath-30"}},
]
# every field of the specification that is not about messages
_WHOLE: Final[dict[str, Any]] = {
    "arazzo": "1.1.0",
    "$self": "https://example.com/main",
    "info": {"title": "t", "version": "1", "summary": "s", "description": "d"},
    "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
    "workflows": [
        {
            "workflowId": "main",
            "summary": "s",
            "description": "d",
            "inputs": {"type": "object", "properties": {"n": {"$ref": "#/components/inputs/n"}}, "required": ["n"]},
            "dependsOn": ["other"],
            "parameters": [_PARAMETER, {"reference": "$components.parameters.shared", "value": 1}],
            "successActions": [{"name": "done", "type": "end", "criteria": _CRITERIA}],
            "failureActions": [{"reference": "$components.failureActions.again"}],
            "outputs": {"n": "$steps.first.outputs.n"},
            "steps": [
                {
                    "stepId": "first",
                    "description": "d",
                    "operationId": "a",
                    "timeout": 1000,
                    "requestBody": {
                        "contentType": "application/json",
                        "payload": {"n": "$inputs.n", "t": "x {$inputs.n}"},
                        "replacements": [{"target": "/n", "value": 1, "targetSelectorType": "jsonpointer"}],
                    },
                    "successCriteria": _CRITERIA,
                    "outputs": {
                        "n": "$response.body#/n",
                        "m": {"context": "$response.body", "selector": "$.m", "type": "jsonpath"},
                    },
                    "onSuccess": [{"name": "on", "type": "goto", "stepId": "second"}],
                    "onFailure": [{"name": "r", "type": "retry", "retryAfter": 1, "retryLimit": 2, "stepId": "second"}],
                },
                {
                    "stepId": "second",
                    "workflowId": "other",
                    "dependsOn": ["first"],
                    "parameters": [{"name": "n", "value": "$inputs.n"}],
                },
                {"stepId": "third", "operationPath": "{$sourceDescriptions.api.url}#/paths/~1a/post"},
            ],
        },
        {"workflowId": "other", "inputs": {"additionalProperties": {}}, "steps": [{"stepId": "s", "operationId": "b"}]},
    ],
    "components": {
        "inputs": {"n": {"type": "integer", "default": 1}},
        "parameters": {"shared": {"name": "q", "in": "header", "value": "x"}},
        "successActions": {"go": {"name": "go", "type": "goto", "workflowId": "other"}},
        "failureActions": {"again": {"name": "again", "type": "retry"}},
    },
}


def _pointers(value: JsonValue, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield at
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in members:
        yield from _pointers(each, (*at, name))


_PLACES: Final = tuple(_pointers(_WHOLE))
_WORDS: Final = st.sampled_from(
    [
        "$inputs.n",
        "$steps.second.outputs.x",
        "$steps.first.outputs.n#/a",
        "{$inputs.n}",
        "$response.body#/n",
        "$self",
        "main",
        "other",
        "first",
        "second",
        "a",
        "end",
        "goto",
        "retry",
        "jsonpath",
        "xpath",
        "regex",
        "1.0.1",
        "http://[::1",
        "//x[",
        "a\x00b",
        "#/components/inputs/n",
        "$components.inputs.n",
        "$workflows.main.steps.first",
        "$sourceDescriptions.api.b",
        "$.n[",
        "(",
        "//[",
    ]
)
_VALUES: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | _WORDS, inner, max_size=3),
    max_leaves=6,
)
_REMOVED: Final = object()
_CHANGES: Final = st.lists(st.tuples(st.sampled_from(_PLACES), _VALUES | st.just(_REMOVED)), min_size=1, max_size=3)


def _changed(changes: list[tuple[tuple[str | int, ...], Any]]) -> JsonValue:
    value = copy.deepcopy(_WHOLE)
    for place, new in changes:
        if not place:
            value = {} if new is _REMOVED else new
            continue
        owner: Any = value
        for token in place[:-1]:
            owner = _step(owner, token)
        _set(owner, place[-1], new)
    return value


def _step(owner: Any, token: str | int) -> Any:
    try:
        return owner[token]
    except (KeyError, IndexError, TypeError):
        return None


def _set(owner: Any, token: str | int, new: Any) -> None:
    if isinstance(owner, dict) and isinstance(token, str):
        if new is _REMOVED:
            owner.pop(token, None)
        else:
            owner[token] = new
    elif isinstance(owner, list) and isinstance(token, int) and token < len(owner):
        owner[token : token + 1] = [] if new is _REMOVED else [new]


def test_the_document_that_is_changed_is_read_whole() -> None:
    checked = check_document(read_document(json.dumps(_WHOLE), "file:///main.json"), OneSource())
    assert [each.code for each in checked.problems if each.is_error] == []


@settings(deadline=None, max_examples=150)
@given(_CHANGES)
@example([(("workflows", 0, "steps", 0, "successCriteria", 1, "condition"), "$[?@.a && (")])
@example([(("sourceDescriptions", 0, "url"), "http://[::1")])
def test_no_change_to_a_document_raises_anything_but_diagnostics(
    changes: list[tuple[tuple[str | int, ...], Any]],
) -> None:
    text = json.dumps(_changed(changes))
    try:
        checked = check_document(read_document(text, "file:///main.json"), OneSource())
    except ArazzoError as error:
        problems = error.diagnostics
    else:
        problems = checked.problems
    assert all(each.location is None or each.location.line >= 1 for each in problems)


@given(st.lists(st.text()))
def test_a_json_pointer_that_is_written_and_parsed_is_the_same(tokens: list[str]) -> None:
    assert parse_pointer(render_pointer(tokens)) == tuple(tokens)


@given(st.text())
def test_no_text_makes_the_parser_of_pointers_raise_anything_but_its_own_error(text: str) -> None:
    try:
        pointer = parse_pointer(text)
    except ValueError:
        return
    assert render_pointer(pointer) == text
