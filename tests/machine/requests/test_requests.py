"""The exact request that a step sends: its parameters where they belong, its body, its credentials."""

from __future__ import annotations

import json
from typing import Any

import pytest
from scripted import OneSource, ScriptedWorld

from arazzo_engine.apis.security.access import Access
from arazzo_engine.apis.security.credentials import Credential, Credentials
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.reading import read_document
from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.machine.settings import Settings
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.drivers.driving import drive
from arazzo_engine.world.preparing import check_document, make_ready

_INPUTS = {"id": "a/b c?", "list": ["x", "y z"], "object": {"k": "v", "n": 1}, "no": None, "yes": True, "n": 1.0}


class _Source(OneSource):
    def __init__(self, operation: dict[str, Any], path: str) -> None:
        value = {
            "openapi": "3.1.0",
            "info": {},
            "servers": [{"url": "https://{region}.x.example/v1/", "variables": {"region": {"default": "eu"}}}],
            "security": [{"key": []}],
            "paths": {path: {"post": {"operationId": "op", "responses": {}, **operation}}},
            "components": {
                "securitySchemes": {
                    "key": {"type": "apiKey", "in": "query", "name": "api_key"},
                    "login": {"type": "http", "scheme": "basic"},
                }
            },
        }
        self.api = read_document(json.dumps(value), "file:///api.json")


def _send(operation: dict[str, Any], path: str = "/things", **step: Any) -> Any:
    properties: dict[str, Any] = {name: {} for name in [*_INPUTS, "absent"]}
    text = {
        "arazzo": "1.1.0",
        "info": {"title": "One request", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [
            {
                "workflowId": "main",
                "inputs": {"properties": properties},
                "steps": [{"stepId": "one", "operationId": "op", **step}],
            }
        ],
    }
    checked = check_document(read_document(json.dumps(text), "file:///main.json"), _Source(operation, path))
    credentials = Credentials({("", "key"): Credential("k&y"), ("", "login"): Credential("me:pass")})
    access = Access(credentials=credentials)
    ready = make_ready(checked, ["main"], GivenInputs(_INPUTS), Settings(access))
    world = ScriptedWorld()
    report = drive(run(Session(ready.linked, Settings(access)), ready.calls[0], "run"), world)
    if not world.sent:
        raise ArazzoError(*report.steps[0].diagnostics)
    return world.sent[0].request


def _parameter(name: str, place: str, value: object) -> dict[str, object]:
    return {"name": name, "in": place, "value": value}


@pytest.mark.parametrize(
    ("place", "name", "value", "url"),
    [
        ("query", "q", "$inputs.id", "?q=a%2Fb%20c%3F&api_key=k%26y"),
        ("query", "q", "$inputs.list", "?q=x&q=y%20z&api_key=k%26y"),
        ("query", "q", "$inputs.object", "?k=v&n=1&api_key=k%26y"),
        ("query", "q", "$inputs.no", "?q=&api_key=k%26y"),
        ("query", "q", "$inputs.yes", "?q=true&api_key=k%26y"),
        ("query", "q", "$inputs.n", "?q=1&api_key=k%26y"),
        ("query", "q", "$inputs.absent", "?api_key=k%26y"),
        ("query", "api_key", "mine", "?api_key=mine"),
        ("querystring", "all", "a={$inputs.id}&b=1", "?a=a%2Fb%20c%3F&b=1&api_key=k%26y"),
        ("querystring", "all", "$inputs.object", "?k=v&n=1&api_key=k%26y"),
    ],
)
def test_undeclared_query_parameters_are_sent_in_the_default_style(place: str, name: str, value: str, url: str) -> None:
    request = _send({}, parameters=[_parameter(name, place, value)])
    assert request.url == "https://eu.x.example/v1/things" + url


def test_the_querystring_of_an_operation_is_the_one_that_is_set_whatever_its_name() -> None:
    declared = {"name": "q", "in": "querystring", "content": {"application/json": {}}}
    request = _send({"parameters": [declared]}, parameters=[_parameter("x", "querystring", '{"a": "{$inputs.id}"}')])
    assert request.url == "https://eu.x.example/v1/things?%7B%22a%22%3A%20%22a%2Fb%20c%3F%22%7D&api_key=k%26y"


def test_a_path_value_never_changes_the_route() -> None:
    request = _send({}, "/things/{id}/parts", parameters=[_parameter("id", "path", "$inputs.id")])
    assert request.url.startswith("https://eu.x.example/v1/things/a%2Fb%20c%3F/parts?")


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_path_value_that_would_change_the_route_is_not_sent(value: str) -> None:
    with pytest.raises(ArazzoError) as refused:
        _send({}, "/things/{id}", parameters=[_parameter("id", "path", value)])
    assert [each.code for each in refused.value.diagnostics] == ["value-unsendable"]


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\x00b", "\u20ac"])
def test_a_header_value_never_adds_a_line(value: str) -> None:
    with pytest.raises(ArazzoError) as refused:
        _send({}, parameters=[_parameter("X-Name", "header", value)])
    assert [each.code for each in refused.value.diagnostics] == ["value-unsendable"]


def test_headers_and_cookies_stand_where_they_belong() -> None:
    parameters = [
        _parameter("X-List", "header", "$inputs.list"),
        _parameter("a", "cookie", "$inputs.id"),
        _parameter("b", "cookie", 2),
    ]
    request = _send({"security": [{"login": []}]}, parameters=parameters)
    assert request.headers == (
        ("X-List", "x,y z"),
        ("Authorization", "Basic bWU6cGFzcw=="),
        ("Cookie", "a=a%2Fb%20c%3F; b=2"),
    )


@pytest.mark.parametrize(
    ("payload", "content"),
    [
        ({"a": "$inputs.n", "b": "$inputs.absent", "c": ["$inputs.object"]}, b'{"a":1.0,"c":[{"k":"v","n":1}]}'),
        ("$inputs.list", b'["x","y z"]'),
        ("$inputs.id", b'"a/b c?"'),
        ("$inputs.no", b"null"),
        ('{"id": "{$inputs.id}"}', b'{"id": "a/b c?"}'),
        ("just text", b'"just text"'),
        ("$inputs.absent", b""),
        ({"\u00e9": "\u20ac"}, '{"é":"€"}'.encode()),
    ],
)
def test_a_payload_becomes_json(payload: object, content: bytes) -> None:
    request = _send({}, requestBody={"payload": payload})
    assert request.content == content
    assert request.headers == ((("Content-Type", "application/json"),) if content else ())


def test_a_text_is_sent_as_it_is_when_the_media_type_is_text() -> None:
    request = _send({}, requestBody={"contentType": "application/xml", "payload": "<a>{$inputs.id}</a>"})
    assert request.content == b"<a>a/b c?</a>"
    assert request.headers == (("Content-Type", "application/xml"),)


def test_the_media_type_is_the_operations_when_the_step_names_none() -> None:
    content: dict[str, Any] = {"text/plain": {}, "application/vnd.thing+json": {}}
    request = _send({"requestBody": {"content": content}}, requestBody={"payload": {"a": 1}})
    assert request.headers == (("Content-Type", "application/vnd.thing+json"),)


@pytest.mark.parametrize(
    ("schema", "value", "query"),
    [
        ({"type": "integer"}, 1.0, "q=1&"),
        ({"type": "array", "items": {"type": "integer"}}, [1.0, 2.0], "q=1&q=2&"),
        ({"type": "number"}, 1.0, "q=1&"),
        ({"type": "integer"}, "1.0", "q=1.0&"),
    ],
)
def test_a_whole_number_is_sent_without_a_point(schema: Any, value: Any, query: str) -> None:
    declared = {"name": "q", "in": "query", "schema": schema}
    request = _send({"parameters": [declared]}, parameters=[_parameter("q", "query", value)])
    assert query in request.url
