"""An expression that is the whole of a text in a JSON body is its value where the operation takes no text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine import Engine

if TYPE_CHECKING:
    from pathlib import Path

_OF_IDS: Final = {"type": "array", "items": {"type": "integer"}}
_SCHEMA: Final = {
    "type": "object",
    "properties": {
        "ids": _OF_IDS,
        "note": {"type": "string"},
        "any": {},
        "either": {"oneOf": [_OF_IDS, {"type": "string"}]},
        "neither": {"anyOf": [_OF_IDS, {"type": "object"}]},
        "rows": {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/Row"}]}},
    },
}
_ROW: Final = {"type": "object", "properties": {"count": {"type": ["integer", "null"]}}}
_HEAD: Final = """\
arazzo: 1.0.1
info: {title: t, version: "1"}
sourceDescriptions: [{name: api, url: api.json, type: openapi}]
workflows:
- workflowId: w
  inputs: {type: object, required: [ids, n], properties: {ids: {type: array}, n: {type: integer}}}
  steps:
  - stepId: make
    operationId: make
    requestBody:
      contentType: application/json
      payload: """


def _document(folder: Path, payload: str) -> Path:
    content = {"application/json": {"schema": _SCHEMA}}
    operation = {
        "operationId": "make",
        "requestBody": {"content": content},
        "responses": {"200": {"description": "ok"}},
    }
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {"/p": {"post": operation}},
        "components": {"schemas": {"Row": _ROW}},
    }
    (folder / "api.json").write_text(json.dumps(api))
    (folder / "w.yaml").write_text(f"{_HEAD}{payload}\n")
    return folder / "w.yaml"


def _sent(document: Path) -> Any:
    report = Engine().load(document).rehearse(inputs={"ids": [1, 2], "n": 3})
    request = report.steps[0].request
    assert request is not None
    return json.loads(bytes(request.content))


@pytest.mark.parametrize(
    ("payload", "sent"),
    [
        ("{ids: '{$inputs.ids}'}", {"ids": [1, 2]}),
        ("{neither: '{$inputs.ids}'}", {"neither": [1, 2]}),
        ("{rows: [{count: '{$inputs.n}'}]}", {"rows": [{"count": 3}]}),
        ("""'{"ids": "{$inputs.ids}", "rows": [{"count": "{$inputs.n}"}]}'""", {"ids": [1, 2], "rows": [{"count": 3}]}),
        ("""'{"note": "{$inputs.n}", "ids": "{$inputs.ids}"}'""", {"note": "3", "ids": [1, 2]}),
    ],
)
def test_where_an_operation_takes_no_text_the_value_is_sent(tmp_path: Path, payload: str, sent: Any) -> None:
    document = _document(tmp_path, payload)
    assert _sent(document) == sent
    told = [each for each in Engine().validate(document) if each.code == "repaired"]
    assert {each.severity.value for each in told} == {"warning"}


@pytest.mark.parametrize(
    ("payload", "sent"),
    [
        ("{note: '{$inputs.n}', any: '{$inputs.n}'}", {"note": "3", "any": "3"}),
        ("{either: '{$inputs.ids}'}", {"either": "[1,2]"}),
        ("{other: '{$inputs.n}', note: a}", {"other": "3", "note": "a"}),
        ("""'{"note": "{$inputs.n}", "any": "{$inputs.n}"}'""", {"note": "3", "any": "3"}),
    ],
)
def test_where_a_text_may_stand_it_stays_one(tmp_path: Path, payload: str, sent: Any) -> None:
    document = _document(tmp_path, payload)
    assert _sent(document) == sent
    assert Engine().validate(document) == ()


def test_a_text_of_several_lines_is_told_on_the_line_of_the_value_and_written_without_quotes(tmp_path: Path) -> None:
    lines = '|\n        {\n          "note": "{$inputs.n}",\n          "ids": "{$inputs.ids}"\n        }'
    document = _document(tmp_path, lines)
    (told,) = Engine().validate(document)
    assert told.location is not None
    assert (told.location.line, told.location.source.strip()) == (15, '"ids": "{$inputs.ids}"')
    assert told.message == (
        '`"{$inputs.ids}"` is read as `{$inputs.ids}`: the operation takes no text there, so the value is meant, with '
        "its type"
    )
    (edit,) = told.edits
    assert edit.value == '{\n  "note": "{$inputs.n}",\n  "ids": {$inputs.ids}\n}\n'
