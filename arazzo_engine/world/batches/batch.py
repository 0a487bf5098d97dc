"""A batch from its first row to its last: which rows are still to be run, what becomes of each, and when it ends.

Decides that a row with an outcome is not run again, and after how many failures no more rows are taken. How rows are
read, run and kept is decided by the files around it.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.reporting.batches.outcomes import RowStatus, outcome_line
from arazzo_engine.typed import SilentState
from arazzo_engine.world.batches.batching import Batching
from arazzo_engine.world.batches.processes import Share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.reporting.batches.outcomes import Outcome
    from arazzo_engine.reporting.batches.summary import Summary
    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.world.batches.outbox import Outbox
    from arazzo_engine.world.batches.pace import Pace
    from arazzo_engine.world.batches.rows import Row
    from arazzo_engine.world.batches.run_ids import RunIds


class Runs(Protocol):
    """What runs rows, from several threads; ``bugs`` has the first of the engine, if there was one.

    With ``may_settle``, running a row that is in doubt only looks whether it still is.
    """

    bugs: list[Exception]
    may_settle: bool

    @property
    def in_doubt(self) -> tuple[int, ...]:
        """The rows without an outcome that may have sent what nobody knows about."""
        ...

    def run(self, row: Row, run_id: str) -> Outcome:
        """Run a row, and return what became of it."""
        ...

    def untried(self, row: Row, run_id: str, status: RowStatus, *why: Diagnostic) -> Outcome:
        """Return the outcome of a row that is not run."""
        ...


class Named(Struct, frozen=True):
    """A row that is still to be run, the id of its run, and how it has ended ``earlier``, if that may have changed."""

    row: Row
    run_id: str
    earlier: RowStatus | None = None


class Limits(Struct, frozen=True):
    """How much of a batch goes on at once, and how many rows may fail before no more are taken."""

    pace: Pace
    concurrency: int = 1
    failures: int | None = None


class Batch(SilentState):
    """A batch, or a ``share`` of it. ``watch`` is told of each row that is done."""

    runs: Runs
    ids: RunIds
    outbox: Outbox
    masker: Masker
    limits: Limits
    summary: Summary
    watch: Callable[[Summary], None]
    share: Share = Share()
    batching: Batching[Named] | None = None
    _failures: int = 0
    _began: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, rows: Iterable[Row], when_interrupted: Callable[[], None]) -> None:
        """Run the rows that have no outcome; raises ``KeyboardInterrupt`` when rows are left as they are."""
        self.batching = Batching(self._act, self.limits.pace, self.limits.concurrency)
        try:
            self.batching.work_off(self._pending(rows), when_interrupted)
        finally:
            self.summary.elapsed = time.monotonic() - self._began

    @property
    def is_interrupted(self) -> bool:
        """Whether somebody ended it before its last row."""
        return self.batching is not None and self.batching.is_interrupted

    @property
    def is_cut_short(self) -> bool:
        """Whether so many rows failed that no more were taken."""
        return self.limits.failures is not None and self._failures >= self.limits.failures

    def _pending(self, rows: Iterable[Row]) -> Iterator[Named]:
        for row in rows:
            status = None if self.outbox.journal is None else self.outbox.journal.status_of(row)
            try:
                named = Named(row, self.ids.of(row) if row.problem is None else "", status)
            except ArazzoError as error:
                named = None
                if status is None and self.share.has(row):
                    self._keep(row, self.runs.untried(row, "", RowStatus.FAILED, *error.diagnostics))
            if not self.share.has(row):
                continue
            if status is not None and not (self.runs.may_settle and status is RowStatus.IN_DOUBT):
                self._leave(row, status)
            elif named is not None:
                yield named

    def _act(self, named: Named) -> None:
        outcome = self.runs.run(named.row, named.run_id)
        if outcome.status is named.earlier:
            self._leave(named.row, outcome.status)
        else:
            self._keep(named.row, outcome)

    def _leave(self, row: Row, status: RowStatus) -> None:
        """Leave the outcome of a row as it is."""
        self.outbox.files.put(row, status)
        with self._lock:
            self.summary.take_earlier(status)

    def _keep(self, row: Row, outcome: Outcome) -> None:
        line = outcome_line(outcome, self.masker)
        is_kept = self.outbox.put(row, outcome, line)
        with self._lock:
            self.summary.take(outcome, line)
            self.summary.elapsed = time.monotonic() - self._began
            self._failures += outcome.status is not RowStatus.SUCCEEDED
        if self.batching is not None and (not is_kept or self.is_cut_short):
            self.batching.stopped.set()
        self.watch(self.summary)
