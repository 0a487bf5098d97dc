"""Waits that no process waits for: the run is asleep, an alarm wakes it, whichever workers there are by then."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from fleets import Fleet, end
from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.durability.runs import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loopback import RecordingServer

_SLEEPY: Final = ("--sleep-from", "0.1")


@pytest.fixture
def alone(shop: RecordingServer) -> Iterator[Fleet]:
    """A fleet on SQLite, on this machine."""
    with Fleet(shop) as made:
        yield made


def _order(fleet: Fleet, seconds: float) -> None:
    """Order a run whose first request is tried again so many seconds later."""
    document = Path("orders.arazzo.yaml")
    action = f"{{ name: again, type: retry, retryAfter: {seconds}, retryLimit: 1 }}"
    written = document.read_text().replace(
        "    outputs:\n      id:", f"    onFailure: [{action}]\n    outputs:\n      id:", 1
    )
    document.write_text(written)
    fleet.shop.script("GET", "/items/book", Reply(503), Reply(200, body={"id": "item-1", "price": 3.5}))
    fleet.order("order-1")


def test_a_wait_survives_its_worker_and_ends_when_it_is_over(alone: Fleet) -> None:
    _order(alone, 1.5)
    first = alone.worker("first", *_SLEEPY)
    alone.until("order-1", State.WAITING)
    assert alone.ledger.executed_by("first") == ()
    end(first, signal.SIGKILL)
    alone.worker("second", *_SLEEPY)
    alone.until("order-1", State.SUCCEEDED)
    assert [alone.sent(method) for method in ("GET", "POST")] == [2, 1]


def test_a_run_that_is_asleep_is_woken_by_a_nudge(alone: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    _order(alone, 50)
    alone.worker("worker", *_SLEEPY)
    alone.until("order-1", State.WAITING)
    assert run_command(["runs", "show", "order-1"]) == 5
    assert "run order-1 is waiting, until 2" in capsys.readouterr().err
    assert run_command(["runs", "nudge", "order-1"]) == 0
    alone.until("order-1", State.SUCCEEDED)


def test_a_run_that_is_asleep_can_be_paused_and_goes_on_in_this_process(
    alone: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    _order(alone, 0.5)
    alone.worker("worker", *_SLEEPY)
    alone.until("order-1", State.WAITING)
    assert run_command(["runs", "pause", "order-1"]) == 0
    assert alone.state("order-1") is State.PAUSED
    assert run_command(["runs", "resume", "order-1"]) == 0
    assert capsys.readouterr().out == "order-1\nreceipt: receipt-1\n"


def test_a_run_that_no_worker_took_goes_on_in_this_process(alone: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    alone.order("order-1")
    assert alone.state("order-1") is State.QUEUED
    assert run_command(["runs", "resume", "order-1"]) == 0
    assert capsys.readouterr().out == "order-1\nreceipt: receipt-1\n"
