"""Workers on a real PostgreSQL: runs are taken by whoever is there, and nobody is charged twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Final

import places
from fleets import end
from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.durability.runs import State

if TYPE_CHECKING:
    import pytest
    from fleets import Fleet
    from postgres_server import Postgres

_RECEIPT: Final = {"receipt": "receipt-1"}
_ITEM: Final = {"id": "item-1", "price": 3.5}


def test_a_run_that_was_left_to_the_workers_is_run_by_one(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    fleet.order("order-1")
    assert capsys.readouterr().out == "order-1\n"
    assert fleet.state("order-1") is State.QUEUED
    fleet.worker()
    assert run_command(["runs", "show", "order-1", "--follow"]) == 0
    assert capsys.readouterr().out == "receipt: receipt-1\n"
    # the same id gives the same run
    fleet.order("order-1")
    assert fleet.sent("POST") == 1


def test_a_worker_that_was_killed_in_a_charge_leaves_it_in_doubt_elsewhere(fleet: Fleet) -> None:
    arrived, never = threading.Event(), threading.Event()
    fleet.shop.script("POST", "/charges", Reply(201, body=_RECEIPT).telling(arrived).after(never))
    killed = fleet.worker("killed")
    fleet.order("order-1")
    assert arrived.wait(30)
    end(killed, signal.SIGKILL)
    fleet.worker()
    fleet.until("order-1", State.IN_DOUBT)
    never.set()
    assert fleet.sent("POST") == 1


def test_a_worker_that_wakes_up_after_its_run_went_on_elsewhere_changes_nothing(fleet: Fleet) -> None:
    arrived, released = threading.Event(), threading.Event()
    held = Reply(200, body=_ITEM | {"id": "of another time"}).telling(arrived).after(released)
    fleet.shop.script("GET", "/items/book", held, Reply(200, body=_ITEM))
    stopped = fleet.worker("stopped")
    fleet.order("order-1")
    assert arrived.wait(30)
    stopped.send_signal(signal.SIGSTOP)
    fleet.worker()
    fleet.until("order-1", State.SUCCEEDED)
    record = fleet.ledger.record_of("order-1")
    released.set()
    stopped.send_signal(signal.SIGCONT)
    assert end(stopped) == 0
    assert fleet.sent("POST") == 1
    assert fleet.shop.requests[-1].json["item"] == "item-1"
    assert fleet.ledger.record_of("order-1") == record


def test_a_worker_that_is_told_to_end_lets_its_runs_go_on_elsewhere(fleet: Fleet) -> None:
    arrived, released = threading.Event(), threading.Event()
    fleet.shop.script("GET", "/items/book", Reply(200, body=_ITEM).telling(arrived).after(released))
    drained = fleet.worker("drained")
    fleet.order("order-1")
    assert arrived.wait(30)
    drained.send_signal(signal.SIGTERM)
    fleet.until_true(lambda: any(each.is_leaving for each in fleet.ledger.workers.all()))
    released.set()
    assert drained.wait(30) == 0
    assert fleet.state("order-1") is State.QUEUED
    assert fleet.ledger.workers.all() == ()
    fleet.worker()
    fleet.until("order-1", State.SUCCEEDED)
    # what was answered is not asked for again
    assert [fleet.sent(method) for method in ("GET", "POST")] == [1, 1]


def test_a_second_process_with_the_same_id_sends_nothing(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    arrived, released = threading.Event(), threading.Event()
    fleet.shop.script("POST", "/charges", Reply(201, body=_RECEIPT).telling(arrived).after(released))
    command = ["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", fleet.shop.url]
    command += ["--durable", "--run-id", "order-1"]
    environment = {**os.environ, "PYTHONPATH": str(places.ROOT)}
    first = subprocess.Popen(
        [sys.executable, "-m", "arazzo_engine", *command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert arrived.wait(30)
    assert run_command(command) == 2
    assert "[run-not-resumable]" in capsys.readouterr().err
    released.set()
    assert first.communicate()[0] == b"receipt: receipt-1\n"
    assert run_command(command) == 0
    assert capsys.readouterr().out == "receipt: receipt-1\n"
    assert fleet.sent("POST") == 1


def test_a_database_that_is_gone_for_a_while_ends_no_worker(
    fleet: Fleet, postgres: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    arrived, released = threading.Event(), threading.Event()
    fleet.shop.script("POST", "/charges", Reply(201, body=_RECEIPT).telling(arrived).after(released))
    worker = fleet.worker("worker", "--lost-after", "10")
    fleet.order("order-1")
    assert arrived.wait(30)
    with postgres.gone():
        released.set()
        assert run_command(["runs", "show", "order-1"]) == 2
        assert "[state-unavailable]" in capsys.readouterr().err
    fleet.reopen()
    # the answer was recorded when that could be done again, or is kept beside the record
    fleet.until("order-1", State.IN_DOUBT, State.SUCCEEDED)
    run_command(["runs", "show", "order-1"])
    told = capsys.readouterr()
    assert "its answer came after the run was taken over: 201" in told.err or told.out == "receipt: receipt-1\n"
    assert worker.poll() is None
    assert fleet.sent("POST") == 1


def test_workers_are_listed_with_their_last_sign_of_life(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    killed = fleet.worker("killed")
    end(killed, signal.SIGKILL)
    fleet.worker("here")
    fleet.until_true(lambda: _states(capsys) == {"here": "at work", "killed": "lost"})
    # a name is that of one process
    assert run_command(["worker", "--name", "here"]) == 2
    assert "there is a worker `here` already" in capsys.readouterr().err


def _states(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    capsys.readouterr()
    assert run_command(["workers", "--format", "json"]) == 0
    return {each["name"]: each["state"] for each in json.loads(capsys.readouterr().out)}
