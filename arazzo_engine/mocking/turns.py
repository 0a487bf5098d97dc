"""Which step a request to an operation is for, where several steps call it, of one workflow or of many.

Decides it by how far the workflows were walked: the step that comes next in the one that was asked last, else in one
that was not begun yet. A step whose answer did not lead on is asked again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from arazzo_engine.apis.linking.linked import StepKey

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow, WorkflowKey


class Caller(Struct, frozen=True, eq=False):
    """A step that calls an operation, and its place in its workflow."""

    workflow: LinkedWorkflow
    step: LinkedStep
    place: int

    @property
    def key(self) -> WorkflowKey:
        """Its workflow."""
        return self.workflow.key

    @property
    def step_key(self) -> StepKey:
        """Its step among those of all workflows."""
        return StepKey(self.key, self.step.step.step_id)

    @property
    def name(self) -> str:
        """The names of its workflow and of itself."""
        return f"{self.workflow.workflow.workflow_id}.{self.step.step.step_id}"


class Turns(Struct):
    """How far each workflow was walked: ``done`` is the place of the last step that led on, the latest one last."""

    done: dict[WorkflowKey, int] = field(default_factory=dict)

    def next_of(self, callers: list[Caller]) -> Caller:
        """Return the one of the callers of an operation that a request to it is most likely for."""
        if len(callers) == 1:
            return callers[0]
        return min(callers, key=self._distance)

    def _distance(self, caller: Caller) -> tuple[int, int]:
        """Return how unlikely a step is: what comes next before what is repeated, and that before what begins anew."""
        done = self.done.get(caller.key)
        if done is None:
            return 1, 0
        age = len(self.done) - [*self.done].index(caller.key)
        if caller.place > done:
            return 0, age * 10_000 + caller.place - done
        return (2, age) if caller.place == done else (3, age)

    def answered(self, caller: Caller, *, leads_on: bool) -> None:
        """Take note that a step was answered."""
        self.done.pop(caller.key, None)
        self.done[caller.key] = caller.place if leads_on else caller.place - 1
