"""`arazzo batch --durable` where there are workers: rows stand in their queue, and their outcomes come back."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from fleets import end
from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.durability.runs import State

if TYPE_CHECKING:
    from fleets import Fleet

_CHARGED: Final = Reply(201, body={"receipt": "receipt-1"})


@pytest.fixture(autouse=True)
def _rows(fleet: Fleet) -> None:  # noqa: ARG001 - the documents are in its folder
    lines = (json.dumps({"item": "book", "amount": each}) for each in range(1, 7))
    Path("rows.jsonl").write_text("".join(f"{line}\n" for line in lines))


def _command(fleet: Fleet, *options: str) -> list[str]:
    common = ["batch", "orders.arazzo.yaml", "--each", "rows.jsonl", "-i", "token=secret-token-1"]
    return [*common, "--server", fleet.shop.url, "--durable", "--batch-id", "june", "--output", "out.jsonl", *options]


def _outcomes() -> dict[int, str]:
    found: list[Any] = list(map(json.loads, Path("out.jsonl").read_text().splitlines()))
    return {each["row"]: each["status"] for each in found}


def _charged(fleet: Fleet) -> list[Any]:
    return sorted(each.json["amount"] for each in fleet.shop.requests if each.method == "POST")


def test_workers_carry_out_the_rows_and_a_killed_one_leaves_a_charge_in_doubt(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    arrived, never = threading.Event(), threading.Event()
    fleet.shop.script("POST", "/charges", _CHARGED.telling(arrived).after(never), _CHARGED)
    killed = fleet.worker("killed", "--concurrency", "1")

    def kill() -> None:
        arrived.wait(30)
        end(killed, signal.SIGKILL)
        fleet.worker("other")
        never.set()

    killing = threading.Thread(target=kill)
    killing.start()
    assert run_command(_command(fleet)) == 5
    killing.join()
    told = capsys.readouterr().err
    assert "its rows are run by workers" in told
    assert sorted(_outcomes().values()) == ["in-doubt", *["succeeded"] * 5]
    assert _charged(fleet) == [1, 2, 3, 4, 5, 6]
    executors = {each.executor for each in fleet.ledger.runs()}
    assert executors <= {"killed", "other"}
    assert "p50 ms" in told


def test_a_batch_that_dies_finds_what_workers_did_meanwhile(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    arrived, released = threading.Event(), threading.Event()
    fleet.shop.script("POST", "/charges", _CHARGED.telling(arrived).after(released), _CHARGED)
    fleet.worker("worker")
    command = _command(fleet, "--concurrency", "6")
    feeding = subprocess.Popen([sys.executable, "-m", "arazzo_engine", *command], stderr=subprocess.DEVNULL)
    assert arrived.wait(30)
    feeding.kill()
    feeding.wait()
    released.set()
    capsys.readouterr()
    assert run_command(command) == 0
    assert _outcomes() == dict.fromkeys(range(1, 7), "succeeded")
    assert _charged(fleet) == [1, 2, 3, 4, 5, 6]


def test_rows_that_are_left_are_told_by_the_same_command_later(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    command = _command(fleet)
    assert run_command([*command, "--detach"]) == 0
    told = capsys.readouterr()
    assert told.out == "june\n"
    assert "6 rows wait for workers; the same command without --detach tells what became of them" in told.err
    assert {fleet.state(f"june-{each}") for each in range(1, 7)} == {State.QUEUED}
    # once more changes nothing
    assert run_command([*command, "--detach"]) == 0
    fleet.worker("worker")
    capsys.readouterr()
    assert run_command(command) == 0
    assert "batch june: 6 rows: 6 succeeded" in capsys.readouterr().err
    assert _charged(fleet) == [1, 2, 3, 4, 5, 6]


def test_rows_that_workers_carried_out_are_recorded_by_who_waits_for_them(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet.worker("first")
    assert run_command(_command(fleet, "--record", "recordings")) == 0
    assert sorted(each.name for each in Path("recordings").iterdir()) == [f"june-{each}.jsonl" for each in range(1, 7)]
    sent = len(fleet.shop.requests)
    capsys.readouterr()
    assert run_command(["replay", "recordings"]) == 0
    assert "6 recordings: 6 the same, 0 not" in capsys.readouterr().out
    assert len(fleet.shop.requests) == sent
