"""A source of another type than it says is read as what it is where it has all that is named of it, with a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sought import api, calling, check, only, write

from arazzo_engine.diagnostics import Severity

if TYPE_CHECKING:
    from pathlib import Path


def _saying(kind: str, document: dict[str, Any]) -> dict[str, Any]:
    document["sourceDescriptions"][0]["type"] = kind
    return document


def test_an_openapi_description_that_is_said_to_be_arazzo_is_read_with_the_type_to_write(tmp_path: Path) -> None:
    write(tmp_path / "x.json", api("a"))
    found = only(check(write(tmp_path / "doc.json", _saying("arazzo", calling("x.json", "a")))))
    assert (found.code, found.severity) == ("repaired", Severity.WARNING)
    assert found.message == (
        "`arazzo` is read as `openapi`: the file is an `openapi` description, and has all that is named of it"
    )
    assert found.location is not None
    assert found.location.pointer == "/sourceDescriptions/0/type"


def test_an_arazzo_description_that_is_said_to_be_openapi_is_read_by_its_workflows(tmp_path: Path) -> None:
    write(tmp_path / "api.json", api("a"))
    write(tmp_path / "other.arazzo.json", calling("api.json", "a"))
    calls = _saying("openapi", calling("other.arazzo.json", "$sourceDescriptions.api.w", kind="arazzo"))
    assert [each.code for each in check(write(tmp_path / "doc.json", calls)).problems] == ["repaired"]


def test_a_source_of_another_type_without_what_is_named_of_it_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "x.json", api("b"))
    checked = check(write(tmp_path / "doc.json", _saying("arazzo", calling("x.json", "a"))))
    assert [each.code for each in checked.errors] == ["source-type"]


def test_a_source_of_another_type_of_which_nothing_is_named_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "x.json", api("a"))
    document = calling("x.json", "a")
    document["sourceDescriptions"].append({"name": "other", "url": "x.json", "type": "arazzo"})
    assert "source-type" in [each.code for each in check(write(tmp_path / "doc.json", document)).problems]
