"""The pages on rehearsals and on the screen are executed: their commands give the output that they show."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING, Final

import places
import pytest

from arazzo_engine.cli import run_command
from arazzo_engine.reporting.kinds.table import KINDS

if TYPE_CHECKING:
    from pathlib import Path

_PAGE: Final = places.ROOT / "docs" / "rehearsal.md"
_PAGES: Final = (_PAGE, places.ROOT / "docs" / "screen.md")
_CONSOLE: Final = [
    (page, command, shown)
    for page in _PAGES
    for command, shown in re.findall(r"```console\n\$ (.+)\n((?:.*\n)*?)```", page.read_text(encoding="utf-8"))
]


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(places.ROOT)


def _told(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    name, *arguments = shlex.split(command)
    assert name == "arazzo"
    run_command(arguments)
    told = capsys.readouterr()
    return re.sub(r"( +)(\d+) ms", _without_time, told.err + told.out)


def _without_time(found: re.Match[str]) -> str:
    is_in_a_column = len(found[1]) > 1
    return f"{'0':>{len(found[1] + found[2]) if is_in_a_column else 2}} ms"


@pytest.mark.parametrize(("page", "command", "shown"), _CONSOLE, ids=[command for _, command, _ in _CONSOLE])
def test_a_command_gives_the_output_that_is_shown(
    page: Path, command: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = _told(command, capsys)
    if "UPDATE_GOLDEN" in os.environ:
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace(f"$ {command}\n{shown}```", f"$ {command}\n{told}```"), encoding="utf-8")
        return
    assert told == shown


def test_the_kinds_of_reports_that_are_told_are_those_that_there_are() -> None:
    told = re.findall(r"^\| `(\w+)` \|", _PAGES[1].read_text(encoding="utf-8"), re.MULTILINE)
    assert told == list(KINDS)


def test_the_answers_that_are_shown_are_those_of_the_file() -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", _PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert shown == (places.ROOT / "specs" / "reports" / "answers.example.yaml").read_text(encoding="utf-8")
