"""How long the steps of a batch took, in room that does not grow: counts of durations that are nearly the same.

Decides how exact a percentile is: two in a hundred. The longest duration is exact.
"""

from __future__ import annotations

from math import ceil, log
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.reporting.outcomes import StepStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.reporting.step_report import StepReport

# each class of durations is so much longer than the one before it
_GROWTH: Final = 1.02
_SHORTEST: Final = 1e-6
_STEP: Final = log(_GROWTH)


class Latency(Struct):
    """How often something took how long; ``classes`` counts durations that are nearly the same."""

    count: int = 0
    failed: int = 0
    longest: float = 0.0
    classes: dict[int, int] = field(default_factory=dict)

    def add(self, seconds: float, *, failed: bool = False) -> None:
        """Count one more."""
        place = ceil(log(max(seconds, _SHORTEST) / _SHORTEST) / _STEP)
        self.classes[place] = self.classes.get(place, 0) + 1
        self.count += 1
        self.failed += failed
        self.longest = max(self.longest, seconds)

    def merge(self, other: Latency) -> None:
        """Count what another has counted, too."""
        for place, count in other.classes.items():
            self.classes[place] = self.classes.get(place, 0) + count
        self.count += other.count
        self.failed += other.failed
        self.longest = max(self.longest, other.longest)

    def percentile(self, percent: int) -> float:
        """Return the seconds that so many in a hundred did not exceed."""
        wanted, seen = ceil(self.count * percent / 100), 0
        for place in sorted(self.classes):
            seen += self.classes[place]
            if seen >= wanted:
                return min(_SHORTEST * _GROWTH**place, self.longest)
        return 0.0


class Latencies(Struct):
    """How long each step took, every attempt counted, by workflow and step in the order in which they were met."""

    by_step: dict[tuple[str, str], Latency] = field(default_factory=dict)

    def add(self, steps: Iterable[StepReport]) -> None:
        """Count the steps of a run that sent something."""
        for step in steps:
            if step.request is not None:
                known = self.by_step.setdefault((step.workflow_id, step.step_id), Latency())
                known.add(step.elapsed, failed=step.status is StepStatus.FAILED and not _is_tried_again(step))

    def merge(self, other: Latencies) -> None:
        """Count what another has counted, too."""
        for step, latency in other.by_step.items():
            self.by_step.setdefault(step, Latency()).merge(latency)


def _is_tried_again(step: StepReport) -> bool:
    """Whether an attempt was followed by another one: a poll that says *not yet* is no failure."""
    return step.action is not None and step.action.type == "retry"
