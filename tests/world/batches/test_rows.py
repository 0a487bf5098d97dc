"""Rows are read one after the other, each with its place; what is wrong with one is told and the next one is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine import Engine
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.world.batches import rows as reading
from arazzo_engine.world.batches.reading import source_of

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.world.batches.rows import Row

_SCHEMA: Final = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "count": {"type": "integer"},
        "price": {"type": ["number", "null"]},
        "open": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "sizes": {"type": "array", "items": {"$ref": "#/$defs/size"}},
        "address": {"type": "object", "properties": {"zip": {"type": "string"}, "floor": {"type": "integer"}}},
        "with.dot": {"type": "string"},
    },
    "$defs": {"size": {"type": "number"}},
}
_STEP: Final = {"stepId": "one", "operationPath": "{$sourceDescriptions.api.url}#/paths/~1/get"}
_DOCUMENT: Final = {
    "arazzo": "1.0.1",
    "info": {"title": "One step", "version": "1"},
    "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
    "workflows": [{"workflowId": "one", "inputs": _SCHEMA, "steps": [_STEP]}],
}
_API: Final = {
    "openapi": "3.1.0",
    "info": {"title": "One operation", "version": "1"},
    "paths": {"/": {"get": {"responses": {"200": {"description": "It was done."}}}}},
}


@pytest.fixture
def workflow(tmp_path: Path) -> LinkedWorkflow:
    (tmp_path / "api.json").write_text(json.dumps(_API))
    with Engine() as engine:
        return engine.load(json.dumps(_DOCUMENT), base=tmp_path / "one.json").checked.workflow("one")


def _read(path: Path, text: str | bytes, workflow: LinkedWorkflow) -> list[Row]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(source_of(str(path), workflow).rows())


def _told(row: Row) -> tuple[int, int, str]:
    assert row.problem is not None
    assert row.problem.code == "row-malformed"
    assert row.problem.location is not None
    return row.problem.location.line, row.problem.location.column, row.problem.message


@pytest.mark.parametrize(
    ("head", "cells", "inputs"),
    [
        ("name,count", "a,3", {"name": "a", "count": 3}),
        ("name", "7", {"name": "7"}),
        ("count", "seven", {"count": "seven"}),
        ("price", "null", {"price": None}),
        ("open", "true", {"open": True}),
        ("name,count", ",3", {"count": 3}),
        ("address.zip,address.floor", "01234,2", {"address": {"zip": "01234", "floor": 2}}),
        ("tags[],tags[]", "1,2", {"tags": ["1", "2"]}),
        ("tags[],tags[]", ",b", {"tags": ["b"]}),
        ("sizes[],name", "1.5,x", {"sizes": [1.5], "name": "x"}),
        ("tags", '"[""a""]"', {"tags": ["a"]}),
        ("with.dot", "x", {"with.dot": "x"}),
        ("other.deep", "1", {"other": {"deep": 1}}),
        ('"name" ,count'.replace(" ", ""), '"a, ""b""\nc",1', {"name": 'a, "b"\nc', "count": 1}),
    ],
)
def test_the_columns_of_csv_are_inputs(
    head: str, cells: str, inputs: dict[str, Any], tmp_path: Path, workflow: LinkedWorkflow
) -> None:
    (row,) = _read(tmp_path / "rows.csv", f"{head}\r\n{cells}\r\n", workflow)
    assert row.problem is None
    assert row.inputs == inputs


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name\na,b", (2, 3, "row 1 has 2 values, and there is 1 column")),
        ("name,count\nx\n", (2, 2, "row 1 has 1 value, and there are 2 columns")),
        ('name\na"b', (2, 2, "row 1 has a quote within a value without quotes")),
        ('name\n"a"b', (2, 4, "row 1 has text behind a closing quote")),
        ('name,count\n"x\ny"z,1', (3, 3, "row 1 has text behind a closing quote")),
        ('name\n"a\nb\n', (2, 1, "row 1 has a quote that is not closed")),
        ("name\na\rb", (2, 2, "row 1 has a line end outside of quotes")),
        (b"name\n\xc3\xa4\xff", (2, 2, "row 1 is not UTF-8 text")),
    ],
)
def test_a_record_that_is_malformed_is_told_where_it_is(
    text: str | bytes, told: tuple[int, int, str], tmp_path: Path, workflow: LinkedWorkflow
) -> None:
    rows = _read(tmp_path / "rows.csv", text, workflow)
    assert _told(rows[0]) == told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"name": "a"', (1, 13, "row 1 is not JSON")),
        ("[1]", (1, 1, "row 1 must be an object, not a list")),
        ('  "a"', (1, 3, "row 1 must be an object, not a string")),
        ('{"name": 1, "name": 2}', (1, 1, "row 1 names an input twice")),
        ("[" * 5000 + "]" * 5000, (1, 1, "row 1 nests too deep")),
    ],
)
def test_a_line_that_is_no_object_is_told_and_not_shown(
    line: str, told: tuple[int, int, str], tmp_path: Path, workflow: LinkedWorkflow
) -> None:
    wrong, right = _read(tmp_path / "rows.jsonl", f'{line}\n\n{{"name": "b"}}', workflow)
    assert _told(wrong)[2] == told[2]
    assert _told(wrong)[:2] == told[:2] or told[2].endswith("too deep")
    assert right.inputs == {"name": "b"}
    assert (right.number, right.line) == (2, 3)
    assert wrong.problem is not None
    assert not wrong.problem.location or not wrong.problem.location.source


def test_the_place_of_an_input_is_that_of_its_row(tmp_path: Path, workflow: LinkedWorkflow) -> None:
    rows = _read(tmp_path / "rows.jsonl", '{"name": "a"}\n\n{"name": "b", "count": 1}', workflow)
    at = rows[1].places()["count"]
    assert (at.line, at.column) == (3, 24)
    assert not at.source
    rows = _read(tmp_path / "rows.csv", 'name,count\n"a\nb",1\nc,2', workflow)
    assert [(row.line, (at := row.places()["count"]).line, at.column) for row in rows] == [(2, 3, 4), (4, 4, 3)]


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("name,name", "there are two columns `name`"),
        ("name,", "column 2 has no name that an input could have"),
        ("tags[].a", "column 1 has no name that an input could have"),
        ("address,address.zip", "`address` cannot be both a value and what `address.zip` is in"),
        ("name;count", "there is one column only, whose name has a separator in it"),
        ('"name', "the head of the columns has a quote that is not closed"),
        ("a" + ".a" * 40_000, "column 1 leads more than 200 members deep"),
        ("a," * 60_000 + "a", "the head of the columns is longer than 100,000 bytes"),
    ],
)
def test_columns_that_are_no_inputs_are_refused(
    head: str, message: str, tmp_path: Path, workflow: LinkedWorkflow
) -> None:
    with pytest.raises(ArazzoError) as refused:
        _read(tmp_path / "rows.csv", f"{head}\na,b\n", workflow)
    assert refused.value.diagnostics[0].code == "rows-unreadable"
    assert refused.value.diagnostics[0].message == message


def test_a_row_that_is_too_long_is_told_and_the_next_one_is_read(
    tmp_path: Path, workflow: LinkedWorkflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGEST_ROW", 40)
    long, right = _read(tmp_path / "rows.jsonl", '{"name": "%s"}\n{"name": "b"}' % ("a" * 200), workflow)
    assert _told(long) == (1, 1, "row 1 is longer than 40 bytes")
    assert (right.inputs, right.line) == ({"name": "b"}, 2)


@pytest.mark.parametrize("text", ["", "\n\n", "name,count\n", "\ufeff"])
def test_there_may_be_no_rows(text: str, tmp_path: Path, workflow: LinkedWorkflow) -> None:
    assert _read(tmp_path / "rows.csv", text, workflow) == []


def test_the_form_is_that_of_the_first_character_where_the_name_does_not_say(
    tmp_path: Path, workflow: LinkedWorkflow
) -> None:
    for text in ('{"name": "a"}\n', "\ufeffname\na\n", '\n {"name": "a"}'):
        (row,) = _read(tmp_path / "rows", text, workflow)
        assert row.inputs == {"name": "a"}
