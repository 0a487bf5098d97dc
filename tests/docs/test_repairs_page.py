"""The page of repairs: what it shows of `arazzo fix` is what the command makes of the document beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import places

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_PAGE: Final = (places.ROOT / "docs" / "repairs.md").read_text(encoding="utf-8")


def test_the_difference_that_is_shown_is_the_one_that_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    document = re.findall(r"```yaml\n(arazzo: .*?)```", _PAGE, re.DOTALL)[0]
    (tmp_path / "refund.arazzo.yaml").write_text(document)
    command, shown = re.findall(r"```console\n\$ arazzo (.*?)\n(.*?)```", _PAGE, re.DOTALL)[0]
    assert run_command(command.split()) == 1
    told = capsys.readouterr()
    assert told.out + told.err == shown
    assert run_command([*command.split(), "--write"]) == 0
    assert run_command(command.split()) == 0
