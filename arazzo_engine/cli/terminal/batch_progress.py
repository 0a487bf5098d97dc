"""What a person sees while a batch goes on: a bar with what is done, what failed, how fast, and for how long still.

On anything but a terminal it is quiet. It only tells: nothing that a batch does depends on it.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final, Self

from msgspec import Struct

from arazzo_engine.reporting.batches.outcomes import RowStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.status import Status

    from arazzo_engine.reporting.batches.summary import Summary

# in seconds
_BETWEEN: Final = 0.1
_WIDTH: Final = 24
_UNITS: Final = ((3600, "h"), (60, "min"), (1, "s"))


class BatchProgress(Struct):
    """A bar on stderr, when that is a terminal: of so many rows in all, if anybody knows."""

    title: str
    total: int | None = None
    _status: Status | None = None
    _next: float = 0.0

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console

            self._status = Console(stderr=True).status(self.title)
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take the bar away."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def count(self, rows: int) -> None:
        """Tell how many rows were looked at."""
        self._show(rows, lambda: f"{self.title}: {rows:,}")

    def show(self, summary: Summary) -> None:
        """Tell how far a batch is."""
        self._show(summary.done, lambda: self._line(summary))

    def _show(self, done: int, line: Callable[[], str]) -> None:
        now = time.monotonic()
        if self._status is None or (now < self._next and done != self.total):
            return
        self._next = now + _BETWEEN
        bar = "" if self.total is None else f"{_bar(done, self.total)} "
        self._status.update(f"{bar}{line()}")

    def _line(self, summary: Summary) -> str:
        of = "" if self.total is None else f" of {self.total:,}"
        doubt = summary.by_status[RowStatus.IN_DOUBT]
        failed = summary.unsuccessful - doubt
        parts = (f"{summary.done:,}{of} done, {failed:,} failed, {doubt:,} in doubt", f"{summary.rate:.1f} rows/s")
        left = self._left(summary)
        return ", ".join((*parts, left) if left else parts)

    def _left(self, summary: Summary) -> str:
        """Return how long it still takes, when that can be said."""
        if self.total is None or not summary.rate:
            return ""
        seconds = (self.total - summary.done) / summary.rate
        size, unit = next((each for each in _UNITS if seconds >= each[0]), _UNITS[-1])
        return f"{seconds / size:.0f} {unit} left"


def _bar(done: int, total: int) -> str:
    r"""Return a bar that is as full as the work is done.

    >>> _bar(1, 4)
    '━━━━━━──────────────────'
    """
    full = _WIDTH * done // total if total else _WIDTH
    return "━" * full + "─" * (_WIDTH - full)
