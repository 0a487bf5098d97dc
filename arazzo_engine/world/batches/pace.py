"""The pace of a batch: how many rows may begin in a second.

Decides when the next row may begin. A batch that falls behind does not catch up: a server that was slow for a while
must not be met by everything at once.
"""

from __future__ import annotations

import threading
import time
from typing import Final

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.patterns import lazy_pattern

_RATE: Final = lazy_pattern(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(?:/([smh]))?")
_UNITS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}


class Pace:
    """Lets so many rows begin in a second, evenly; ``None`` lets all of them begin at once."""

    def __init__(self, rate: float | None) -> None:
        self._rate = rate
        self._between = 0.0 if rate is None else 1 / rate
        self._next = time.monotonic()
        self._lock = threading.Lock()

    def shared_by(self, processes: int) -> Pace:
        """Return the pace of each of so many processes."""
        return Pace(None if self._rate is None else self._rate / processes)

    def wait(self, stopped: threading.Event) -> bool:
        """Wait until one more row may begin, and return whether it may: not when the batch was stopped meanwhile."""
        if not self._between:
            return not stopped.is_set()
        with self._lock:
            begins = max(self._next, time.monotonic())
            self._next = begins + self._between
        return not stopped.wait(max(0.0, begins - time.monotonic()))


def read_rate(text: str | None) -> float | None:
    """Return how many rows a second ``10``, ``10/s``, ``600/m`` or ``36000/h`` are; raises ``ArazzoError``.

    >>> read_rate("600/m")
    10.0
    """
    if text is None:
        return None
    match = _RATE.fullmatch(text)
    rate = 0.0 if match is None else float(match[1]) / _UNITS[match[2] or "s"]
    if not rate:
        message = "`--rate` is a number of rows in a second, a minute or an hour"
        raise ArazzoError(diagnose("option-invalid", message, fix="write `--rate 10/s`, `600/m` or `100/h`"))
    return rate
