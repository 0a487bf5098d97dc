"""Clocks that are put forward or back by a day: between a kill and going on, and while a run waits."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from loopback import Reply

from arazzo_engine.durability.hosting import open_place
from arazzo_engine.durability.places import find_place
from arazzo_engine.durability.runs import State, state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from forking import Forker
    from loopback import RecordingServer

    from arazzo_engine.durability.ledger import Ledger

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")

_DAY: Final = 86400
_LOOK: Final = 0.02
_RUN: Final = ("run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--durable", "--run-id", "order-1")


class _Waiting:
    """A run whose first request is answered with 503, and is sent again a moment later."""

    def __init__(self, forker: Forker, shop: RecordingServer, clock: Path) -> None:
        self.forker, self.shop, self.clock = forker, shop, clock
        self.environment = {"TOLD": str(clock.with_name("told.txt")), "CLOCK": str(clock)}
        self.ledger: Ledger = open_place(find_place())
        clock.write_text("0")
        document = Path("orders.arazzo.yaml")
        action = "{ name: again, type: retry, retryAfter: 0.8, retryLimit: 1 }"
        written = document.read_text().replace(
            "    outputs:\n      id:", f"    onFailure: [{action}]\n    outputs:\n      id:", 1
        )
        document.write_text(written)
        shop.script("GET", "/items/book", Reply(503), Reply(200, body={"id": "item-1", "price": 3.5}))

    def start(self, *options: str) -> int:
        """Start a process that comes to the wait, and return its number."""
        process = self.forker.start((*_RUN, "--server", self.shop.url, *options), self.environment)
        self.until(lambda: self._places()[-1:] == ["wait 1"])
        return process

    def _places(self) -> list[str]:
        return [name for name, _ in self.ledger.record_of("order-1")] if self.ledger.runs(["order-1"]) else []

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something is so."""
        while not holds():
            threading.Event().wait(_LOOK)

    def check_charged_once(self) -> None:
        """See that the run has succeeded, as it does without a jump."""
        assert state_of(self.ledger.run("order-1")) is State.SUCCEEDED
        self.ledger.close()
        assert [each.method for each in self.shop.requests] == ["GET", "GET", "POST"]


@pytest.fixture
def waiting(forker: Forker, shop: RecordingServer, tmp_path: Path) -> _Waiting:
    return _Waiting(forker, shop, tmp_path / "clock.txt")


@pytest.mark.parametrize("jump", [_DAY, -_DAY])
def test_a_jump_between_a_kill_and_going_on_prolongs_no_wait(waiting: _Waiting, jump: int) -> None:
    process = waiting.start()
    os.kill(process, signal.SIGKILL)
    waiting.forker.wait(process)
    waiting.clock.write_text(str(jump))
    assert waiting.forker.run(("runs", "resume", "order-1"), waiting.environment) == 0
    waiting.check_charged_once()


@pytest.mark.parametrize("jump", [_DAY, -_DAY])
def test_a_jump_while_a_run_waits_prolongs_no_wait(waiting: _Waiting, jump: int) -> None:
    process = waiting.start()
    waiting.clock.write_text(str(jump))
    assert waiting.forker.wait(process) == 0
    waiting.check_charged_once()


def test_a_worker_whose_clock_is_late_goes_on_when_the_alarm_of_another_one_rings(waiting: _Waiting) -> None:
    started = (*_RUN, "--server", waiting.shop.url, "--detach")
    assert waiting.forker.run(started, waiting.environment) == 0
    worker = ("worker", "--name", "late", "--poll", "0.05", "--sleep-from", "0.1")
    process = waiting.forker.start(worker, waiting.environment)
    waiting.until(lambda: waiting.ledger.run("order-1").is_asleep)
    waiting.clock.write_text(str(-_DAY))
    # as the worker does whose clock is right
    waiting.ledger.ring("order-1", "wait 1")
    waiting.until(lambda: state_of(waiting.ledger.run("order-1")) is State.SUCCEEDED)
    os.kill(process, signal.SIGTERM)
    assert waiting.forker.wait(process) == 0
    waiting.check_charged_once()
