"""A schema of an input that refers into a source leads to the document that the source was read from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine import Engine
from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic

_OPERATION = {"operationId": "list", "responses": {"200": {"description": "ok"}}}
_API: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://x.example"}],
    "paths": {"/pets": {"get": _OPERATION}},
    "components": {"schemas": {"Age": {"type": "integer"}}},
}
_WAYS: dict[str, Any] = {
    "reference": {"$ref": "{$sourceDescriptions.api.url}#/components/schemas/Age"},
    "without braces": {"$ref": "$sourceDescriptions.api.url#/components/schemas/Age"},
    "text": "{$sourceDescriptions.api.url}#/components/schemas/Age",
    "reusable": {"reference": "{$sourceDescriptions.api.url}#/components/schemas/Age"},
}
_PLAIN = {"$ref": "./specs/api.json#/components/schemas/Age"}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path / "specs")


def _write(age: Any, url: str, **more: Any) -> None:
    step = {"stepId": "s", "operationId": "list", "parameters": [{"name": "a", "in": "query", "value": "$inputs.age"}]}
    document = {
        "arazzo": "1.1.0",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": url, "type": "openapi"}],
        "workflows": [
            {"workflowId": "w", "inputs": {"type": "object", "properties": {"age": age}}, "steps": [step]},
        ],
        **more,
    }
    Path("w.json").write_text(json.dumps(document, indent=1))


def _found(**sources: str) -> list[Diagnostic]:
    with Engine(sources=sources) as engine:
        return list(engine.validate("w.json"))


@pytest.mark.parametrize("way", _WAYS)
def test_an_expression_of_a_url_leads_to_the_file_where_the_source_was_found(way: str) -> None:
    Path("api.json").write_text(json.dumps(_API))
    _write(_WAYS[way], "./specs/api.json")
    found = _found()
    assert [(each.code, each.fix) for each in found] == [
        ("repaired", "write `./api.json`"),
        ("repaired", "write `$ref: './api.json#/components/schemas/Age'`"),
    ]
    assert run_command(["rehearse", "w.json", "-i", "age=3"]) == 0
    assert run_command(["rehearse", "w.json", "-i", "age=x"]) == 2
    assert run_command(["fix", "w.json", "--write"]) == 0
    assert _found() == []


def test_the_url_of_a_source_that_was_found_elsewhere_leads_there_in_a_schema_too() -> None:
    Path("api.json").write_text(json.dumps(_API))
    _write(_PLAIN, "./specs/api.json")
    assert [each.fix for each in _found()] == [
        "write `./api.json`",
        "write `$ref: './api.json#/components/schemas/Age'`",
    ]


@pytest.mark.parametrize("url", ["./specs/api.json", "./gone.json", "https://shop.example/api.json"])
def test_a_source_that_is_given_is_the_one_of_its_schemas(url: str) -> None:
    Path("other.json").write_text(json.dumps(_API))
    _write(_WAYS["reference"], url)
    assert [each.fix for each in _found(api="other.json")] == [f"write `$ref: '{url}#/components/schemas/Age'`"]
    _write({"$ref": f"{url}#/components/schemas/Age"}, url)
    assert _found(api="other.json") == []


def test_a_schema_that_the_source_lacks_is_told_once() -> None:
    Path("api.json").write_text(json.dumps(_API))
    _write({"$ref": "{$sourceDescriptions.api.url}#/components/schemas/Gone"}, "api.json")
    (finding,) = _found()
    assert (finding.code, finding.message) == (
        "reference-not-found",
        "`{$sourceDescriptions.api.url}#/components/schemas/Gone` leads nowhere: there is no `Gone`",
    )


def test_a_component_that_refers_into_a_source_is_told_once() -> None:
    Path("api.json").write_text(json.dumps(_API))
    _write({"$ref": "#/components/inputs/age"}, "api.json", components={"inputs": {"age": _WAYS["reference"]}})
    assert [each.fix for each in _found()] == ["write `$ref: 'api.json#/components/schemas/Age'`"]
    _write({"type": "integer"}, "api.json", components={"inputs": {"age": _WAYS["reference"]}})
    assert [each.code for each in _found()] == ["repaired"]
