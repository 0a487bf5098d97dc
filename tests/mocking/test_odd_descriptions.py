"""What a mock answers where a description says little, or what cannot be: always something, and never for long."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from arazzo_engine import Engine
from arazzo_engine.language.messages.exchange import Request
from arazzo_engine.world.mocking.answering import Answered, Mock, mock_of

if TYPE_CHECKING:
    from pathlib import Path

_SCHEMAS: dict[str, Any] = {
    "Node": {
        "type": "object",
        "required": ["id", "child"],
        "properties": {
            "id": {"type": "string"},
            "child": {"$ref": "#/components/schemas/Node"},
            "others": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
        },
    },
    "Self": {"$ref": "#/components/schemas/Self"},
    "Never": {"type": "string", "minLength": 10, "maxLength": 2, "allOf": [{"type": "integer"}]},
}


def _json(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _named(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _operation(answer: dict[str, Any], body: Any = None) -> dict[str, Any]:
    operation: dict[str, Any] = {"responses": {"200": {"description": "", **answer}}}
    return operation if body is None else {**operation, "requestBody": _json(body)}


_PATHS = {
    "/none": {"get": {"operationId": "none", "responses": {}}},
    "/empty": {"get": _operation({"content": {"application/json": {}}}), "post": _operation({}, {})},
    "/false": {"get": _operation(_json(schema=False)), "post": _operation({}, body=False)},
    "/tree": {"get": _operation(_json(_named("Node"))), "post": _operation(_json(_named("Node")), _named("Node"))},
    "/self": {"get": _operation(_json(_named("Self"))), "post": _operation({}, _named("Self"))},
    "/never": {"get": _operation(_json(_named("Never"))), "post": _operation({}, _named("Never"))},
    "/bare/{id}": {"get": {"parameters": [{"name": "id", "in": "path", "required": True}], "responses": {}}},
}


@pytest.fixture
def mock(tmp_path: Path) -> Mock:
    """An API of which little can be known, and a workflow whose criteria exclude each other."""
    described = {"openapi": "3.1.0", "info": {"title": "Odd", "version": "1"}, "servers": [{"url": "https://odd.test"}]}
    described |= {"paths": _PATHS, "components": {"schemas": _SCHEMAS}}
    (tmp_path / "odd.yaml").write_text(yaml.safe_dump(described))
    criteria = ["$response.body#/x == 'a'", "$response.body#/x == $response.body#/y", "$response.body#/y == 'b'"]
    step = {"stepId": "a", "operationId": "none", "successCriteria": [{"condition": each} for each in criteria]}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "Odd", "version": "1"},
        "sourceDescriptions": [{"name": "odd", "url": "odd.yaml", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [step]}],
    }
    (tmp_path / "odd.arazzo.yaml").write_text(yaml.safe_dump(document))
    with Engine(offline=True) as engine:
        return mock_of([engine.load(tmp_path / "odd.arazzo.yaml")])


def _ask(mock: Mock, method: str, path: str, body: bytes = b"") -> Answered:
    headers = (("Content-Type", "application/json"),) if body else ()
    return mock.answer(Request(method, f"http://mock{path}", headers, body))


@pytest.mark.parametrize("path", [*_PATHS, "/bare/%ff%00"])
def test_everything_is_answered_in_bounds(mock: Mock, path: str) -> None:
    for _ in range(3):
        answered = _ask(mock, "GET", path)
        assert answered.response.status == 200
        assert len(answered.response.content) < 100_000
        assert json.loads(answered.response.content or b"0") is not Ellipsis


@pytest.mark.parametrize(
    ("path", "body", "status", "told"),
    [
        ("/empty", b"[1]", 200, ""),
        ("/false", b"1", 422, "the body: "),
        ("/never", b'"abc"', 422, "the body: "),
        ("/self", b"1", 200, ""),
        ("/tree", b'{"id": "x", "child": {}}', 422, "the body: the request's body at `/child` lacks `id`, `child`"),
        ("/tree", b'{"id": ', 422, "the body cannot be read: "),
        ("/tree", b"[" * 100_000, 422, "the body cannot be read: "),
        ("/tree", b"\xff\xfe", 422, "the body cannot be read: "),
    ],
)
def test_what_is_sent_is_judged_by_what_there_is(mock: Mock, path: str, body: bytes, status: int, told: str) -> None:
    answered = _ask(mock, "POST", path, body)
    assert answered.response.status == status, answered.mistakes
    assert "".join(answered.mistakes).startswith(told)
