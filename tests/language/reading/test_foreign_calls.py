"""A step that calls an operation as another format does is told once, with what is to be written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine import Engine

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic

_API = """
openapi: 3.1.0
info: {title: Shop, version: '1'}
servers: [{url: https://shop.example.com}]
paths:
  /items: {get: {operationId: listItems, responses: {'200': {description: ok}}}}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("api.yaml").write_text(_API)


def _found(*steps: dict[str, Any], version: str = "1.0.0", **root: Any) -> list[Diagnostic]:
    numbered = [{"stepId": f"s{index}", **step} for index, step in enumerate(steps)]
    workflows = [{"workflowId": "w", "steps": numbered}]
    document = {"arazzo": version, "info": {"title": "t", "version": "1"}, **root, "workflows": workflows}
    with Engine() as engine:
        return list(engine.validate(json.dumps(document), base=str(Path("w.json").absolute())))


def _told(found: list[Diagnostic]) -> list[tuple[str, str]]:
    return [(each.code, each.fix) for each in found]


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0"])
def test_an_operation_of_a_file_by_reference_is_told_with_its_id_and_its_file(version: str) -> None:
    reference = {"operationRef": "api.yaml#/operations/listItems"}
    fix = "write `operationId: listItems`, and have `api.yaml` among the `sourceDescriptions`"
    assert _told(_found(reference, reference, version=version)) == [
        ("field-missing", "add `sourceDescriptions: [{name: api, url: api.yaml, type: openapi}]`"),
        ("field-unknown", fix),
        ("field-unknown", fix),
    ]


def test_what_is_to_be_written_then_has_no_error() -> None:
    sources = [{"name": "api", "url": "api.yaml", "type": "openapi"}]
    assert _found({"operationId": "listItems"}, sourceDescriptions=sources) == []


def test_operations_at_the_root_are_not_to_be_removed() -> None:
    operations = [{"operationId": "ping", "method": "GET", "url": "https://x.example/ping"}]
    found = _found({"operationRef": "#/operations/ping"}, operations=operations)
    assert _told(found) == [
        ("field-missing", "add `sourceDescriptions`"),
        (
            "field-unknown",
            "describe them under `paths` of an OpenAPI description, and list that in `sourceDescriptions`",
        ),
        (
            "field-unknown",
            "write `operationId: ping`, and have a description with that operation among the `sourceDescriptions`",
        ),
    ]


@pytest.mark.parametrize("name", ["sources", "apis"])
def test_sources_by_another_name_are_told_once(name: str) -> None:
    sources = [{"name": "api", "url": "api.yaml", "type": "openapi"}]
    root: dict[str, Any] = {name: sources}
    assert _told(_found({"operationId": "listItems"}, **root)) == [
        ("field-missing", f"rename `{name}` to `sourceDescriptions`"),
    ]


def test_a_step_without_any_call_calls_nothing() -> None:
    sources = [{"name": "api", "url": "api.yaml", "type": "openapi"}]
    assert [each.code for each in _found({"description": "x"}, sourceDescriptions=sources)] == ["exclusive-fields"]
    found = _found({"method": "GET", "url": "https://x.example/ping"}, sourceDescriptions=sources)
    assert [each.code for each in found] == ["field-unknown", "field-unknown"]


@pytest.mark.parametrize("field", ["request", "http", "data"])
def test_a_request_by_its_method_and_url_is_no_body(field: str) -> None:
    request = {field: {"method": "GET", "url": "https://shop.example/items"}}
    sources = [{"name": "shop", "url": "api.yaml"}]
    found = _found(request, {"operationId": "listItems", **request}, sourceDescriptions=sources)
    called, sent = (each.fix for each in found if each.code == "field-unknown")
    assert called == "name an operation of a source description: `operationId`, or `operationPath`"
    assert sent != called
