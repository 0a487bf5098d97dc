"""A run that a person stays with on another machine: whether its process is alive is known by its signs of life."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING, Final

import pytest
from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.durability.kept.workers import Worker
from arazzo_engine.durability.runs import State

if TYPE_CHECKING:
    from pathlib import Path

    from fleets import Fleet
    from forking import Forker

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")

_ITEM: Final = {"id": "item-1", "price": 3.5}
_RUN: Final = ("run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--durable", "--run-id", "order-1")


def test_a_run_whose_process_died_on_another_machine_is_interrupted_when_it_gives_no_sign_of_life(
    fleet: Fleet, forker: Forker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arrived, never = threading.Event(), threading.Event()
    fleet.shop.script(
        "GET", "/items/book", Reply(200, body=_ITEM).telling(arrived).after(never), Reply(200, body=_ITEM)
    )
    elsewhere = {"TOLD": str(tmp_path / "told.txt"), "HOST": "elsewhere"}
    process = forker.start((*_RUN, "--server", fleet.shop.url), elsewhere)
    assert arrived.wait(30)
    assert fleet.state("order-1") is State.RUNNING
    os.kill(process, signal.SIGKILL)
    forker.wait(process)
    # nobody here can know it yet
    assert fleet.state("order-1") is State.RUNNING
    (living,) = fleet.ledger.processes.all()
    assert (living.host, living.name) == ("elsewhere", fleet.ledger.run("order-1").executor)
    # half a minute later
    fleet.ledger.processes.beat(Worker(living.name, living.host, living.pid, lost_after=0.05))
    fleet.until("order-1", State.INTERRUPTED)
    # it is that person's: a worker does not take it
    fleet.worker("worker")
    assert run_command(["runs", "recover"]) == 0
    assert capsys.readouterr().out == "receipt: receipt-1\n"
    never.set()
    assert fleet.sent("POST") == 1
    assert run_command(["runs", "prune", "--older-than", "0s"]) == 0
    assert fleet.ledger.processes.all() == ()


def test_a_process_that_has_ended_is_forgotten(fleet: Fleet) -> None:
    assert run_command([*_RUN, "--server", fleet.shop.url]) == 0
    assert fleet.ledger.processes.all() == ()
