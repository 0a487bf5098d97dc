"""A text with commas for a parameter that is a list: the list, where the text can be nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine import Engine, rehearse

if TYPE_CHECKING:
    from pathlib import Path

_WORDS: Final = "the parameter is a list, and a comma within one element would be sent as `%2C`"
_TEXTS: Final = {"type": "array", "items": {"type": "string"}}
_LISTED: Final = {"type": "array", "items": {"type": "string", "enum": ["a", "b", "c,d"]}}
_NUMBERS: Final = {"type": "array", "items": {"type": "integer"}}


def _written(folder: Path, value: str, schema: Any, **more: Any) -> Path:
    parameter = {"name": "f", "in": "query", "schema": schema, **more}
    route = "/a/{f}" if parameter["in"] == "path" else "/a"
    parameter = {**parameter, "required": True} if parameter["in"] == "path" else parameter
    operation = {"operationId": "get", "parameters": [parameter], "responses": {"200": {"description": "ok"}}}
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {route: {"get": operation}},
    }
    (folder / "api.json").write_text(json.dumps(api))
    given = {"name": "f", "in": parameter["in"], "value": value}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [{"stepId": "a", "operationId": "get", "parameters": [given]}]}],
    }
    (folder / "w.json").write_text(json.dumps(document))
    return folder / "w.json"


def _told(path: Path) -> list[str]:
    with Engine() as engine:
        return [f"{each.code}: {each.message}; {each.fix}" for each in engine.validate(path) if each.code == "repaired"]


def _sent(path: Path) -> str:
    (step,) = rehearse(path, "w").steps
    assert step.request is not None
    return str(step.request.url).removeprefix("https://a.example/a")


@pytest.mark.parametrize(
    ("value", "schema", "more", "written", "sent"),
    [
        ("a,b", _TEXTS, {"explode": False}, '["a","b"]', "?f=a,b"),
        ("a,b", _LISTED, {}, '["a","b"]', "?f=a&f=b"),
        ("a, b", _LISTED, {"explode": False}, '["a","b"]', "?f=a,b"),
        ("1,2", _NUMBERS, {}, "[1,2]", "?f=1&f=2"),
        ("x,y", _TEXTS, {"in": "path"}, '["x","y"]', "/x,y"),
    ],
)
def test_a_text_that_can_only_be_a_list_is_one(
    tmp_path: Path, value: str, schema: Any, more: Any, written: str, sent: str
) -> None:
    path = _written(tmp_path, value, schema, **more)
    place = more.get("in", "query")
    message = f"the text of {place} parameter `f` is read as `{written}`: {_WORDS}"
    assert _told(path) == [f"repaired: {message}; write `{written}`"]
    assert _sent(path) == sent


@pytest.mark.parametrize(
    ("value", "schema", "more"),
    [
        ("a,b", _TEXTS, {}),
        ("Smith, John", _TEXTS, {"explode": False}),
        ("a,,b", _TEXTS, {"explode": False}),
        ("c,d", _LISTED, {}),
        ("a,e", _LISTED, {}),
        ("1,two", _NUMBERS, {}),
        ("a,b", _TEXTS, {"explode": False, "style": "pipeDelimited"}),
        ("a,b", _TEXTS, {"explode": False, "allowReserved": True}),
        ("a,b", {"type": "string"}, {"explode": False}),
        ("a,b", {"type": ["string", "array"]}, {"explode": False}),
        ('["a","b"]', _TEXTS, {"explode": False}),
        ("a", _TEXTS, {"explode": False}),
    ],
)
def test_a_text_that_may_be_one_element_stays(tmp_path: Path, value: str, schema: Any, more: Any) -> None:
    assert _told(_written(tmp_path, value, schema, **more)) == []
