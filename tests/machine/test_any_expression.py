"""Any expression, at any place that takes one, over an answer that has it, lacks it or holds another type: no bug."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arazzo_engine import ArazzoError, Engine

if TYPE_CHECKING:
    from collections.abc import Callable

EXPRESSIONS: Final = (
    *("$url", "$method", "$statusCode", "$request.header.X-Key", "$request.query.q", "$request.path.id"),
    "$request.body",
    *("$request.body#/a/0", "$response.header.X-Next", "$response.body", "$response.body#/a", "$response.body#/a/b"),
    *("$inputs.x", "$inputs.x#/a", "$steps.first.outputs.o", "$steps.first.outputs.o#/a", "$workflows.main.inputs.x"),
    *("$workflows.main.outputs.o", "$sourceDescriptions.api.url", "$self"),
)  # fmt: skip
VALUES: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    1.5,
    "",
    "x",
    [],
    {},
    [None],
    {"a": None},
    {"a": {"b": []}},
    {"a": [1]},
)
API: Final = {
    "openapi": "3.1.0",
    "info": {"title": "A", "version": "1"},
    "servers": [{"url": "http://api.example"}],
    "paths": {
        "/a/{id}": {
            "post": {
                "operationId": "op",
                "security": [{"key": []}],
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {}}],
                "requestBody": {"content": {"application/json": {"schema": {}}, "text/plain": {}}},
                "responses": {},
            }
        }
    },
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
}


def _payload(payload: Any, **more: Any) -> dict[str, Any]:
    return {"requestBody": {"contentType": "application/json", "payload": payload, **more}}


_RETRY: Final = {"name": "r", "type": "retry", "retryAfter": 0, "retryLimit": 1}
# what a step has for an expression in each place; a parameter is one of its own
PLACES: Final[dict[str, Callable[[str], dict[str, Any]]]] = {
    "path": lambda text: {"parameters": [{"name": "id", "in": "path", "value": text}]},
    **{
        place: lambda text, place=place: {  # type: ignore[misc]  # a default keeps the place of each
            "parameters": [
                {"name": "id", "in": "path", "value": "1"},
                {"name": "X-Key" if place == "header" else "q", "in": place, "value": text},
            ]
        }
        for place in ("header", "query", "cookie")
    },
    "payload": lambda text: _payload({"a": text, "b": [text]}),
    "text payload": lambda text: {"requestBody": {"contentType": "text/plain", "payload": f"a{{{text}}}b"}},
    "replacement": lambda text: _payload({"a": 1}, replacements=[{"target": "/a", "value": text}]),
    "output": lambda text: {"outputs": {"p": text}},
    "condition": lambda text: {"successCriteria": [{"condition": f"{text} == 'x' || !{text} || {text} > 1"}]},
    "context": lambda text: {"successCriteria": [{"context": text, "condition": "$[?@.a]", "type": "jsonpath"}]},
    "pattern": lambda text: {"successCriteria": [{"context": text, "condition": f"^{{{text}}}$", "type": "regex"}]},
    "action": lambda text: {"onFailure": [{**_RETRY, "criteria": [{"condition": f"{text} != null"}]}]},
    "workflow output": lambda _text: {},
}
# where an expression is never written in braces
BARE: Final = frozenset({"condition", "context", "pattern", "text payload", "action"})


def _document(place: str, text: str) -> dict[str, Any]:
    step = {"operationId": "op", "parameters": [{"name": "id", "in": "path", "value": "1"}]}
    steps = [
        {"stepId": "first", **step, "outputs": {"o": "$response.body"}},
        {"stepId": "second", **step, **PLACES[place](text)},
    ]
    outputs = {"outputs": {"o": text}} if place == "workflow output" else {}
    return {
        "arazzo": "1.1.0",
        "info": {"title": "Any", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "main", "inputs": {}, "steps": steps, **outputs}],
    }


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=60)
@given(
    text=st.sampled_from(EXPRESSIONS),
    braces=st.booleans(),
    values=st.lists(st.sampled_from(VALUES), min_size=3, max_size=3),
    status=st.sampled_from((200, 500)),
)
def test_no_expression_is_a_bug_anywhere(place: str, text: str, braces: bool, values: list[Any], status: int) -> None:
    bodies = iter([*values, *values])

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api.json":
            return httpx.Response(200, json=API)
        return httpx.Response(status, json=next(bodies, None))

    written = f"{{{text}}}" if braces and place not in BARE else text
    with Engine(transport=httpx.MockTransport(answer), credentials={"key": "k"}, max_steps=9) as engine:
        try:
            program = engine.load(_document(place, written), base="http://docs.example/main.json")
            report = program.run(inputs={"x": values[2]})
        except ArazzoError:
            return
    assert [str(each) for each in report.findings if each.code == "engine-bug"] == []
    json.dumps(report.to_json())
