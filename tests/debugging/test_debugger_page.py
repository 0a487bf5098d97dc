"""The page on stepping is executed: its sessions go as it shows, and its configurations are such that are taken."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import msgspec
import places
import pytest
from written_texts import without_times

from arazzo_engine.cli import run_command
from arazzo_engine.cli.adapter.arguments import Launch
from arazzo_engine.cli.adapter.launching import command_of
from arazzo_engine.cli.stepping.commands import Command, read_line

if TYPE_CHECKING:
    from pathlib import Path

_PATH: Final = places.ROOT / "docs" / "debugger.md"
_PAGE: Final = _PATH.read_text(encoding="utf-8")
_BLOCKS: Final = re.findall(r"```console\n(\$ .*?)```", _PAGE, re.DOTALL)
_JSON: Final = [json.loads(each) for each in re.findall(r"```json\n(.*?)```", _PAGE, re.DOTALL)]
_PROMPT: Final = "(arazzo) "


def _executed(block: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    lines = block.split("\n")
    typed = [each.removeprefix(_PROMPT) for each in lines if each.startswith(_PROMPT)]
    told = ""
    for command in (each.removeprefix("$ ") for each in lines if each.startswith("$ ")):
        told += f"$ {command}\n"
        if not command.startswith("arazzo "):
            subprocess.run(command, shell=True, check=True)
            continue
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{each}\n" for each in typed)))
        run_command(shlex.split(command)[1:])
        captured = capsys.readouterr()
        told += without_times(captured.err + captured.out)
    return "\n".join(line.rstrip() for line in told.split("\n"))


def test_the_sessions_go_as_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(places.ROOT / "specs", tmp_path / "specs")
    monkeypatch.chdir(tmp_path)
    page = _PAGE
    for block in _BLOCKS:
        page = page.replace(f"```console\n{block}```", f"```console\n{_executed(block, monkeypatch, capsys)}```")
    if "UPDATE_GOLDEN" in os.environ:
        _PATH.write_text(page, encoding="utf-8")
    assert page == _PATH.read_text(encoding="utf-8")


def test_every_command_of_the_prompt_is_in_the_table() -> None:
    table = _PAGE[_PAGE.index("## What can be asked") : _PAGE.index("A breakpoint stops")]
    names = [name for cell in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall("`(.+?)`", cell)]
    assert {read_line(name.replace(" EXPRESSION", "").replace(" N", " 1")).command for name in names} == {*Command} - {
        Command.HELP
    }


@pytest.mark.parametrize("launch", _JSON[0]["configurations"], ids=lambda each: each["name"])
def test_a_launch_configuration_is_one_that_the_adapter_takes(launch: dict[str, object]) -> None:
    own = {name: value for name, value in launch.items() if name not in {"type", "request", "name"}}
    asked = msgspec.convert(own, Launch)
    assert own.keys() <= {each.encode_name for each in msgspec.structs.fields(Launch)}
    assert command_of(asked)[0] in {"rehearse", "run", "replay"}


def test_the_members_of_a_launch_are_told_and_declared() -> None:
    known = {each.encode_name for each in msgspec.structs.fields(Launch)}
    table = _PAGE[_PAGE.index("| member |") : _PAGE.index("In a real run, going on")]
    cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    assert {name for cell in cells for name in re.findall("`(.+?)`", cell)} == known
    (debugger,) = _JSON[1]["contributes"]["debuggers"]
    assert debugger["configurationAttributes"]["launch"]["properties"].keys() == known
    assert [debugger["runtime"], *debugger["runtimeArgs"]] == ["arazzo", "debug-adapter"]
