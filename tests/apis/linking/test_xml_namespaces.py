"""Names of an XPath that have no prefix, over XML that is described with a namespace: those of any namespace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine import Engine, rehearse
from arazzo_engine.language.queries.xpath import in_any_namespace, names_in

if TYPE_CHECKING:
    from pathlib import Path

_PARTS: Final = {"type": "array", "items": {"type": "object", "properties": {"Key": {"type": "string"}}}}
_RESULT: Final[dict[str, Any]] = {
    "type": "object",
    "xml": {"name": "Result", "namespace": "http://n.example/"},
    "required": ["ETag", "Part"],
    "properties": {"ETag": {"type": "string"}, "Part": _PARTS},
}
_WORDS: Final = "the XML is described with a namespace, and a name without a prefix is in none"


def _written(folder: Path, condition: str, schema: Any = None, type_: Any = "xpath") -> Path:
    content = {"application/xml": {"schema": schema or _RESULT}}
    operation = {"operationId": "get", "responses": {"200": {"description": "ok", "content": content}}}
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {"/a": {"get": operation}},
    }
    (folder / "api.json").write_text(json.dumps(api))
    criterion = {"context": "$response.body", "type": type_, "condition": condition}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [
            {"workflowId": "w", "steps": [{"stepId": "a", "operationId": "get", "successCriteria": [criterion]}]}
        ],
    }
    (folder / "w.json").write_text(json.dumps(document))
    return folder / "w.json"


def _told(path: Path) -> list[str]:
    with Engine() as engine:
        return [f"{each.severity.value}[{each.code}]: {each.message}; {each.fix}" for each in engine.validate(path)]


@pytest.mark.parametrize(
    ("condition", "read"),
    [
        ("/Result/ETag", "/*:Result/*:ETag"),
        ("Result/ETag", "*:Result/*:ETag"),
        ("count(/Result/Part) >= 0", "count(/*:Result/*:Part) >= 0"),
        ("/Result[ETag]/ETag != 'Result'", "/*:Result[*:ETag]/*:ETag != 'Result'"),
    ],
)
def test_names_without_a_prefix_are_those_of_any_namespace(tmp_path: Path, condition: str, read: str) -> None:
    path = _written(tmp_path, condition)
    assert _told(path) == [f"warning[repaired]: `{condition}` is read as `{read}`: {_WORDS}; write `{read}`"]
    assert rehearse(path, "w").succeeded


def test_xpath_1_0_has_no_wildcard_for_a_namespace(tmp_path: Path) -> None:
    path = _written(tmp_path, "/Result/ETag", type_={"type": "xpath", "version": "xpath-10"})
    assert [each.rpartition("; ")[2] for each in _told(path)] == [
        "write `/*[local-name() = 'Result']/*[local-name() = 'ETag']`"
    ]
    assert rehearse(path, "w").succeeded


@pytest.mark.parametrize("condition", ["/*:Result/*:ETag", "/*", "//ETag", "/Other/ETag", "/*/ETag", "1 = 1"])
def test_a_query_that_does_not_name_the_described_root_stays(tmp_path: Path, condition: str) -> None:
    assert _told(_written(tmp_path, condition)) == []


@pytest.mark.parametrize("schema", [{**_RESULT, "xml": {"name": "Result"}}, {"type": "string"}])
def test_a_query_of_xml_without_a_described_namespace_stays(tmp_path: Path, schema: Any) -> None:
    assert _told(_written(tmp_path, "/Result/ETag", schema)) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("/A[@id = '/B' and C]/text()", "/*:A[@id = '/B' and *:C]/text()"),
        ("for $x in /A/child::B return $x/s:c", "for $x in /*:A/child::*:B return $x/s:c"),
        ("/A[B = {$inputs.b}]", "/*:A[*:B = {$inputs.b}]"),
        ("/A[B = '{$steps.s.outputs.n}']", "/*:A[*:B = '{$steps.s.outputs.n}']"),
    ],
)
def test_only_names_of_elements_are_rewritten(text: str, read: str) -> None:
    assert in_any_namespace("xpath-31", text, names_in("xpath-31", text)) == read
    assert names_in("xpath-31", text).roots == {"A"}


def test_what_cannot_be_read_has_no_names() -> None:
    assert names_in("xpath-31", "/A[").spans == ()
