"""A number in a parameter that is sent in another way than it is written: a warning, where a text may be meant."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine import Engine

if TYPE_CHECKING:
    from pathlib import Path

_API = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://shop.example.com"}],
    "paths": {
        "/a": {
            "get": {
                "operationId": "a",
                "parameters": [
                    {"name": "text", "in": "query", "schema": {"$ref": "#/components/schemas/code"}},
                    {"name": "number", "in": "query", "schema": {"type": ["integer", "number"]}},
                    {"name": "any", "in": "header"},
                    {"name": "maybe", "in": "query", "schema": {"anyOf": [{"type": "number"}, {"type": "null"}]}},
                    {"name": "listed", "in": "query", "schema": {"enum": [1.0, 2.0]}},
                    {"name": "several", "in": "query", "schema": {"type": "array", "items": {"type": "number"}}},
                    {"name": "json", "in": "query", "content": {"application/json": {"schema": {"type": "number"}}}},
                ],
                "responses": {"200": {"description": "ok"}},
            }
        }
    },
    "components": {"schemas": {"code": {"type": "string"}}},
}


def _found(value: str, tmp_path: Path, name: str = "text", place: str = "query") -> list[Any]:
    (tmp_path / "api.json").write_text(json.dumps(_API))
    document = f"""
arazzo: 1.0.1
info: {{title: t, version: '1'}}
sourceDescriptions: [{{name: api, url: api.json}}]
workflows:
- workflowId: w
  steps:
  - stepId: s
    operationId: a
    parameters:
    - {{name: {name}, in: {place}, value: {value}}}
"""
    with Engine() as engine:
        found = engine.validate(document, base=str(tmp_path / "w.yaml"))
    return [each for each in found if each.code == "number-rewritten"]


@pytest.mark.parametrize(
    ("value", "sent"), [("01234", "1234"), ("1.10", "1.1"), ("2.0", "2"), ("+49170", "49170"), ("1e3", "1000")]
)
def test_a_number_for_a_text_is_told_with_both_ways_to_write_it(value: str, sent: str, tmp_path: Path) -> None:
    (found,) = _found(value, tmp_path)
    assert found.severity.value == "warning"
    assert found.message == f"`{value}` is a number, and parameter `text` is sent as `{sent}`"
    assert found.fix == f"write `'{value}'` where this text is meant, and `{sent}` where the number is"


def test_a_number_for_what_has_no_type_is_told_too(tmp_path: Path) -> None:
    assert len(_found("2.0", tmp_path, "any", "header")) == 1


@pytest.mark.parametrize("value", ["1234", "1.5", "'01234'", "01234x", "'2.0'"])
def test_what_is_sent_as_it_is_written_is_not_told(value: str, tmp_path: Path) -> None:
    assert _found(value, tmp_path) == []


@pytest.mark.parametrize("name", ["number", "maybe", "listed", "several", "json"])
def test_a_number_for_a_number_is_the_same_in_any_way(name: str, tmp_path: Path) -> None:
    assert _found("2.0", tmp_path, name) == []
