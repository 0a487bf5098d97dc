"""The durable run of a row of a batch: kept under the id of the row, so that any process goes on with it.

Decides what a row is to blame for. At most once, and what is in doubt, is decided by the records of the run itself; a
batch adds nothing to that. Who carries a run out is a matter of its way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import field

from arazzo_engine.diagnostics import ArazzoError, Diagnostic
from arazzo_engine.durability.orders import order_of
from arazzo_engine.recording.beginning import Texts
from arazzo_engine.reporting.batches.outcomes import Outcome, RowStatus, status_of
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from arazzo_engine.durability.batches.recording import RowRecordings
    from arazzo_engine.durability.batches.ways import Way
    from arazzo_engine.world.batches.journal import Journal
    from arazzo_engine.world.batches.row_inputs import Preparing
    from arazzo_engine.world.batches.rows import Row
    from arazzo_engine.world.engine import Engine
    from arazzo_engine.world.loading.library import Library

# the row is not to blame for anything else that is raised, and the batch ends with it
_OF_THE_ROW: Final = frozenset({"run-id-taken", "run-differs"})


class Kept(SilentState):
    """What the runs of a batch are ordered with: who carries them out, records them, the engine, its documents."""

    way: Way
    engine: Engine
    library: Library
    recordings: RowRecordings | None = None
    texts: Texts = field(default_factory=Texts)


class DurableRowRuns(SilentState):
    """Runs rows durably, from several threads; ``bugs`` stays empty, for the engine beneath tells its own."""

    inputs: Preparing
    kept: Kept
    journal: Journal | None = None
    bugs: list[Exception] = field(default_factory=list)
    # what a person has said of a request in doubt is kept with its run
    may_settle: bool = True
    _underway: dict[str, int] = field(default_factory=dict)

    @property
    def in_doubt(self) -> tuple[int, ...]:
        """The rows whose runs this process leaves at a request whose answer is not recorded."""
        underway = dict(self._underway)
        return tuple(sorted(underway[each] for each in self.kept.way.in_doubt(tuple(underway))))

    def run(self, row: Row, run_id: str) -> Outcome:
        """Start the run of a row, go on with it, or return what came of it; raises ``ArazzoError``."""
        try:
            prepared = self.inputs.prepare(row)
            order = order_of(self.kept.engine, prepared, self.kept.library, self.kept.texts)
        except ArazzoError as error:
            return self.untried(row, run_id, RowStatus.FAILED, *error.diagnostics)
        recordings = self.kept.recordings
        before = None if recordings is None else recordings.state_of(run_id)
        self._underway[run_id] = row.number
        try:
            report = self.kept.way.carried(run_id, order, self.kept.texts.by_digest).report
        except ArazzoError as error:
            if not _OF_THE_ROW.issuperset(each.code for each in error.diagnostics):
                raise
            return self.untried(row, run_id, RowStatus.FAILED, *error.diagnostics)
        finally:
            self._underway.pop(run_id, None)
        lost = () if recordings is None else recordings.record(run_id, before)
        return Outcome(row.number, row.line, self._tag(row), run_id, status_of(report), report, lost)

    def untried(self, row: Row, run_id: str, status: RowStatus, *why: Diagnostic) -> Outcome:
        """Return the outcome of a row that is not run."""
        return Outcome(row.number, row.line, self._tag(row), run_id, status, diagnostics=why)

    def _tag(self, row: Row) -> str:
        return "" if self.journal is None else self.journal.tag_of(row)
