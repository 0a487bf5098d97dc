"""The visits of a run: each step with its attempts, as often as the run came to it.

Decides which attempts belong together, and which steps were those of a workflow that another step called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.reporting.ending.causes import is_unsent
from arazzo_engine.reporting.outcomes import RunStatus, StepStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.reporting.step_report import StepReport


class Visit(Struct, frozen=True):
    """A step with its attempts, the last of which says how it ended."""

    attempts: tuple[StepReport, ...]

    @property
    def last(self) -> StepReport:
        """The attempt that counts."""
        return self.attempts[-1]

    @property
    def took(self) -> float:
        """How long it took, in seconds, waits included."""
        first = self.attempts[0]
        return self.last.started_at + self.last.elapsed - first.started_at if len(self.attempts) > 1 else first.elapsed

    def failed(self, report: RunReport) -> bool:
        """Whether a run failed with this step; one that the workflow went on from did not."""
        is_left = self.last.action is None or self.last.action.type == "end"
        return self.last.status is StepStatus.FAILED and is_left and report.status is not RunStatus.SUCCEEDED

    @property
    def is_unsent(self) -> bool:
        """Whether the run ended before the step did anything."""
        return is_unsent(self.last)


class _Node(Struct):
    """A visit, and those of the workflow that it called, which are told first."""

    attempts: list[StepReport]
    within: list[_Node]

    def visits(self) -> Iterator[Visit]:
        """Yield it, and then those within."""
        yield Visit(tuple(self.attempts))
        for node in self.within:
            yield from node.visits()


def visits_of(steps: Sequence[StepReport]) -> list[Visit]:
    """Return the visits of a run in order, each before those of the workflow that it called."""
    nodes: list[_Node] = []
    for step in steps:
        within: list[_Node] = []
        while nodes and nodes[-1].attempts[0].depth > step.depth:
            within.insert(0, nodes.pop())
        if step.attempt > 1 and nodes and _is_of(nodes[-1], step):
            nodes[-1].attempts.append(step)
            nodes[-1].within += within
        else:
            nodes.append(_Node([step], within))
    return [visit for node in nodes for visit in node.visits()]


def _is_of(node: _Node, step: StepReport) -> bool:
    last = node.attempts[-1]
    return (last.workflow_id, last.step_id, last.depth) == (step.workflow_id, step.step_id, step.depth)
