"""The moments of a run at which it can be looked at: before a step, before its request, when it is judged, at the end.

Decides which effects are moments. What can be seen at one is decided by ``walk``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

from arazzo_engine.apis.idempotency import SAFE_METHODS
from arazzo_engine.machine.effects import Emit, Send
from arazzo_engine.reporting.events import RunFinished, StepFinished, StepStarted, Waiting
from arazzo_engine.reporting.outcomes import StepStatus

if TYPE_CHECKING:
    from arazzo_engine.machine.effects import Effect
    from arazzo_engine.reporting.events import Event


class Kind(StrEnum):
    """What is about to happen, or has just happened."""

    STEP = "step"
    REQUEST = "request"
    TOKEN = "token"  # noqa: S105 - a request for one
    JUDGED = "judged"
    WAIT = "wait"
    ENDED = "ended"


class Moment(Struct, frozen=True):
    """A moment: the ``number`` of its effect, and which attempt it belongs to; ``depth`` counts the callers.

    A request that ``is_unsafe`` may change something at the server. ``has_failed`` is that of a step that was judged.
    """

    number: int
    kind: Kind
    workflow_id: str = ""
    step_id: str = ""
    attempt: int = 0
    depth: int = 0
    is_unsafe: bool = False
    has_failed: bool = False

    @property
    def name(self) -> str:
        """The attempt as a person names it."""
        again = f" (attempt {self.attempt})" if self.attempt > 1 else ""
        return f"{self.workflow_id}.{self.step_id}{again}"

    def is_of(self, other: Moment) -> bool:
        """Whether both belong to attempts of the same name."""
        return (self.workflow_id, self.step_id, self.attempt) == (other.workflow_id, other.step_id, other.attempt)


class Course(Struct):
    """Finds the moments among the effects of a run, which come one after the other."""

    underway: list[Moment] = field(default_factory=list)

    def moment(self, number: int, effect: Effect) -> Moment | None:
        """Return the moment that an effect is, ``None`` when there is nothing to look at."""
        if isinstance(effect, Send):
            return self._request(number, effect)
        return self._told(number, effect.event) if isinstance(effect, Emit) else None

    def _told(self, number: int, event: Event) -> Moment | None:
        match event:
            case StepStarted():
                found = Moment(number, Kind.STEP, event.workflow_id, event.step_id, event.attempt, event.depth)
                self.underway.append(found)
            case StepFinished(report):
                failed = report.status is not StepStatus.SUCCEEDED
                named = report.workflow_id, report.step_id, report.attempt, report.depth
                found = self._judged(Moment(number, Kind.JUDGED, *named, has_failed=failed))
            case Waiting():
                found = Moment(number, Kind.WAIT, event.workflow_id, event.step_id, depth=len(self.underway))
            case RunFinished():
                found = Moment(number, Kind.ENDED, event.report.workflow_id)
            case _:
                return None
        return found

    def _request(self, number: int, effect: Send) -> Moment | None:
        if not self.underway:
            return None
        step = self.underway[-1]
        kind = Kind.TOKEN if effect.operation is None else Kind.REQUEST
        unsafe = effect.request.method not in SAFE_METHODS
        return Moment(number, kind, step.workflow_id, step.step_id, step.attempt, step.depth, is_unsafe=unsafe)

    def _judged(self, found: Moment) -> Moment:
        # an attempt is told once more when what was run before its retry failed
        if self.underway and self.underway[-1].is_of(found):
            self.underway.pop()
        return found
