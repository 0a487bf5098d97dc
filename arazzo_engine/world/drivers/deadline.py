"""A limit on the time that something may take: it decides when it has taken too long, and what is said then.

What takes so long is not known here.
"""

from __future__ import annotations

import time
from typing import Final

from msgspec import Struct, field

from arazzo_engine.diagnostics import ArazzoError, diagnose

RUNNING: Final = "the run stopped: loading and running"
CHECKING: Final = "the check was given up: loading and checking"


class Deadline(Struct, frozen=True):
    """When a run must have ended: ``limit`` in seconds since it began, ``None`` for never. ``work`` says what ends."""

    limit: float | None = None
    _started: float = field(default_factory=time.monotonic)
    work: str = RUNNING

    def remaining(self) -> float | None:
        """Return the seconds left; raises ``ArazzoError`` (``run-time-limit``) when there are none."""
        if self.limit is None:
            return None
        left = self._started + self.limit - time.monotonic()
        if left <= 0:
            message = f"{self.work} took longer than {self.limit:g} s"
            raise ArazzoError(diagnose("run-time-limit", message, fix="raise the limit with `--timeout`"))
        return left

    def cut(self, seconds: float) -> float:
        """Return how long a wait may be."""
        left = self.remaining()
        return seconds if left is None else min(seconds, left)
