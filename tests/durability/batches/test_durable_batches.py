"""Batches of durable runs: killed while they charge, settled by a person, and the same result for the same id."""

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

if TYPE_CHECKING:
    from loopback import RecordingServer

_CHARGED: Final = Reply(201, body={"receipt": "receipt-1"})


@pytest.fixture(autouse=True)
def _rows(shop: RecordingServer) -> None:  # noqa: ARG001 - the documents are in its folder
    lines = (json.dumps({"item": "book", "amount": each}) for each in (1, 2, 3))
    Path("rows.jsonl").write_text("".join(f"{line}\n" for line in lines))


def _command(server: RecordingServer, *options: str) -> list[str]:
    common = ["batch", "orders.arazzo.yaml", "--each", "rows.jsonl", "-i", "token=secret-token-1"]
    return [*common, "--server", server.url, "--durable", "--batch-id", "june", *options]


def _outcomes(text: str) -> dict[int, str]:
    found: list[Any] = list(map(json.loads, text.splitlines()))
    return {each["row"]: each["status"] for each in found}


def _charges(server: RecordingServer) -> list[Any]:
    return [each.json["amount"] for each in server.requests if each.method == "POST"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has none")
def test_a_batch_that_is_killed_goes_on_and_a_person_settles_what_is_in_doubt(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    arrived, never = threading.Event(), threading.Event()
    server.script("POST", "/charges", _CHARGED, _CHARGED.telling(arrived).after(never), _CHARGED)
    command = _command(server, "--output", "out.jsonl", "--concurrency", "1")
    started = subprocess.Popen(
        [sys.executable, "-m", "arazzo_engine", *command],
        env={**os.environ, "PYTHONPATH": str(places.ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert arrived.wait(60)
    started.send_signal(signal.SIGKILL)
    started.wait()
    never.set()
    for _ in range(2):
        assert run_command(command) == 5
        assert _outcomes(Path("out.jsonl").read_text()) == {1: "succeeded", 2: "in-doubt", 3: "succeeded"}
    assert Path("out.jsonl").read_text().count("\n") == 3
    assert _charges(server) == [1, 2, 3]
    answer = {"status": 201, "body": {"receipt": "receipt-2"}}
    Path("answer.json").write_text(json.dumps(answer))
    assert run_command(["runs", "resolve", "june-2", "--happened", "--response", "answer.json"]) == 0
    capsys.readouterr()
    assert run_command(command) == 0
    assert "3 rows: 3 succeeded (2 of them before)" in capsys.readouterr().err
    assert _outcomes(Path("out.jsonl").read_text())[2] == "succeeded"
    assert _charges(server) == [1, 2, 3]


def test_the_same_batch_gives_the_same_outcomes_again(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert run_command(_command(server)) == 0
        told = capsys.readouterr()
        assert _outcomes(told.out) == dict.fromkeys((1, 2, 3), "succeeded")
        assert told.err.startswith("batch june\n")
    assert sorted(_charges(server)) == [1, 2, 3]
    Path("rows.jsonl").write_text('{"item": "book", "amount": 7}\n')
    assert run_command(_command(server)) == 1
    (outcome,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert [each["code"] for each in outcome["diagnostics"]] == ["run-id-taken"]
    assert sorted(_charges(server)) == [1, 2, 3]


def test_a_batch_that_is_not_durable_does_not_become_so(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    command = _command(server, "--output", "out.jsonl")
    assert run_command([each for each in command if each != "--durable"]) == 0
    assert run_command(command) == 2
    assert "`out.jsonl` has the outcomes of a batch without `--durable`" in capsys.readouterr().err
    assert len(_charges(server)) == 3


def test_a_database_that_cannot_be_used_is_told_before_anything_is_sent(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(_command(server, "--database-url", "sqlite:////dev/null/runs")) == 2
    assert "error[state-unavailable]" in capsys.readouterr().err
    assert server.requests == []


def test_a_second_interruption_tells_that_a_row_is_in_doubt(server: RecordingServer) -> None:
    arrived, never = threading.Event(), threading.Event()
    server.script("POST", "/charges", _CHARGED.telling(arrived).after(never))
    command = _command(server, "--output", "out.jsonl", "--concurrency", "1")
    started = subprocess.Popen(
        [sys.executable, "-m", "arazzo_engine", *command],
        env={**os.environ, "PYTHONPATH": str(places.ROOT)},
        stderr=subprocess.PIPE,
    )
    assert started.stderr is not None
    assert arrived.wait(60)
    started.send_signal(signal.SIGINT)
    while not started.stderr.readline().startswith(b"finishing the rows"):
        assert started.poll() is None
    started.send_signal(signal.SIGINT)
    _, told = started.communicate()
    never.set()
    assert (started.returncode, b"Traceback" in told) == (5, False), told
    assert run_command(command) == 5
    assert "in-doubt" in _outcomes(Path("out.jsonl").read_text()).values()
