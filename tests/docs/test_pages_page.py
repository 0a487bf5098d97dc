"""The page on pages is executed: its commands give the output that it shows, and its forms are those of the command."""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING

import click
import places
import pytest

from arazzo_engine.cli import run_command
from arazzo_engine.cli.commands.writing.show import command

if TYPE_CHECKING:
    from pathlib import Path

_PAGE = (places.ROOT / "docs/pages.md").read_text()
_CONSOLE = re.findall(r"(`{3,})console\n\$ (.+)\n((?:.*\n)*?)\1\n", _PAGE)


@pytest.mark.parametrize(("line", "shown"), [(line, shown) for _, line, shown in _CONSOLE])
def test_a_command_gives_the_output_that_is_shown(
    line: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(places.ROOT / "specs", tmp_path / "specs")
    monkeypatch.chdir(tmp_path)
    assert run_command(shlex.split(line)[1:]) == 0
    told = capsys.readouterr()
    assert told.out + told.err == shown


def test_the_table_lists_the_forms_of_the_command() -> None:
    (forms,) = (each.type for each in command.params if each.name == "form")
    assert isinstance(forms, click.Choice)
    assert re.findall(r"^\| `(\w+)` \|", _PAGE, re.MULTILINE) == list(forms.choices)
