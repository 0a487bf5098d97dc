"""``arazzo show``: where a page is written, and what is told beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import places

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    import pytest

_BILLING = str(places.ROOT / "specs/viam/arazzo/viam-bill-customer-location-workflow.yml")


def test_a_page_is_written_to_a_file_in_a_folder_that_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["show", _BILLING, "--format", "html", "--output", str(tmp_path / "new/page.html")]) == 0
    assert (tmp_path / "new/page.html").read_text().startswith("<!doctype html>")
    assert capsys.readouterr().out == ""


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert run_command(["show", _BILLING, "--output", str(tmp_path / "file/page.txt")]) == 2
    assert "`--output` cannot be written" in capsys.readouterr().err


def test_a_folder_is_shown_as_a_catalogue_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["show", str(places.ROOT / "specs")]) == 2
    assert "add `--format html --output FOLDER`" in capsys.readouterr().err


def test_a_document_that_cannot_be_read_leaves_the_others_their_pages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/good.yaml").write_bytes(Path(_BILLING).read_bytes())
    (tmp_path / "in/bad.yaml").write_text("arazzo: 1.0.1\n  info: [")
    assert run_command(["show", str(tmp_path / "in"), "--format", "markdown", "--output", str(tmp_path / "out")]) == 3
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["good.md", "index.md"]
    assert "bad.yaml" in capsys.readouterr().err


def test_a_description_that_is_missing_takes_only_the_methods_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # nothing is looked for beyond the project
    (tmp_path / ".git").mkdir()
    (tmp_path / "alone.yaml").write_bytes(Path(_BILLING).read_bytes())
    assert run_command(["show", str(tmp_path / "alone.yaml")]) == 0
    told = capsys.readouterr()
    assert "1. readBillingOrg    getLocationBillingOrganization" in told.out
    assert told.err == "\nwithout the methods of billingApi: no description is at hand\n"
