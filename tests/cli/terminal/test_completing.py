"""What a shell is offered when somebody presses Tab, asked as the completion scripts ask."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import places
import pytest

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from pathlib import Path

_BILLING = str(places.ROOT / "specs/viam/arazzo/viam-bill-customer-location-workflow.yml")
_TRIP = str(places.ROOT / "specs/travel/arazzo/travel-book-trip-workflow.yml")


def _offered(*words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    monkeypatch.setenv("_ARAZZO_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(("arazzo", *words)))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    assert run_command([]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("reh",), ["plain,rehearse"]),
        (("validate", "--fail-"), ["plain,--fail-on"]),
        (("run", _TRIP, "--workflow", "book-"), ["plain,book-trip", "plain,book-flight", "plain,book-room"]),
        (("run", _BILLING, "-i", "a"), ["plain,apiKey=", "plain,amount="]),
        (("rehearse", _BILLING, "--fail", "read"), ["plain,readBillingOrg", "plain,readUsage"]),
        (("run", _BILLING, "--server", "b"), ["plain,billingApi="]),
        (("explain", "request-in-"), ["plain,request-in-doubt"]),
        (("validate", "--ignore", "request-in-"), ["plain,request-in-doubt"]),
        (("run", _TRIP, "--report", "j"), ["plain,json=", "plain,jsonl=", "plain,junit="]),
        (("run", "spe"), ["file,spe"]),
        (("run", "missing.yaml", "--workflow", "x"), ["file,x"]),
    ],
)
def test_what_could_stand_there_is_offered(
    words: tuple[str, ...], offered: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _offered(*words, monkeypatch=monkeypatch, capsys=capsys) == offered


def test_a_document_that_cannot_be_read_offers_nothing_and_tells_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.yaml").write_text("arazzo: [")
    path = str(tmp_path / "bad.yaml")
    assert _offered("run", path, "--workflow", "x", monkeypatch=monkeypatch, capsys=capsys) == ["file,x"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_one_that_it_reads(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "_ARAZZO_COMPLETE" in script
    found = shutil.which(shell)
    if found is not None:
        subprocess.run([found, "-n"], input=script, text=True, check=True, timeout=30)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes_with_its_script(tmp_path: Path) -> None:
    (tmp_path / "arazzo").write_text(f'#!/bin/sh\nexec {sys.executable} -m arazzo_engine "$@"\n')
    (tmp_path / "arazzo").chmod(0o755)
    ask = (
        'eval "$(arazzo completion bash)"; COMP_WORDS=(arazzo reh); COMP_CWORD=1; '
        '_arazzo_completion arazzo; echo "${COMPREPLY[@]}"'
    )
    surroundings = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(places.ROOT)}
    asked = subprocess.run(
        ["bash", "-c", ask], capture_output=True, text=True, check=True, timeout=60, env=surroundings
    )
    assert asked.stdout == "rehearse\n"
