"""The runs of a recording, one by one: what each was given and answered, and how it ended, as far as that is known.

Decides where a run has come to that was cut off or interrupted: at a request, which is known, or before the next one.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.recording.effects import BUG, INTERRUPTION, RAISED
from arazzo_engine.typed import Silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.recording.beginning import Called
    from arazzo_engine.recording.recording import Line, Recording
    from arazzo_engine.reporting.run_report import RunReport

_STARTED: Final = "stepStarted"
_FINISHED: Final = "stepFinished"


class RecordedRun(Silent, frozen=True):
    """One run of a recording with its ``lines``, and its report as a replay gave it."""

    called: Called
    lines: tuple[Line, ...]
    began: float
    report: RunReport
    is_over: bool

    @property
    def has_bug(self) -> bool:
        """Whether a bug of the engine ended it."""
        return any(each["kind"] == BUG for each in self._raised())

    @property
    def is_open(self) -> bool:
        """Whether nobody knows what it would have done next: it was cut off, or interrupted where it asked nothing."""
        return not self.is_over or (self._was_interrupted() and not self._ended_at_request())

    @property
    def finished(self) -> int:
        """How many attempts of steps were over."""
        return sum(each["type"] == _FINISHED for each in self._events())

    @property
    def underway(self) -> tuple[str, str, int] | None:
        """The attempt that may have sent its request when the recording was cut off: workflow, step and number."""
        found: tuple[str, str, int] | None = None
        for each in self._events():
            if each["type"] in {_STARTED, _FINISHED}:
                at = each["workflowId"], each["stepId"], each["attempt"]
                found = at if each["type"] == _STARTED else None
        return None if self._was_interrupted() else found

    def _events(self) -> Iterator[dict[str, Any]]:
        # what was raised while it was told has not happened
        return (line.value["event"] for line in self.lines if line.effect == "emit" and RAISED not in line.value)

    def _raised(self) -> Iterator[dict[str, Any]]:
        return (line.value[RAISED] for line in self.lines if RAISED in line.value)

    def _was_interrupted(self) -> bool:
        return any(each["kind"] == INTERRUPTION for each in self._raised())

    def _ended_at_request(self) -> bool:
        return any(is_interrupted(line) for line in self.lines)


def is_interrupted(line: Line) -> bool:
    """Whether a line is the request of a step that an interruption left without an answer."""
    raised = line.value.get(RAISED, {})
    return line.effect == "send" and line.value["step"] is not None and raised.get("kind") == INTERRUPTION


def runs_of(recording: Recording, reports: tuple[RunReport, ...]) -> tuple[RecordedRun, ...]:
    """Return the runs that had begun, each with its report."""
    begun = [number for number, line in enumerate(recording.lines) if _begins(line)]
    parts = [recording.lines[start:end] for start, end in pairwise((*begun, len(recording.lines)))]
    found = zip(recording.beginning.workflows, parts, reports, strict=False)
    return tuple(
        RecordedRun(called, lines, _time(recording, number, lines), report, number < len(recording.ends))
        for number, (called, lines, report) in enumerate(found)
    )


def _begins(line: Line) -> bool:
    return line.effect == "emit" and line.value["event"]["type"] == "runStarted"


def _time(recording: Recording, number: int, lines: tuple[Line, ...]) -> float:
    """Return when a run began: the first one with its session."""
    told = lines[0].value.get("reply")
    return recording.beginning.started_at if number == 0 or not isinstance(told, float) else told
