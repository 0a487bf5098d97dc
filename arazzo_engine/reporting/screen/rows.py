"""The rows of the table, made of a run's events: one for each visit of a step, its attempts folded into it.

Decides what a row says and which row an event belongs to. How rows are laid out is decided by ``layout``; the time that
passes while nothing happens is given by whoever looks at them.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from msgspec import Struct, field

from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.printable import in_line
from arazzo_engine.reporting.ending.causes import is_unsent, reason_of
from arazzo_engine.reporting.ending.criteria import state
from arazzo_engine.reporting.ending.outputs import outputs_in_words
from arazzo_engine.reporting.events import StepFinished, StepStarted, Waiting
from arazzo_engine.reporting.lines import marks
from arazzo_engine.reporting.outcomes import StepStatus
from arazzo_engine.reporting.screen.outline import planned_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.scene import Scene
    from arazzo_engine.reporting.screen.outline import Planned
    from arazzo_engine.reporting.step_report import StepReport

_RETRY: Final = "retry"
_END: Final = "end"


class Kind(Enum):
    """How far a row is; what failed is ``TURNED`` when the workflow goes on from it as it says."""

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    TURNED = "turned"
    GROUP = "group"


class Row(Struct):
    """A line of the table: a visit of a step, or a ``GROUP`` with the name of a workflow that begins.

    Its texts are masked. ``began`` and ``elapsed`` are in seconds of the run's clock, ``since`` and ``wakes`` in those
    of whoever looks on: when the attempt began, and when the next one will.
    """

    name: str
    depth: int
    kind: Kind = Kind.RUNNING
    method: str = ""
    target: str = ""
    status: str = ""
    details: str = ""
    attempt: int = 1
    limit: int | None = None
    began: float | None = None
    elapsed: float | None = None
    since: float = 0.0
    wakes: float | None = None
    notes: tuple[str, ...] = ()
    workflow_id: str = ""
    step_id: str = ""
    calls: bool = False
    is_open: bool = True
    is_shown: bool = False


class Table(Struct):
    """All rows of a run, in the order in which their steps began; ``open`` are those that are underway, by depth."""

    masker: Masker
    scene: Scene | None = None
    planned: Mapping[tuple[str, str], Planned] = {}
    rows: list[Row] = field(default_factory=list)
    open: dict[int, Row] = field(default_factory=dict)
    at: dict[int, str] = field(default_factory=dict)

    @property
    def current(self) -> Row | None:
        """The row of the step that is underway, the innermost."""
        return self.open[max(self.open)] if self.open else None

    def begin(self, event: StepStarted, now: float) -> list[Row]:
        """Take an attempt that begins; returns the rows that stand above it and were not there before."""
        row = self.open.get(event.depth)
        if event.attempt > 1 and row is not None and row.step_id == event.step_id:
            row.attempt, row.since, row.wakes = event.attempt, now, None
            return []
        self._close_below(event.depth)
        above = [*self._group(event), *self._parents(event.depth)]
        row = self._row(event)
        row.since = now
        self.rows.append(row)
        self.open[event.depth] = row
        return above

    def finish(self, event: StepFinished) -> Row | None:
        """Take an attempt that has ended; returns its row when nothing more comes of it."""
        report = event.report
        row = self.open.get(report.depth)
        if row is None or row.step_id != report.step_id:
            row = self._late(report)
        if is_unsent(report) and (row.calls or report.attempt > 1):
            return self._cut_off(row)
        self._fill(row, report)
        if report.action is not None and report.action.type == _RETRY:
            return None
        self._close_below(report.depth)
        row.is_open = False
        return row

    def wait(self, event: Waiting, now: float) -> None:
        """Take a wait before a retry."""
        row = self.current
        if row is not None and row.step_id == event.step_id:
            row.wakes = now + event.seconds

    def _cut_off(self, row: Row) -> Row | None:
        """Return the row of an attempt that the run ended before; one that waited for others has none."""
        self._close_below(row.depth)
        row.is_open = False
        if row.calls:
            return None
        row.kind = Kind.FAILED
        return row

    def _close_below(self, depth: int) -> None:
        for deeper in [each for each in self.open if each >= depth]:
            del self.open[deeper]
        for deeper in [each for each in self.at if each > depth]:
            del self.at[deeper]

    def _group(self, event: StepStarted) -> list[Row]:
        """Return a row for the workflow, where no row above says that it begins."""
        before = self.at.get(event.depth)
        self.at[event.depth] = event.workflow_id
        parent = self.open.get(event.depth - 1)
        begins = before is None and (parent is not None or event.depth == 0)
        if before == event.workflow_id or begins:
            return []
        row = Row(in_line(event.workflow_id), max(0, event.depth - (before is None)), Kind.GROUP, is_open=False)
        self.rows.append(row)
        return [row]

    def _parents(self, depth: int) -> list[Row]:
        rows = [self.open[each] for each in sorted(self.open) if each < depth and not self.open[each].is_shown]
        for row in rows:
            row.is_shown = True
        return rows

    def _row(self, event: StepStarted) -> Row:
        row = Row(in_line(event.step_id), event.depth, workflow_id=event.workflow_id, step_id=event.step_id)
        planned = self._planned(event)
        if planned is not None:
            row.method, row.target = planned.method, in_line(self.masker.name(planned.target))
            row.calls = not planned.method
        return row

    def _planned(self, event: StepStarted) -> Planned | None:
        known = self.planned.get((event.workflow_id, event.step_id))
        if known is not None or self.scene is None:
            return known
        # an action has led to a workflow that no step calls
        linked = self.scene.step(event.workflow_id, event.step_id)
        return None if linked is None else planned_of(linked, event.workflow_id, event.depth, self.scene)

    def _late(self, report: StepReport) -> Row:
        """Return a row for an attempt whose beginning was not told."""
        row = self._row(StepStarted(report.workflow_id, report.step_id, report.attempt, report.depth))
        self.rows.append(row)
        self.open[report.depth] = row
        return row

    def _fill(self, row: Row, report: StepReport) -> None:
        self.masker.learn_named(report.named_secrets)
        masker = self.masker.of_messages()
        row.began = report.started_at if row.began is None else row.began
        many = report.attempt > 1
        row.elapsed = report.started_at + report.elapsed - row.began if many else report.elapsed
        row.attempt, row.kind, row.limit = report.attempt, _kind(report), self._limit(report)
        if report.request is not None:
            row.method, row.target = report.request.method, in_line(masker.text(_behind_host(report.request.url)))
        row.status = str(report.response.status) if isinstance(report.response, Response) else ""
        row.details = in_line(_details(report, masker))
        succeeded = report.status is StepStatus.SUCCEEDED
        # those of a step that failed are told at the end, with the failure
        row.notes = tuple(in_line(masker.text(note)) for note in report.notes) if succeeded else ()

    def _limit(self, report: StepReport) -> int | None:
        """Return how many attempts the retry that follows allows; ``None`` when none does, or it is not known."""
        action = report.action
        if self.scene is None or action is None or action.type != _RETRY:
            return None
        linked = self.scene.step(report.workflow_id, report.step_id)
        named = () if linked is None else (each for each in linked.on_failure if each.name == action.name)
        return next((1 + (1 if each.retry_limit is None else each.retry_limit) for each in named), None)


def _kind(report: StepReport) -> Kind:
    if report.status is StepStatus.SUCCEEDED:
        return Kind.PASSED
    action = report.action
    if action is None or action.type == _END:
        return Kind.FAILED
    return Kind.RUNNING if action.type == _RETRY else Kind.TURNED


def _behind_host(url: str) -> str:
    """Return a URL without its scheme and host, which the heading has."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    behind = url[url.find(parts.netloc) + len(parts.netloc) :] if parts.netloc else url
    return behind or "/"


def _details(report: StepReport, masker: Masker) -> str:
    if report.status is StepStatus.SUCCEEDED:
        attempts = [f"{report.attempt} attempts"] if report.attempt > 1 else []
        outputs = outputs_in_words(report.outputs, masker, marks.BETWEEN)
        return marks.BETWEEN.join([*attempts, *([outputs] if outputs else [])])
    action = report.action
    if action is not None and action.type == _RETRY:
        return masker.text(_meanwhile(report))
    led = f" {marks.LED} {action.target}" if action is not None and action.target else ""
    attempts = [f"{report.attempt} attempts"] if report.attempt > 1 else []
    # what a finding says of the step is told with it, at the end
    reason = "not sent" if report.diagnostics and report.request is None else masker.text(reason_of(report))
    return marks.BETWEEN.join([*attempts, reason + led])


def _meanwhile(report: StepReport) -> str:
    """Return what the last attempt met, of a step that is tried again."""
    if not isinstance(report.response, Response):
        return reason_of(report)
    met = (state(each) for each in report.criteria if not each.passed)
    return next((each for each in met if each), "")
