"""A fleet of workers in a test, each in a process of its own, and their runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Self

import places

from arazzo_engine.cli import run_command
from arazzo_engine.durability.hosting import open_place
from arazzo_engine.durability.places import find_place
from arazzo_engine.durability.runs import State, state_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from loopback import RecordingServer

    from arazzo_engine.durability.ledger import Ledger

# in seconds
_PATIENCE: Final = 30.0
_LOOK: Final = 0.02
_ENDS: Final = {State.SUCCEEDED, State.FAILED, State.STOPPED, State.REFUSED}


class Fleet:
    """The runs of one database and those who execute them."""

    def __init__(self, shop: RecordingServer) -> None:
        self.shop = shop
        self._workers: list[subprocess.Popen[str]] = []
        self._ledger: list[Ledger] = []

    def __enter__(self) -> Self:
        self._ledger.append(open_place(find_place()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in self._workers:
            each.kill()
            each.wait()
            assert each.stderr is not None
            each.stderr.close()
        self.ledger.close()

    @property
    def ledger(self) -> Ledger:
        """What is kept."""
        return self._ledger[0]

    def reopen(self) -> None:
        """Look at what is kept by connections that are new."""
        self.ledger.close()
        self._ledger[0] = open_place(find_place())

    def order(self, run_id: str, document: str = "orders.arazzo.yaml") -> None:
        """Put a run into the queue."""
        options = ["--inputs", "inputs.yaml", "--server", self.shop.url, "--durable", "--detach", "--run-id", run_id]
        assert run_command(["run", document, *options]) == 0

    def worker(self, name: str = "worker", *options: str) -> subprocess.Popen[str]:
        """Start a worker in a process of its own, which can be killed, and wait until it is at work."""
        command = [sys.executable, "-m", "arazzo_engine", "worker", "--name", name, "--poll", "0.05"]
        started = subprocess.Popen(
            [*command, "--lost-after", "1", *options],
            env={**os.environ, "PYTHONPATH": str(places.ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._workers.append(started)
        assert started.stderr is not None
        assert started.stderr.readline() == f"worker {name} is at work\n"
        return started

    def until(self, run_id: str, *states: State) -> State:
        """Wait until a run is in one of the states, and return it."""

        def found() -> State | None:
            state = self.state(run_id)
            assert state in states or state not in _ENDS, state
            return state if state in states else None

        state: State = self.until_true(found)
        return state

    def until_true(self, find: Callable[[], Any]) -> Any:
        """Wait until something is found, and return it."""
        end = time.monotonic() + _PATIENCE
        while not (found := find()):
            assert time.monotonic() < end, [(each.run_id, state_of(each)) for each in self.ledger.runs()]
            threading.Event().wait(_LOOK)
        return found

    def state(self, run_id: str) -> State:
        """Return the state of a run."""
        return state_of(self.ledger.run(run_id))

    def sent(self, method: str) -> int:
        """Return how many requests of a method the server has got."""
        return sum(each.method == method for each in self.shop.requests)


def end(worker: subprocess.Popen[str], number: int = signal.SIGTERM) -> int:
    """Send a signal to a worker, and return its exit code."""
    worker.send_signal(number)
    code = worker.wait(_PATIENCE)
    assert code != 70, worker.stderr and worker.stderr.read()
    return code
