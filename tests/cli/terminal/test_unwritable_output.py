"""Nothing that prints can stop a run: not a reader that has gone, not a full disk, not a bug in what tells of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import places
import pytest
from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.cli.terminal.progress import Progress

if TYPE_CHECKING:
    from loopback import RecordingServer

pytestmark = pytest.mark.usefixtures("shop_documents")

_ROOT = places.ROOT
_RUN = ["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml"]


def _gone() -> int:
    """Return the end of a pipe that nobody reads any more."""
    read, write = os.pipe()
    os.close(read)
    return write


def _full() -> int:
    return os.open("/dev/full", os.O_WRONLY)


def _arazzo(*arguments: str, **streams: Any) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, with these numbers of files as its streams."""
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    try:
        return subprocess.run(
            [sys.executable, "-m", "arazzo_engine", *arguments],
            **given,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
        )
    finally:
        for number in streams.values():
            os.close(number)


@pytest.mark.parametrize("format_", ["text", "json", "jsonl"])
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_reader_that_has_gone_stops_nothing(format_: str, stream: str, shop: RecordingServer) -> None:
    done = _arazzo(*_RUN, "--server", shop.url, "--format", format_, **{stream: _gone()})
    assert [request.method for request in shop.requests] == ["GET", "POST"]
    assert done.returncode == 0
    assert "order succeeded" in (done.stderr or "order succeeded")
    assert "Exception" not in (done.stderr or "")


@pytest.mark.parametrize("format_", ["text", "json", "jsonl"])
def test_a_full_disk_stops_nothing_and_is_told_with_its_own_exit_code(format_: str, shop: RecordingServer) -> None:
    done = _arazzo(*_RUN, "--server", shop.url, "--format", format_, stdout=_full())
    assert [request.method for request in shop.requests] == ["GET", "POST"]
    assert "order succeeded   2 steps" in done.stderr
    assert "error[result-unwritten]: the result could not be written to stdout: no space left" in done.stderr
    assert done.returncode == 74


def test_a_run_that_failed_keeps_its_exit_code(shop: RecordingServer) -> None:
    shop.script("POST", "/charges", Reply(402))
    done = _arazzo(*_RUN, "--server", shop.url, "--format", "json", stdout=_full())
    assert "result-unwritten" in done.stderr
    assert done.returncode == 1


def test_what_is_only_told_may_be_lost(shop: RecordingServer) -> None:
    done = _arazzo(*_RUN, "--server", shop.url, stderr=_full())
    assert (done.returncode, done.stdout) == (0, "receipt: receipt-1\n")


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        (["rehearse", "orders.arazzo.yaml"], 0),
        (["explain"], 0),
        (["--help"], 0),
        (["validate", "orders.arazzo.yaml", "--format", "json"], 0),
        (["validate", "inputs.yaml"], 3),
    ],
)
def test_a_command_ends_as_it_would_have(arguments: list[str], exit_code: int) -> None:
    assert _arazzo(*arguments, stdout=_gone()).returncode == exit_code
    full = _arazzo(*arguments, stdout=_full())
    assert full.returncode == (exit_code or 74)
    assert "result-unwritten" in full.stderr
    assert "Exception" not in full.stderr


def test_a_bug_in_what_tells_of_a_run_does_not_stop_it(
    shop: RecordingServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(Progress, "__call__", fail)
    assert run_command([*_RUN, "--server", shop.url, "--format", "json"]) == 70
    told = capsys.readouterr()
    assert [request.method for request in shop.requests] == ["GET", "POST"]
    assert json.loads(told.out)["status"] == "succeeded"
    assert "secret-token" not in told.out + told.err
    assert "order succeeded   2 steps" in told.err
    assert "this is a bug in arazzo_engine" in told.err


def test_a_pipe_that_does_not_block_gets_everything(shop: RecordingServer) -> None:
    shop.script("POST", "/charges", Reply(201, body={"receipt": "r" * 1_000_000}))
    read, write = os.pipe()
    os.set_blocking(write, False)
    command = [sys.executable, "-m", "arazzo_engine", *_RUN, "--server", shop.url]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    with subprocess.Popen(command, stdout=write, stderr=subprocess.DEVNULL, env=environment) as process:
        os.close(write)
        with os.fdopen(read, "rb") as reader:
            assert len(reader.read()) == len("receipt: \n") + 1_000_000
    assert process.returncode == 0


@pytest.mark.parametrize("seconds", ["nan", "inf", "1e300", "0", "-1"])
@pytest.mark.parametrize("option", ["--timeout", "--step-timeout"])
def test_seconds_that_no_clock_counts_are_refused(
    option: str, seconds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command([*_RUN, option, seconds]) == 2
    assert option in capsys.readouterr().err
