"""``arazzo schema`` prints the schemas of the package as they are."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from arazzo_engine.cli import run_command
from arazzo_engine.language.schema.document import document_schema

_PACKAGE = Path(__file__).resolve().parent.parent.parent / "arazzo_engine"
_FOLDERS = {
    "report": "reporting",
    "auth": "reporting",
    "paths": "simulation",
    "answers": "simulation",
    "recording": "recording",
}


def _text(what: str) -> str:
    return (_PACKAGE / _FOLDERS[what] / f"{what}.schema.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("what", _FOLDERS)
def test_a_schema_is_printed_as_it_is(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["schema", what]) == 0
    told = capsys.readouterr()
    assert told.out == _text(what)
    assert told.err == ""


@pytest.mark.parametrize("what", _FOLDERS)
def test_it_is_a_schema_with_a_name_that_stays(what: str) -> None:
    schema = json.loads(_text(what))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:arazzo-engine:{what}:1"


@pytest.mark.parametrize(
    ("arguments", "version"),
    [([], "1.1"), (["--version", "1.0"], "1.0"), (["--version=1.1"], "1.1"), (["--version=1.0.1"], "1.0")],
)
def test_the_schema_of_documents_is_that_of_the_version(
    arguments: list[str], version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["schema", "document", *arguments]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == document_schema(version)
    assert told.err == ""


def test_only_documents_have_versions(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["schema", "report", "--version", "1.0"]) == 2
    assert "`--version` goes with `document` only" in capsys.readouterr().err


def test_a_schema_that_there_is_not_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["schema", "raport"]) == 2
    choices = "'report', 'auth', 'paths', 'answers', 'scenario', 'recording', 'document'"
    assert f"'raport' is not one of {choices}" in capsys.readouterr().err
