"""What a person sees while a batch goes on: a bar with what is done, what failed, how fast, and for how long still.

On anything but a terminal it is quiet. It only tells: nothing that a batch does depends on it.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Final, Self

from msgspec import Struct, field

from arazzo_engine.cli.terminal.abilities import has_colours, is_ascii, paints
from arazzo_engine.cli.terminal.region import Region
from arazzo_engine.reporting.batches.outcomes import RowStatus
from arazzo_engine.reporting.lines import marks
from arazzo_engine.reporting.lines.durations import left
from arazzo_engine.reporting.lines.widths import cut, width_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.reporting.batches.summary import Summary

# in seconds
_BETWEEN: Final = 0.1
# of a bar, in columns
_WIDTH: Final = 24
_NARROWEST: Final = 8


class BatchProgress(Struct):
    """A bar on stderr, when that is a terminal: of so many rows in all, if anybody knows."""

    title: str
    total: int | None = None
    _region: Region | None = None
    _next: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        if paints(sys.stderr):
            self._region = Region(sys.stderr, has_colours(sys.stderr), is_ascii(sys.stderr))
            if self.title:
                self._region.paint([self.title])
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take the bar away."""
        with self._lock:
            if self._region is not None:
                self._region.leave([])
                self._region = None

    def count(self, rows: int) -> None:
        """Tell how many rows were looked at."""
        self._show(rows, lambda: f"{self.title}: {rows:,}")

    def show(self, summary: Summary) -> None:
        """Tell how far a batch is; rows end in several threads."""
        self._show(summary.done, lambda: self._line(summary))

    def _show(self, done: int, line: Callable[[], str]) -> None:
        region = self._region
        if region is None:
            return
        with self._lock:
            now = time.monotonic()
            if now < self._next and done != self.total:
                return
            self._next = now + _BETWEEN
            region.paint([_with_bar(line(), region.size()[0] - 1, done, self.total)])

    def _line(self, summary: Summary) -> str:
        of = "" if self.total is None else f" of {self.total:,}"
        doubt = summary.by_status[RowStatus.IN_DOUBT]
        failed = summary.unsuccessful - doubt
        parts = (f"{summary.done:,}{of} done, {failed:,} failed, {doubt:,} in doubt", f"{summary.rate:.1f} rows/s")
        still = self._left(summary)
        return ", ".join((*parts, still) if still else parts)

    def _left(self, summary: Summary) -> str:
        """Return how long it still takes, when that can be said."""
        if self.total is None or not summary.rate or summary.done >= self.total:
            return ""
        return f"{left((self.total - summary.done) / summary.rate)} left"


def _with_bar(line: str, width: int, done: int, total: int | None) -> str:
    """Return a line with a bar before it, if both have a place."""
    room = min(_WIDTH, width - width_of(line) - 1)
    return cut(line, width) if total is None or room < _NARROWEST else f"{_bar(done, total, room)} {line}"


def _bar(done: int, total: int, width: int) -> str:
    r"""Return a bar that is as full as the work is done.

    >>> _bar(1, 4, 24)
    '━━━━━━──────────────────'
    """
    full = width * done // total if total else width
    return marks.FULL * full + marks.EMPTY * (width - full)
