"""An object or a list that is compared with the text of one is compared with the value; a text stays a text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine import Engine, rehearse
from arazzo_engine.documents.editing.scalars import write_scalar

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.diagnostics import Diagnostic

_ORDER: dict[str, Any] = {
    "type": "object",
    "properties": {"tags": {"type": "array", "items": {"type": "string"}}, "note": {"type": "string"}, "any": {}},
}
_WORDS = "an object or a list is compared with a value, not with its text"


def _written(folder: Path, condition: str, example: Any) -> Path:
    (folder / ".git").mkdir(exist_ok=True)
    content = {"application/json": {"schema": _ORDER, "example": example}}
    operation = {"operationId": "get", "responses": {"200": {"description": "ok", "content": content}}}
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {"/a": {"get": operation}},
    }
    (folder / "api.json").write_text(json.dumps(api))
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [
            {
                "workflowId": "w",
                "steps": [{"stepId": "a", "operationId": "get", "successCriteria": [{"condition": condition}]}],
            }
        ],
    }
    path = folder / "doc.json"
    path.write_text(json.dumps(document))
    return path


def _validated(folder: Path, condition: str) -> tuple[Diagnostic, ...]:
    with Engine() as engine:
        return engine.validate(_written(folder, condition, {"tags": []}))


@pytest.mark.parametrize(
    ("condition", "read", "example"),
    [
        ("$response.body == '{\"tags\": []}'", '$response.body == {"tags": []}', {"tags": []}),
        ("$response.body#/tags == '[]'", "$response.body#/tags == []", {"tags": []}),
        ("'[]' != $response.body.tags", "[] != $response.body.tags", {"tags": ["a"]}),
        (
            "$statusCode == 200 && $response.body#/tags == '[\"it''s\"]' && $response.body#/note == '[]'",
            "$statusCode == 200 && $response.body#/tags == [\"it's\"] && $response.body#/note == '[]'",
            {"tags": ["it's"], "note": "[]"},
        ),
    ],
)
def test_what_is_described_as_whole_is_compared_with_a_value(
    condition: str, read: str, example: Any, tmp_path: Path
) -> None:
    (found,) = _validated(tmp_path, condition)
    assert (found.severity.value, found.code) == ("warning", "repaired")
    assert found.message == f"`{condition}` is read as `{read}`: {_WORDS}"
    assert found.fix == f"write `condition: {write_scalar(read)}`, `x-arazzo-engine-condition: extended`"
    assert rehearse(_written(tmp_path, condition, example), "w").succeeded


@pytest.mark.parametrize(
    "condition",
    [
        "$response.body#/note == '[]'",
        "$response.body#/any == '{}'",
        "$response.body#/note == '[not json'",
        "$statusCode == 200",
    ],
)
def test_what_may_be_a_text_stays_one(condition: str, tmp_path: Path) -> None:
    assert _validated(tmp_path, condition) == ()


def test_what_is_no_answer_is_told_how_it_is_compared(tmp_path: Path) -> None:
    document = json.loads(_written(tmp_path, "$inputs.tags == '[]'", {}).read_text())
    document["workflows"][0]["inputs"] = {"type": "object", "properties": {"tags": {"type": "array"}}}
    (tmp_path / "doc.json").write_text(json.dumps(document))
    with Engine() as engine:
        (found,) = engine.validate(tmp_path / "doc.json")
    assert found.code == "comparison-decided"
    assert found.fix == "write `[]` without quotes, and add `x-arazzo-engine-condition: extended`"
