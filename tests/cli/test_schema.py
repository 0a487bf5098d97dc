"""``arazzo schema`` prints the schemas of the package as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    import pytest

_FILE = Path(__file__).resolve().parent.parent.parent / "arazzo_engine" / "reporting" / "report.schema.json"


def test_the_schema_of_a_report_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["schema", "report"]) == 0
    told = capsys.readouterr()
    assert told.out == _FILE.read_text(encoding="utf-8")
    assert told.err == ""


def test_it_is_a_schema_with_a_name_that_stays() -> None:
    schema = json.loads(_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == "urn:arazzo-engine:report:1"


def test_a_schema_that_there_is_not_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["schema", "raport"]) == 2
    assert "'raport' is not 'report'" in capsys.readouterr().err
