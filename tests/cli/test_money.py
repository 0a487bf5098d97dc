"""What a command says of a request that may have been acted upon, whatever ended it, and where it says so."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import places
import pytest
from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.world.http.sockets import Stream, connect

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopback import RecordingServer

pytestmark = pytest.mark.usefixtures("shop_documents")

_ROOT: Final = places.ROOT
_RUN: Final = ["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml"]
_CLEAN_UP: Final = """
    - name: give-up
      type: goto
      workflowId: clean-up
"""
_SECOND: Final = """
- workflowId: clean-up
  steps:
  - stepId: look
    operationId: findItem
    parameters:
    - { name: item, in: path, value: pen }
    successCriteria:
    - condition: $statusCode == 200
"""
_SIGNALS: Final = [
    *("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGALRM", "SIGXCPU", "SIGUSR1", "SIGUSR2", "SIGABRT", "SIGPROF"),
    "SIGRTMIN",
]


@pytest.fixture
def shop(server: RecordingServer) -> RecordingServer:
    server.script("GET", "/items/book", Reply(200, body={"id": "item-1", "price": 3.5}))
    server.script("GET", "/items/pen", Reply(200, body={}))
    server.script("POST", "/charges", Reply(201, body={"receipt": "receipt-1"}))
    return server


def _with_clean_up() -> None:
    document = Path("orders.arazzo.yaml")
    text = document.read_text().replace("    outputs:\n      receipt", f"{_CLEAN_UP[1:]}    outputs:\n      receipt")
    document.write_text(text.rstrip() + _SECOND)


def _started(shop: RecordingServer, *arguments: str, **given: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "arazzo_engine", *_RUN, "--server", shop.url, *arguments]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **given}
    return subprocess.Popen(command, text=True, env={**os.environ, "PYTHONPATH": str(_ROOT)}, **streams)


# --- what ends a run in the middle of a request ---


@pytest.mark.skipif(not hasattr(signal, "SIGQUIT"), reason="Windows has none of them")
@pytest.mark.parametrize("name", _SIGNALS)
def test_a_signal_in_the_middle_of_a_post_ends_with_the_report(name: str, shop: RecordingServer) -> None:
    arrived, released = threading.Event(), threading.Event()
    shop.script("POST", "/charges", Reply(201).telling(arrived).after(released))
    try:
        with _started(shop, "--format", "json") as process:
            assert arrived.wait(30)
            process.send_signal(getattr(signal, name))
            out, err = process.communicate()
    finally:
        released.set()
    report = json.loads(out)
    assert (process.returncode, report["status"]) == (5, "in-doubt")
    assert [each["code"] for each in report["diagnostics"]] == ["request-in-doubt", "interrupted"]
    assert "error[request-in-doubt]: step `charge` sent POST" in err


def test_a_signal_when_nothing_is_at_stake_is_an_interruption(shop: RecordingServer) -> None:
    arrived, released = threading.Event(), threading.Event()
    shop.script("GET", "/items/book", Reply(200).telling(arrived).after(released))
    try:
        with _started(shop, "--format", "json") as process:
            assert arrived.wait(30)
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate()
    finally:
        released.set()
    assert (process.returncode, json.loads(out)["status"]) == (130, "stopped")


def test_an_interruption_before_there_is_a_connection_leaves_nothing_in_doubt(
    shop: RecordingServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def connect_once(host: str, port: int, deadline: float) -> Stream:
        if opened:
            raise KeyboardInterrupt
        opened.append(connect(host, port, deadline))
        return opened[0]

    opened: list[Stream] = []
    monkeypatch.setattr("arazzo_engine.world.http.http1.carrying.IDLE_SECONDS", 0.0)
    monkeypatch.setattr("arazzo_engine.world.http.http1.carrying.connect", connect_once)
    assert run_command([*_RUN, "--server", shop.url, "--format", "json"]) == 130
    report = json.loads(capsys.readouterr().out)
    assert (report["status"], report["steps"][1]["stepId"]) == ("stopped", "charge")
    assert report["steps"][1]["response"]["reason"] == "the request was not sent, because the run was stopped"


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no such signal")
def test_a_signal_that_is_ignored_stays_so(shop: RecordingServer) -> None:
    arrived, released = threading.Event(), threading.Event()
    shop.script("POST", "/charges", Reply(201, body={"receipt": "r"}).telling(arrived).after(released))
    program = (
        f"import signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); sys.argv[1:] = {_RUN!r} + sys.argv[1:]"
    )
    command = [sys.executable, "-c", f"{program}; from arazzo_engine.cli import main; main()", "--server", shop.url]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, env=environment) as process:
        try:
            assert arrived.wait(30)
            process.send_signal(signal.SIGHUP)
        finally:
            released.set()
        out, _ = process.communicate()
    assert (process.returncode, out) == (0, "receipt: r\n")


# --- a doubt is told however the run ends ---


@pytest.mark.parametrize(
    ("look", "status", "ending"),
    [
        (200, "succeeded", "order succeeded after charge failed, with a request in doubt   3 steps"),
        (500, "failed", "order failed, with a request in doubt"),
    ],
)
def test_a_charge_in_doubt_is_told_whatever_came_after_it(
    look: int, status: str, ending: str, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _with_clean_up()
    shop.script("POST", "/charges", Reply.close())
    shop.script("GET", "/items/pen", Reply(look))
    assert run_command([*_RUN, "--server", shop.url, "--workflow", "order", "--format", "json"]) == 5
    told = capsys.readouterr()
    report = json.loads(told.out)
    assert report["status"] == status
    assert [each["code"] for each in report["diagnostics"]] == ["request-in-doubt"]
    assert "error[request-in-doubt]: step `charge` sent POST" in told.err
    assert ending in told.err


def test_a_charge_that_failed_and_was_cleaned_up_after_is_told_in_the_ending(
    shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _with_clean_up()
    shop.script("POST", "/charges", Reply(402))
    assert run_command([*_RUN, "--server", shop.url, "--workflow", "order", "--format", "json"]) == 0
    told = capsys.readouterr()
    assert (json.loads(told.out)["status"], json.loads(told.out)["failedSteps"]) == ("succeeded", ["charge"])
    assert "order succeeded after charge failed   3 steps" in told.err


def test_a_charge_that_was_retried_did_not_fail(shop: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    shop.script("POST", "/charges", Reply(503), Reply(201, body={"receipt": "r"}))
    assert run_command([*_RUN, "--server", shop.url, "--format", "json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["failedSteps"] == []
    assert "order succeeded   2 steps, 3 requests" in told.err


def test_a_doubt_among_several_runs_has_the_exit_code(shop: RecordingServer) -> None:
    document = Path("orders.arazzo.yaml")
    document.write_text(document.read_text().replace("- workflowId: order\n", f"{_SECOND[1:]}- workflowId: order\n"))
    shop.script("GET", "/items/pen", Reply(500))
    shop.script("POST", "/charges", Reply.close())
    assert run_command([*_RUN, "--server", shop.url, "--all", "--format", "json"]) == 5


def test_the_option_that_repeats_what_is_in_doubt_is_obeyed(
    shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    document = Path("orders.arazzo.yaml")
    document.write_text(document.read_text().replace("      criteria:\n      - condition: $statusCode == 503\n", ""))
    shop.script("POST", "/charges", Reply.close(), Reply(201, body={"receipt": "r"}))
    assert run_command([*_RUN, "--server", shop.url, "--retry-unsafe"]) == 0
    told = capsys.readouterr()
    assert told.out == "receipt: r\n"
    assert "note: sent again, as `--retry-unsafe` asks: the first may have been acted upon, too" in told.err


# --- nothing is sent unless the result can be kept or told ---


def _gone() -> int:
    read, write = os.pipe()
    os.close(read)
    return write


def _shell(shop: RecordingServer, redirections: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "arazzo_engine", *_RUN, "--server", shop.url, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    shell = ["sh", "-c", f'exec "$@" {redirections}', "sh", *command]
    return subprocess.run(shell, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.parametrize("format_", ["text", "json", "jsonl"])
def test_a_result_without_stdout_is_told_on_stderr(format_: str, shop: RecordingServer) -> None:
    done = _shell(shop, ">&-", "--format", format_)
    assert (done.returncode, len(shop.requests)) == (74, 2)
    assert "the result, which could not be written:" in done.stderr
    assert "receipt-1" in done.stderr
    assert "error[result-unwritten]: the result could not be written to stdout: bad file descriptor" in done.stderr


@pytest.mark.parametrize("closed", ["2>&-", "<&-", "<&- 2>&-"])
def test_a_result_needs_stdout_alone(closed: str, shop: RecordingServer) -> None:
    done = _shell(shop, closed)
    assert (done.returncode, done.stdout) == (0, "receipt: receipt-1\n")


@pytest.mark.parametrize("format_", ["text", "json", "jsonl"])
def test_nothing_is_sent_when_the_result_could_reach_nobody(format_: str, shop: RecordingServer) -> None:
    assert _shell(shop, ">&- 2>&-", "--format", format_).returncode == 74
    assert _shell(shop, "<&- >&- 2>&-", "--format", format_).returncode == 74
    streams = _gone(), _gone()
    with _started(shop, "--format", format_, stdout=streams[0], stderr=streams[1]) as process:
        for each in streams:
            os.close(each)
    assert process.returncode == 74
    assert shop.requests == []


def test_a_file_keeps_the_result_when_nobody_can_be_told(shop: RecordingServer) -> None:
    assert _shell(shop, "<&- >&- 2>&-", "--format", "json", "--output", "a/b.json").returncode == 0
    assert json.loads(Path("a/b.json").read_text())["outputs"] == {"receipt": "receipt-1"}


def test_a_reader_that_goes_away_in_the_middle_is_not_the_only_one_that_is_told(shop: RecordingServer) -> None:
    arrived, released = threading.Event(), threading.Event()
    shop.script("POST", "/charges", Reply(201, body={"receipt": "r-7"}).telling(arrived).after(released))
    with _started(shop, "--format", "json") as process:
        assert process.stdout is not None
        try:
            assert arrived.wait(30)
            process.stdout.close()
        finally:
            released.set()
        assert process.stderr is not None
        err = process.stderr.read()
    assert process.returncode == 0
    assert '"receipt": "r-7"' in err


@pytest.mark.parametrize("make", [lambda: None, lambda: Path("inputs.yaml").write_text("amount: much\n")])
def test_a_full_disk_says_that_nothing_was_sent_only_when_nothing_was(
    make: Callable[[], object], shop: RecordingServer
) -> None:
    make()
    done = _shell(shop, ">/dev/full", "--format", "json")
    assert ("make room or write elsewhere; nothing was sent" in done.stderr) == (shop.requests == [])
