"""Documents from stdin, and commands that do it again whenever a file changes."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import places
import pytest

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from collections.abc import Iterator

_ARAZZO = places.ROOT / "specs/viam/arazzo"
_BILLING = (_ARAZZO / "viam-bill-customer-location-workflow.yml").read_text()
_WRONG = _BILLING.replace("operationId: ", "operationId: x")


@pytest.mark.parametrize("base", [f"{_ARAZZO}/", str(_ARAZZO / "any.yml")])
@pytest.mark.parametrize("command", ["validate", "rehearse"])
def test_a_document_comes_from_stdin(
    command: str, base: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(_BILLING))
    assert run_command([command, "-", "--base", base]) == 0, capsys.readouterr()


def test_without_a_base_it_could_come_from_the_current_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(_ARAZZO)
    monkeypatch.setattr(sys, "stdin", io.StringIO(_BILLING))
    assert run_command(["validate", "-"]) == 0
    assert capsys.readouterr().err == "1 document: no findings\n"


@pytest.mark.parametrize("command", ["validate", "rehearse"])
@pytest.mark.parametrize(
    ("base", "name"),
    [
        ((), "<stdin>"),
        (("--base", "arazzo"), str(Path("arazzo/<stdin>"))),
        (("--base", "arazzo/"), str(Path("arazzo/<stdin>"))),
        (("--base", "arazzo/any.yml"), "arazzo/any.yml"),
    ],
)
def test_findings_name_stdin_and_no_folder(
    command: str,
    base: tuple[str, ...],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(_ARAZZO if not base else _ARAZZO.parent)
    monkeypatch.setattr(sys, "stdin", io.StringIO(_WRONG))
    assert run_command([command, "-", *base]) == 3
    assert f"--> {name}:" in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("github", "file=<stdin>,line="),
        ("json", '"uri": "<stdin>"'),
        ("sarif", '"uri": "stdin"'),
        ("junit", 'testsuite name="&lt;stdin&gt;"'),
    ],
)
def test_each_form_of_findings_names_stdin(
    form: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(_ARAZZO)
    monkeypatch.setattr(sys, "stdin", io.StringIO(_WRONG))
    assert run_command(["validate", "-", "--format", form]) == 3
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["validate", "x.yaml", "--base", "y"], "`--base` is for a document from stdin"),
        (["run", "-", "--inputs", "-"], "the document and the inputs cannot both come from stdin"),
    ],
)
def test_what_cannot_come_from_stdin_is_told(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(arguments) == 2
    assert told in "".join(capsys.readouterr())


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A command that watches a copy of the documents."""
    shutil.copytree(places.ROOT / "specs/viam", tmp_path / "viam")
    document = str(tmp_path / "viam/arazzo/viam-bill-customer-location-workflow.yml")
    command = [sys.executable, "-m", "arazzo_engine", "validate", document, "--watch"]
    surroundings = {**os.environ, "PYTHONUNBUFFERED": "1"}
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stderr=pipe, stdout=nowhere, text=True, env=surroundings) as process:
        yield process
        process.kill()


def _until_told(process: subprocess.Popen[str]) -> list[str]:
    """Return what is told until the command watches again."""
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        if line.startswith("watching for changes"):
            break
        lines.append(line.strip())
    return lines


def test_a_change_of_a_document_or_its_description_is_looked_at(watched: subprocess.Popen[str], tmp_path: Path) -> None:
    assert _until_told(watched) == ["1 document: no findings", ""]
    (description,) = (tmp_path / "viam/openapi").iterdir()
    text = description.read_text()
    description.write_text(text.replace("getCurrentMonthUsage", "getLastMonthUsage"))
    assert _until_told(watched) == ["1 document: 1 error, 0 warnings", ""]
    description.write_text(text)
    assert _until_told(watched) == ["1 document: no findings", ""]
    watched.send_signal(signal.SIGINT)
    assert watched.wait(timeout=30) == 0
