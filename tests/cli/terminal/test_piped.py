"""Documents that are piped in: which commands read them, where their text goes, and what cannot be read."""

from __future__ import annotations

import codecs
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from arazzo_engine.cli import run_command

pytestmark = pytest.mark.usefixtures("shop_documents")

_DOCUMENT = "orders.arazzo.yaml"
_RIGHT, _WRONG = "$response.body#/id", "$response.body.id"


def _text() -> str:
    return Path(_DOCUMENT).read_text()


def _wrong() -> str:
    return _text().replace(_RIGHT, _WRONG, 1)


def _pipe(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


@pytest.mark.parametrize("location", ["-", "/dev/stdin"])
@pytest.mark.parametrize("flags", [[], ["--write"]])
def test_fix_gives_the_text_on_stdout_and_says_on_stderr_what_it_did(
    location: str, flags: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _pipe(monkeypatch, _wrong().encode())
    assert run_command(["fix", location, *flags]) == 0
    told = capsys.readouterr()
    assert told.out == _text()
    assert told.err == "1 document: 1 repair written\n"


@pytest.mark.parametrize(
    ("mark", "encoding", "end"),
    [(b"", "utf-8", "\r\n"), (codecs.BOM_UTF8, "utf-8", "\n"), (codecs.BOM_UTF16_LE, "utf-16-le", "\r\n")],
)
def test_a_text_goes_back_in_the_bytes_that_it_came_in(
    mark: bytes, encoding: str, end: str, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    def encoded(text: str) -> bytes:
        return mark + text.replace("\n", end).encode(encoding)

    _pipe(monkeypatch, encoded(_wrong()))
    assert run_command(["fix", "-"]) == 0
    assert capfdbinary.readouterr().out == encoded(_text())


def test_the_difference_of_a_piped_document_is_shown_where_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _pipe(monkeypatch, _wrong().encode())
    assert run_command(["fix", "--diff", "-", _DOCUMENT]) == 1
    assert capsys.readouterr().out.startswith("--- <stdin>\n+++ <stdin>\n")


def test_an_upgraded_text_goes_to_stdout(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    text = _text().replace("arazzo: 1.1.0", "arazzo: 1.0.1")
    _pipe(monkeypatch, text.encode())
    assert run_command(["upgrade", "-"]) == 0
    assert capsys.readouterr().out == text.replace("1.0.1", "1.1.0", 1)


@pytest.mark.parametrize("command", ["show", "auth", "validate", "rehearse"])
def test_a_piped_document_is_told_of_as_one_from_a_file(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run_command([command, _DOCUMENT])
    told = capsys.readouterr().out
    _pipe(monkeypatch, _text().encode())
    assert run_command([command, "-"]) == code
    assert capsys.readouterr().out.replace("<stdin>", _DOCUMENT) == told


@pytest.mark.parametrize("command", ["show", "auth", "fix", "upgrade", "validate", "rehearse"])
@pytest.mark.parametrize(("content", "told"), [(b"", "the document is empty"), (b"a\xff: 1", "does not exist")])
def test_what_is_no_document_is_told(
    command: str, content: bytes, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _pipe(monkeypatch, content)
    assert run_command([command, "-"]) == 3
    assert told in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["fix", "-", _DOCUMENT], "the text of a document from stdin goes to stdout: name it alone, or add `--diff`"),
        (["upgrade", _DOCUMENT, "--base", "."], "`--base` is for a document from stdin"),
        (["show", _DOCUMENT, "--base", "."], "`--base` is for a document from stdin"),
        (["validate", "-", "--watch"], "what is piped in is read once: name a file"),
        (["rehearse", "/dev/stdin", "--watch"], "what is piped in is read once: name a file"),
        (["rehearse", "/dev/stdin", "--step"], "with --step, commands are read from stdin"),
        (["fix", "/dev/fd/99"], "<pipe 99> cannot be read"),
    ],
)
def test_what_cannot_be_meant_of_stdin_is_a_wrong_usage(
    arguments: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _pipe(monkeypatch, b"")
    assert run_command(arguments) == 2
    assert told in " ".join(capsys.readouterr().err.split())


def test_a_command_that_reads_no_document_from_stdin_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["mock", "-"]) == 3
    assert "nothing is read from stdin here" in capsys.readouterr().err


def test_a_pipe_with_a_name_is_not_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo("pipe.yaml")
    assert run_command(["validate", "pipe.yaml"]) == 3
    assert "pipe it in, and name `-`" in capsys.readouterr().out


def test_a_pipe_that_a_shell_has_opened_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    reading, writing = os.pipe()
    os.write(writing, _wrong().encode())
    os.close(writing)
    try:
        assert run_command(["fix", f"/dev/fd/{reading}"]) == 0
    finally:
        os.close(reading)
    assert capsys.readouterr().out == _text()


@pytest.mark.parametrize(
    "arguments",
    [
        ["fix", "-"],
        ["run", _DOCUMENT, "--inputs", "-"],
        ["rehearse", _DOCUMENT, "--answers", "-"],
        ["batch", _DOCUMENT, "--each", "-"],
    ],
)
def test_a_closed_stdin_is_as_an_empty_one(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "arazzo_engine", *arguments]
    ended = [
        subprocess.run(command, stdin=subprocess.DEVNULL, preexec_fn=close, capture_output=True, check=False)
        for close in (None, lambda: os.close(0))
    ]
    assert ended[0].returncode == ended[1].returncode != 70
