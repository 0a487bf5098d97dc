"""Steps a second of runs that stand in a queue: one worker, two and four, on a PostgreSQL of this machine.

Every worker is a process of its own. Measured is the time from the first run that is ordered to the last one that is
over, so that it holds what taking runs from the queue costs.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from arazzo_engine.durability.hosting import open_place
from arazzo_engine.durability.places import find_place
from benchmarks.durable import ordered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.durability.ledger import Ledger

_ROOT: Final = Path(__file__).resolve().parent.parent
_RUNS: Final = 24
_LOOK: Final = 0.02


def steps_by_workers(url: str, database: str, workers: int, steps: int) -> str:
    """Return how many steps so many workers make in a second, as a line."""
    with TemporaryDirectory() as folder, closing(open_place(find_place(database))) as ledger:
        order, texts, _ = ordered(folder, url, steps)
        ledger.keep_texts(texts)
        with _at_work(database, workers):
            began = time.perf_counter()
            names = [f"run-{workers}-{number}" for number in range(_RUNS)]
            for name in names:
                ledger.enqueue(name, order)
            _wait(ledger, names)
            seconds = time.perf_counter() - began
    rate = _RUNS * steps / seconds
    return f"{f'{_RUNS} runs of {steps} durable steps, PostgreSQL, {workers} workers':<58} {rate:>10.1f} steps/s"


def _wait(ledger: Ledger, names: list[str]) -> None:
    while len(ledger.settled(names)) < len(names):
        time.sleep(_LOOK)


@contextmanager
def _at_work(database: str, workers: int) -> Iterator[None]:
    command = [sys.executable, "-m", "arazzo_engine", "worker", "--database-url", database, "--poll", "0.05"]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    started = [
        subprocess.Popen([*command, "--name", f"worker-{number}"], stderr=subprocess.PIPE, env=environment)
        for number in range(workers)
    ]
    try:
        for each in started:
            assert each.stderr is not None
            assert each.stderr.readline().endswith(b"is at work\n")
        yield
    finally:
        for each in started:
            each.send_signal(signal.SIGTERM)
            each.communicate()
