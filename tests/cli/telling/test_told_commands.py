"""Each command that is told to be typed can be typed as it stands: it names the database that was named before."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

import places
import pytest
from loopback import Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from loopback import RecordingServer

_COMMAND: Final = re.compile(
    r"`(arazzo (?:runs|schedules|limits)\b[^`]*)`|(?:^ +|go on: )(arazzo runs .*?)(?:  .*)?$", re.MULTILINE
)
_RUN: Final = ("run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--durable", "--run-id", "order-1")


@pytest.fixture
def url(shop: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with a run whose process was killed while it charged; without its name, it is not found."""
    arrived, never = threading.Event(), threading.Event()
    shop.script("POST", "/charges", Reply(201, body={"receipt": "receipt-1"}).telling(arrived).after(never))
    kept = f"sqlite:///{Path('kept here.sqlite').resolve()}"
    monkeypatch.setenv("ARAZZO_STATE_DIR", "elsewhere")
    command = [sys.executable, "-m", "arazzo_engine", *_RUN, "--server", shop.url, "--database-url", kept]
    started = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(places.ROOT)}, stderr=subprocess.DEVNULL)
    assert arrived.wait(60)
    started.send_signal(signal.SIGKILL)
    started.wait()
    never.set()
    return kept


def _told(url: str, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    capsys.readouterr()
    place = 1 if words[0] in {"schedules", "limits"} else len(words)
    run_command([*words[:place], "--database-url", url, *words[place:]])
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return [next(filter(None, found)) for found in _COMMAND.findall(said)]


def test_what_is_told_about_a_run_finds_it(url: str, shop: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    Path("FILE").write_text('{"status": 201, "body": {"receipt": "receipt-1"}}')
    asked = (
        ("runs", "show", "order-1"),
        ("runs", "pause", "order-1"),
        (*_RUN, "--server", shop.url),
        ("runs", "resolve", "order-1", "--happened"),
        ("runs", "nudge", "order-1"),
        ("runs", "show", "unheard-of"),
        ("runs", "resume", "order-1"),
        ("runs", "cancel", "order-1"),
    )
    told = [command for words in asked for command in _told(url, capsys, *words)]
    assert {each.split()[2] for each in told} >= {"show", "resume", "list", "resolve"}
    for command in dict.fromkeys(told):
        capsys.readouterr()
        run_command(shlex.split(command)[1:])
        said = capsys.readouterr().err
        assert "there is no run" not in said, command
        assert "Usage:" not in said, command
    # what was told to settle it was the last: it was answered, as a person said
    assert sum(each.method == "POST" for each in shop.requests) == 1


def test_what_is_told_where_nothing_is_kept_names_the_database(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    quoted = shlex.quote(url)
    told = [_told(url, capsys, word) for word in ("limits", "schedules")]
    assert told == [[f"arazzo limits --database-url {quoted} set"], []]
    assert _told(url, capsys, "schedules", "pause", "nightly") == [f"arazzo schedules --database-url {quoted}"]
    assert run_command(shlex.split(f"arazzo schedules --database-url {quoted}")[1:]) == 0
    assert not Path("elsewhere").exists()
