"""A body without `payload`, and one word around all that it has: its operation decides what is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine import Engine, rehearse

if TYPE_CHECKING:
    from pathlib import Path

_NAME: dict[str, Any] = {"type": "object", "properties": {"name": {"type": "string"}, "n": {"type": "integer"}}}
_ANY: dict[str, Any] = {"type": "object"}
_LIST: dict[str, Any] = {"type": "array", "items": {"type": "integer"}}
_OPEN_API = {"application/json": {"schema": {"type": "object"}, "example": {"name": "Rex"}}}


def _written(
    folder: Path, body: Any, schema: Any, media_type: str = "application/json", at: str = "requestBody"
) -> Path:
    content = {media_type: {} if schema is None else {"schema": schema}}
    operation = {"operationId": "put", "requestBody": {"content": content}, "responses": {"200": {"description": "ok"}}}
    api = {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {"/a": {"put": operation}},
    }
    (folder / "api.json").write_text(json.dumps(api))
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [
            {
                "workflowId": "w",
                "inputs": {"type": "object", "properties": {"dog": {"type": "object", "default": {"name": "Rex"}}}},
                "steps": [{"stepId": "a", "operationId": "put", at: body}],
            }
        ],
    }
    (folder / "w.json").write_text(json.dumps(document))
    return folder / "w.json"


def _problems(path: Path) -> list[tuple[str, str, str]]:
    with Engine() as engine:
        return [(each.code, each.message, each.fix) for each in engine.validate(path)]


def _sent(path: Path) -> str:
    (step,) = rehearse(path, "w").steps
    assert step.request is not None
    return bytes(step.request.content).decode()


@pytest.mark.parametrize("word", ["data", "json", "value", "raw", "form", "content", "example", "body"])
@pytest.mark.parametrize("value", [{"name": "Rex"}, "$inputs.dog"])
def test_a_word_that_is_no_member_is_around_all_of_it(tmp_path: Path, word: str, value: Any) -> None:
    path = _written(tmp_path, {word: value}, _NAME)
    before, after = (json.dumps({name: value}, separators=(",", ":")) for name in (word, "payload"))
    message = f"`requestBody: {before}` is read as `requestBody: {after}`: what is sent stands under `payload`"
    assert _problems(path)[0] == ("repaired", message, f"write `requestBody: {after}`")
    assert _sent(path) == '{"name":"Rex"}'


@pytest.mark.parametrize("word", ["data", "body", "text"])
def test_a_word_that_the_schema_knows_is_a_member(tmp_path: Path, word: str) -> None:
    path = _written(tmp_path, {word: "Rex"}, {"type": "object", "properties": {word: {"type": "string"}}})
    assert [code for code, _, _ in _problems(path)] == ["repaired"]
    assert _sent(path) == json.dumps({word: "Rex"}, separators=(",", ":"))


@pytest.mark.parametrize(
    ("body", "schema"),
    [
        ({"data": {"name": "Rex"}}, _ANY),
        ({"data": {"name": "Rex"}}, None),
        ({"data": {"other": "Rex"}}, _NAME),
        ({"text": "Rex"}, _NAME),
        ({"data": [1]}, _NAME),
        ({"data": {"name": "Rex"}, "json": {"name": "Rex"}}, _NAME),
        ({"schema": {"type": "object"}}, _NAME),
        ({"required": True, "schema": {"type": "object"}}, _NAME),
    ],
)
def test_what_may_be_both_or_none_is_refused(tmp_path: Path, body: Any, schema: Any) -> None:
    (problem,) = (each for each in _problems(_written(tmp_path, body, schema)) if each[0] == "field-value")
    assert "may be all of what is sent, or a member of that name" in problem[1]


def test_what_is_refused_is_told_with_both_readings(tmp_path: Path) -> None:
    (problem,) = _problems(_written(tmp_path, {"data": {"name": "Rex"}}, _ANY))
    assert problem[2] == (
        'write `requestBody: {"payload":{"name":"Rex"}}` if it is all of it, and '
        '`requestBody: {"payload":{"data":{"name":"Rex"}}}` if it is a member'
    )


@pytest.mark.parametrize(
    ("body", "schema", "sent"),
    [
        ({"contentType": "application/json", "data": {"name": "Rex"}}, _NAME, '{"name":"Rex"}'),
        ({"mode": "raw", "raw": '{"name": "Rex"}'}, _NAME, '{"name": "Rex"}'),
        ({"required": True, "description": "a dog", "value": {"name": "Rex"}}, _NAME, '{"name":"Rex"}'),
        ({"schema": _NAME, "example": {"name": "Rex"}}, _NAME, '{"name":"Rex"}'),
        ({"data": [1]}, _LIST, "[1]"),
        ({"body": {"other": 1}}, None, '{"other":1}'),
    ],
)
def test_what_says_nothing_beside_it_is_not_sent(tmp_path: Path, body: Any, schema: Any, sent: str) -> None:
    path = _written(tmp_path, body, schema)
    assert _problems(path)[0][0] == "repaired"
    assert _sent(path) == sent


def test_a_text_is_all_of_a_body_of_text(tmp_path: Path) -> None:
    path = _written(tmp_path, {"text": "Rex"}, {"type": "string"}, "text/plain")
    assert _sent(path) == "Rex"


@pytest.mark.parametrize("at", ["requestBody", "body", "payload"])
def test_a_body_that_is_described_as_in_openapi_is_its_example(tmp_path: Path, at: str) -> None:
    path = _written(tmp_path, {"required": True, "content": _OPEN_API}, _NAME, at=at)
    assert _sent(path) == '{"name":"Rex"}'


@pytest.mark.parametrize(
    "body",
    [
        {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
        {"content": _OPEN_API, "name": "Rex"},
    ],
)
def test_a_description_of_a_body_is_never_sent(tmp_path: Path, body: Any) -> None:
    codes = {code for code, _, _ in _problems(_written(tmp_path, body, _NAME))}
    assert "field-unknown" in codes


def test_it_is_told_where_it_stands(tmp_path: Path) -> None:
    path = _written(tmp_path, {"data": "$steps.none.outputs.dog"}, _NAME)
    with Engine() as engine:
        (place,) = (each.location for each in engine.validate(path) if each.code == "unknown-step" and each.location)
    assert place.pointer == "/workflows/0/steps/0/requestBody/data"
