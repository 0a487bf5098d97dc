"""A terminal gets lines that fit it; a pipe gets them whole."""

from __future__ import annotations

import json
import os
import pty
import struct
import subprocess
import sys
import termios
from fcntl import ioctl

import click
import places
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arazzo_engine.cli.terminal.screen import fit

_ROOT = places.ROOT
_BILLING = "specs/viam/arazzo/viam-bill-customer-location-workflow.yml"


@pytest.mark.parametrize(
    ("text", "columns", "shown"),
    [
        ("a short line", 20, "a short line"),
        ("error: what is wrong is told", 16, "error: what is\n  wrong is told"),
        ("   = why: one two three", 16, "   = why: one\n     two three"),
        ("   | no response: refused", 16, "   | no\n   |   response:\n   |   refused"),
        ("  --> a/very/long/path.yaml:1:2  (#/x)", 20, "  --> a/very/long/path.yaml:1:2\n    (#/x)"),
        ("aaaaaaaaaaaaaaaaaaaaaaaaa b", 20, "aaaaaaaaaaaaaaaaaaaaaaaaa\n  b"),
        ("ok  GET /things/1  154 ms", 22, "ok  GET /things/1\n  154 ms"),
        ("name  two  three", 11, "name  two\n  three"),
        ("1 | abcdefghijklmnopqrstuvwxyz\n  |     ^^", 16, "1 | abcdefghij…\n  |     ^^"),
        ("1 | abcdefghijklmnopqrstuvwxyz\n  |              ^^", 16, "1 | …jklmnopqrs…\n  |      ^^"),
        ("1 | abcdefghijklmnopqrstuvwxyz\n  |                         ^", 16, "1 | …qrstuvwxyz\n  |          ^"),
    ],
)
def test_a_line_is_broken_where_the_terminal_ends(text: str, columns: int, shown: str) -> None:
    assert click.unstyle(fit(text, columns)) == shown


@given(st.text(alphabet="ab |^>-1\n", max_size=120), st.integers(20, 60))
def test_no_word_is_lost_and_no_line_is_longer_than_it_must_be(text: str, columns: int) -> None:
    text = text.replace("|", "").replace("^", "")
    shown = fit(text, columns)
    assert shown.split() == text.split()
    longest = max((len(word) for word in text.split()), default=0)
    assert all(len(line) <= max(columns, longest + 30) for line in shown.split("\n") if line.strip())


def _on_a_terminal(columns: int, *arguments: str) -> list[str]:
    """Return the lines that a command writes to a terminal of that width, without colours."""
    main, terminal = pty.openpty()
    ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "NO_COLOR"}}
    command = [sys.executable, "-m", "arazzo_engine", *arguments]
    with subprocess.Popen(command, cwd=_ROOT, env=environment, stdout=terminal, stderr=terminal):
        os.close(terminal)
        written = b""
        # a terminal that nobody holds open any more says so with an error
        while chunk := _read(main):
            written += chunk
    os.close(main)
    return click.unstyle(written.decode()).replace("\r", "").splitlines()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""


@pytest.mark.parametrize("columns", [40, 80])
def test_commands_fit_the_terminal(columns: int) -> None:
    lines = _on_a_terminal(columns, "explain", "request-in-doubt")
    assert " ".join(" ".join(lines).split()).startswith("request-in-doubt (error) a request was sent and nobody knows")
    assert all(len(line) <= columns for line in lines), lines
    lines = _on_a_terminal(columns, "run", _BILLING)
    assert any("input-missing" in line for line in lines)
    assert all(len(line) <= columns or "/" in line for line in lines), lines


def test_events_on_a_terminal_are_lines_of_their_own() -> None:
    lines = _on_a_terminal(80, "rehearse", "tests/shop/orders.arazzo.yaml", "--format", "jsonl")
    events = [json.loads(line)["event"] for line in lines if line.startswith("{")]
    assert events[0] == "run-started"
    assert events[-1] == "run-finished"
    assert not [line for line in lines if "{" in line and line[0] != "{"]
