"""A process that is killed while it charges: the run goes on in another one, and the charge is not sent again."""

from __future__ import annotations

import json
import os
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

_SECRET: Final = "secret-token-1"
_RECEIPT: Final = {"receipt": "receipt-1"}


pytestmark = pytest.mark.usefixtures("shop")


def _killed_while_it_charges(server: RecordingServer, *options: str) -> None:
    arrived, never = threading.Event(), threading.Event()
    server.script("POST", "/charges", Reply(201, body=_RECEIPT).telling(arrived).after(never))
    command = ["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", server.url]
    started = subprocess.Popen(
        [sys.executable, "-m", "arazzo_engine", *command, "--durable", "--run-id", "order-1", *options],
        env={**os.environ, "PYTHONPATH": str(places.ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert arrived.wait(60)
    started.send_signal(signal.SIGKILL)
    started.wait()
    never.set()


def _charges(server: RecordingServer) -> int:
    return sum(each.method == "POST" for each in server.requests)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has none")
def test_a_charge_whose_fate_is_unknown_is_settled_by_a_person(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _killed_while_it_charges(server)
    assert run_command(["runs", "list"]) == 0
    assert "order-1  interrupted" in capsys.readouterr().out
    for _ in range(2):
        assert run_command(["runs", "resume", "order-1"]) == 5
    told = capsys.readouterr().err
    assert "arazzo runs resolve order-1 --happened --response FILE  it happened, and FILE has the answer" in told
    assert _charges(server) == 1
    assert run_command(["runs", "resolve", "order-1", "--happened"]) == 2
    told = capsys.readouterr().err
    assert "cannot go on without the answer to its request: it reads `$response.body#/receipt`" in told
    assert "`--response FILE`" in told
    Path("answer.json").write_text(json.dumps({"status": 201, "body": _RECEIPT}))
    assert run_command(["runs", "resolve", "order-1", "--happened", "--response", "answer.json"]) == 0
    assert capsys.readouterr().out == "receipt: receipt-1\n"
    assert _charges(server) == 1


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has none")
def test_a_request_of_a_killed_run_is_never_shown_as_one_that_did_not_leave(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _killed_while_it_charges(server)
    database = f"sqlite:///{Path('state').resolve()}/runs.sqlite"
    assert run_command(["runs", "show", "order-1", "--database-url", database]) == 5
    told = capsys.readouterr().err
    assert f"  sent      POST {server.url}/charges\n" in told
    assert "not sent" not in told
    # nothing is settled before the run has ended on it
    assert told.endswith(f"go on: arazzo runs resume order-1 --database-url {database}\n")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has none")
def test_a_charge_that_may_be_sent_again_is_and_both_times_are_told(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _killed_while_it_charges(server, "--assume-idempotent", "charge")
    assert run_command(["runs", "show", "order-1"]) == 5
    told = capsys.readouterr().err
    assert f"  sent      POST {server.url}/charges\n" in told
    assert "not sent" not in told
    assert told.endswith("go on: arazzo runs resume order-1\n")
    server.script("POST", "/charges", Reply(201, body=_RECEIPT))
    assert run_command(["runs", "resume", "order-1"]) == 0
    why = "it may have been sent by a process that ended before an answer was recorded, and is sent again since"
    assert why in capsys.readouterr().err
    assert _charges(server) == 2
    assert run_command(["runs", "show", "order-1", "--format", "json", "--record", "run.jsonl"]) == 0
    step = json.loads(capsys.readouterr().out)["steps"][-1]
    assert step["sentBefore"] == 1
    assert step["notes"][0].startswith(why)
    assert '"sentBefore":1' in Path("run.jsonl").read_text().replace(" ", "")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has none")
def test_nothing_secret_is_legible_in_what_is_kept(server: RecordingServer) -> None:
    _killed_while_it_charges(server)
    kept = b"".join(each.read_bytes() for each in Path("state").iterdir())
    assert b"arazzo.run" in kept
    assert _SECRET.encode() not in kept
    assert b"item-1" not in kept
    for file in Path("state").iterdir():
        assert not file.stat().st_mode & 0o077
