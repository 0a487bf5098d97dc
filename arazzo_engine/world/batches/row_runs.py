"""The run of a row: prepared, run against the real APIs, and what became of it.

Decides that a row which was sent by an earlier process, and of which nothing more is known, is not sent again, and that
no request which may not be repeated leaves before that is written down. What a run does is the machine's to decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import field
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Location, diagnose
from arazzo_engine.documents.watch import watched_by
from arazzo_engine.machine.effects import NotSent
from arazzo_engine.machine.endings import report_of
from arazzo_engine.reporting.batches.outcomes import Outcome, RowStatus, status_of
from arazzo_engine.typed import SilentState
from arazzo_engine.world.drivers.deadline import Deadline
from arazzo_engine.world.drivers.driving import drive

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.machine.effects import Interaction, Send
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.world.batches.journal import Journal
    from arazzo_engine.world.batches.outbox import Outbox
    from arazzo_engine.world.batches.row_inputs import Preparing
    from arazzo_engine.world.batches.rows import Row
    from arazzo_engine.world.drivers.live import Sender
    from arazzo_engine.world.running import Prepared


class RowRuns(SilentState):
    """Runs rows. Without an ``outbox``, nothing is noted; ``bugs`` has the first of the engine."""

    inputs: Preparing
    outbox: Outbox | None = None
    timeout: float | None = None
    bugs: list[Exception] = field(default_factory=list)
    may_settle: bool = False

    @property
    def in_doubt(self) -> tuple[int, ...]:
        """The rows that have sent what may not be repeated, and have no outcome yet."""
        return () if self.outbox is None else tuple(sorted(self.outbox.unanswered))

    @property
    def _journal(self) -> Journal | None:
        return None if self.outbox is None else self.outbox.journal

    def run(self, row: Row, run_id: str) -> Outcome:
        """Run a row, and return what became of it; raises what no run could have caused."""
        lost = None if self._journal is None else self._journal.lost_step_of(row)
        if lost is not None:
            return self.untried(row, run_id, RowStatus.IN_DOUBT, _lost(row, lost, self.inputs.shown))
        try:
            prepared = self.inputs.prepare(row)
        except ArazzoError as error:
            return self.untried(row, run_id, RowStatus.FAILED, *error.diagnostics)
        report = self._run(row, prepared.named(run_id))
        return Outcome(row.number, row.line, self._tag(row), run_id, status_of(report), report)

    def untried(self, row: Row, run_id: str, status: RowStatus, *why: Diagnostic) -> Outcome:
        """Return the outcome of a row that is not run."""
        return Outcome(row.number, row.line, self._tag(row), run_id, status, diagnostics=why)

    def _tag(self, row: Row) -> str:
        return "" if self._journal is None else self._journal.tag_of(row)

    def _run(self, row: Row, prepared: Prepared) -> RunReport:
        deadline = Deadline(self.timeout)
        world = prepared.means.live(deadline, prepared.store)
        if self.outbox is not None:
            note = self.outbox.note
            world = replace(world, sender=NotingSender(world.sender, lambda step: note(row, step)))
        run = _recorded(row, prepared)
        try:
            with watched_by(deadline.remaining):
                return drive(run, world, prepared.means.observe)
        except Exception as bug:  # told at the end of the batch
            report = report_of(bug)
            if report is None:
                raise
            # one row's bug stops no other
            if not self.bugs:
                self.bugs.append(bug)
            return report


class NotingSender(SilentState):
    """Sends requests, and has it noted before the first one that may not be repeated."""

    sender: Sender
    note: Callable[[str], None]
    is_noted: bool = False

    def send(self, effect: Send) -> Answer:
        """Send a request; raises ``NotSent`` when it cannot be noted that it is sent."""
        if not self.is_noted and not effect.may_repeat:
            try:
                self.note("" if effect.asked is None else effect.asked.step.step.step_id)
            except OSError as error:
                message = f"it could not be written down that the row is sent: {error.strerror}"
                raise NotSent(diagnose("result-unwritten", message, fix="make room, or name another file")) from error
            self.is_noted = True
        return self.sender.send(effect)


def _recorded(row: Row, prepared: Prepared) -> Interaction[RunReport]:
    """Return the run of a row, recorded when it is to be; raises ``ArazzoError`` where that cannot be."""
    try:
        return prepared.recorded_run()
    except ArazzoError as error:
        message = f"row {row.number:,} was not sent: {error.diagnostics[0].message}"
        fix = "make room, and run the same command again"
        raise ArazzoError(diagnose("result-unwritten", message, fix=fix)) from error


def _lost(row: Row, step: str, shown: str) -> Diagnostic:
    what = f"step `{step}`" if step else "a request for a token"
    message = f"row {row.number:,} was at {what} when its process ended, and nobody knows what became of the request"
    fix = "find out whether it happened; if it did not, run the row again in another batch"
    return diagnose("request-in-doubt", message, Location(shown, row.line), fix=fix)
