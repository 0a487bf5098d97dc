"""The page on recordings is executed: its commands give the output that it shows."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

import places
from written_texts import without_times

import arazzo_engine
from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_PATH: Final = places.ROOT / "docs" / "recordings.md"
_PAGE: Final = _PATH.read_text(encoding="utf-8")
_CONSOLE: Final = re.findall(r"```console\n(\$ .*?)```", _PAGE, re.DOTALL)


def _told(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    if not command.startswith("arazzo "):
        subprocess.run(command, shell=True, check=True)
        return ""
    run_command(shlex.split(command)[1:])
    told = capsys.readouterr()
    return without_times(told.err + told.out)


def test_the_commands_give_the_output_that_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(places.ROOT / "specs", tmp_path / "specs")
    monkeypatch.chdir(tmp_path)
    page = _PAGE
    for block in _CONSOLE:
        commands = re.findall(r"^\$ (.+)$", block, re.MULTILINE)
        made = "".join(f"$ {command}\n{_told(command, capsys)}" for command in commands)
        page = page.replace(f"```console\n{block}```", f"```console\n{made}```")
    if "UPDATE_GOLDEN" in os.environ:
        _PATH.write_text(page, encoding="utf-8")
    assert page == _PATH.read_text(encoding="utf-8")


def test_the_python_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", _PAGE, re.DOTALL)
    for document in places.SHOP.iterdir():
        shutil.copy(document, tmp_path)
    (tmp_path / "orders.arazzo.yaml").rename(tmp_path / "checkout.arazzo.yaml")
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "recordings.md", "exec"), {"arazzo_engine": arazzo_engine})
    assert len(list((tmp_path / "runs").glob("*.jsonl"))) == 1
