"""Files whose names are no text in UTF-8 are documents like others; what is too long for a name is no file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import places
import pytest

from arazzo_engine.cli import run_command

_NAME = os.fsdecode(b"\xff\xfe.arazzo.yaml")


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for document in places.SHOP.iterdir():
        shutil.copy(document, tmp_path)
    monkeypatch.chdir(tmp_path)
    Path("orders.arazzo.yaml").rename(_NAME)


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github"])
def test_such_a_document_is_checked_and_told(form: str) -> None:
    assert run_command(["validate", ".", "--format", form]) == 0
    Path(_NAME).write_text(Path(_NAME).read_text().replace("$statusCode == 200", "$statusCode => 200"))
    assert run_command(["validate", _NAME, "--format", form]) == 3


@pytest.mark.parametrize("command", ["validate", "show", "list", "test", "replay", "fix", "rehearse", "run"])
def test_a_text_that_is_too_long_for_a_name_names_no_file(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command([command, "n" * 300]) in {1, 2, 3}
    assert "Traceback" not in capsys.readouterr().err
