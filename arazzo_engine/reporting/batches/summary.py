"""The summary of a batch: how many rows ended how, how fast, and how long each step took.

It counts while the rows are done and is told at the end, as text or as JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from arazzo_engine.printable import in_line
from arazzo_engine.reporting.batches.latencies import Latencies
from arazzo_engine.reporting.batches.outcomes import RowStatus, reason_in
from arazzo_engine.reporting.batches.reasons import Reasons
from arazzo_engine.reporting.lines.durations import duration
from arazzo_engine.reporting.lines.widths import fill, width_of
from arazzo_engine.reporting.report_json import milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.reporting.batches.latencies import Latency
    from arazzo_engine.reporting.batches.outcomes import Outcome

_PERCENTILES: Final = (50, 90, 99)
_COLUMN: Final = 10
_SAY_LEAST: Final = ("p90 ms", "p99 ms", "p50 ms", "attempts", "failed")
_WORDS: Final = {
    RowStatus.SUCCEEDED: "succeeded",
    RowStatus.FAILED: "failed",
    RowStatus.STOPPED: "stopped",
    RowStatus.IN_DOUBT: "in doubt",
}


class Summary(Struct):
    """What is known of a batch so far: its rows by how they ended, of which some were ``earlier``, and its steps."""

    batch_id: str
    by_status: dict[RowStatus, int] = field(default_factory=lambda: dict.fromkeys(RowStatus, 0))
    earlier: int = 0
    earlier_unsuccessful: int = 0
    unrecorded: int = 0
    latencies: Latencies = field(default_factory=Latencies)
    reasons: Reasons = field(default_factory=Reasons)
    elapsed: float = 0.0

    @classmethod
    def of_all(cls, parts: Sequence[Summary]) -> Summary:
        """Return the summary of a batch whose rows were run in several processes."""
        whole = cls(parts[0].batch_id, elapsed=max(each.elapsed for each in parts))
        for part in parts:
            for status, count in part.by_status.items():
                whole.by_status[status] += count
            whole.earlier += part.earlier
            whole.earlier_unsuccessful += part.earlier_unsuccessful
            whole.unrecorded += part.unrecorded
            whole.latencies.merge(part.latencies)
            whole.reasons.merge(part.reasons)
        return whole

    def take(self, outcome: Outcome, line: bytes) -> None:
        """Count a row that was done now; ``line`` is what is said of it, masked."""
        self.by_status[outcome.status] += 1
        if outcome.status is not RowStatus.SUCCEEDED:
            self.reasons.add(reason_in(line), outcome.number)
        found = (*outcome.diagnostics, *(() if outcome.report is None else outcome.report.diagnostics))
        self.unrecorded += any(each.code == "recording-lost" for each in found)
        if outcome.report is not None:
            self.latencies.add(outcome.report.steps)

    def take_earlier(self, status: RowStatus) -> None:
        """Count a row that was done before."""
        self.by_status[status] += 1
        self.earlier += 1
        self.earlier_unsuccessful += status is not RowStatus.SUCCEEDED

    @property
    def done(self) -> int:
        """How many rows have an outcome."""
        return sum(self.by_status.values())

    @property
    def unsuccessful(self) -> int:
        """How many of them did not succeed."""
        return self.done - self.by_status[RowStatus.SUCCEEDED]

    @property
    def rate(self) -> float:
        """How many rows were done in a second."""
        return (self.done - self.earlier) / self.elapsed if self.elapsed else 0.0

    def counts(self) -> str:
        """Return how many rows ended how, in words."""
        found = ", ".join(f"{count:,} {_WORDS[status]}" for status, count in self.by_status.items() if count)
        rows = f"{self.done:,} row{'' if self.done == 1 else 's'}"
        return f"{rows}: {found}" if found else rows

    def text(self, width: int | None = None) -> str:
        """Return the summary for a person, whose terminal is so wide."""
        head = f"batch {self.batch_id}: {self.counts()}{self._speed()}"
        return "\n".join((head, *self._table(width), *self.reasons.lines(), *self._unrecorded()))

    def _unrecorded(self) -> tuple[str, ...]:
        if not self.unrecorded:
            return ()
        return (f"recordings that are not whole: {self.unrecorded:,}; the outcomes of these rows say why",)

    def _speed(self) -> str:
        if self.earlier and self.earlier == self.done:
            return ", all of them before"
        before = f" ({self.earlier:,} of them before)" if self.earlier else ""
        return f"{before}, in {duration(self.elapsed)}, {self.rate:.1f} rows/s"

    def to_json(self) -> dict[str, Any]:
        """Return the summary as a JSON object."""
        return {
            "batchId": self.batch_id,
            "rows": self.done,
            "earlier": self.earlier,
            "byStatus": {str(status): count for status, count in self.by_status.items()},
            "elapsedMs": milliseconds(self.elapsed),
            "reasons": self.reasons.to_json(),
            "steps": [
                {"workflowId": workflow, "stepId": step, "attempts": each.count, "failed": each.failed, **_times(each)}
                for (workflow, step), each in self.latencies.by_step.items()
            ],
        }

    def _table(self, width: int | None) -> Iterator[str]:
        by_step = self.latencies.by_step
        if not by_step:
            return
        has_several = len({workflow for workflow, _ in by_step}) > 1
        names = [in_line(f"{workflow}.{step}" if has_several else step) for workflow, step in by_step]
        longest = max(map(width_of, ("step", *names)))
        room = None if width is None else (width - longest - 2) // _COLUMN
        heads = _fitting(("attempts", "failed", *(f"p{each} ms" for each in _PERCENTILES), "max ms"), room)
        yield f"  {fill('step', longest)}{''.join(each.rjust(_COLUMN) for each in heads)}"
        for name, each in zip(names, by_step.values(), strict=True):
            numbers = _numbers(each)
            yield f"  {fill(name, longest)}{''.join(numbers[head].rjust(_COLUMN) for head in heads)}"


def _fitting(heads: tuple[str, ...], room: int | None) -> tuple[str, ...]:
    """Return the columns that have a place; those that say least give way first."""
    for least in _SAY_LEAST if room is not None else ():
        if room is not None and len(heads) > room:
            heads = tuple(each for each in heads if each != least)
    return heads


def _numbers(latency: Latency) -> dict[str, str]:
    times = [f"{value:.1f}" for value in _times(latency).values()]
    names = (*(f"p{each} ms" for each in _PERCENTILES), "max ms")
    return {
        "attempts": f"{latency.count:,}",
        "failed": f"{latency.failed:,}",
        **dict(zip(names, times, strict=True)),
    }


def _times(latency: Latency) -> dict[str, float]:
    found = {f"p{each}Ms": milliseconds(latency.percentile(each)) for each in _PERCENTILES}
    return {**found, "maxMs": milliseconds(latency.longest)}
