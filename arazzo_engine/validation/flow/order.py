"""Which step can have run before which: steps run as written, and ``goto`` and ``retry`` can bring the run elsewhere.

Decides it from the steps and actions alone, generously: a criterion that could never hold is not looked at.
"""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.language.objects import ActionType

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedWorkflow


class RunOrder(Struct, frozen=True, dict=True):
    """Which steps of a workflow can run before which.

    Every step can be followed by the next one, so that what can run after a step is the rest of the workflow from some
    step on: of each step that first one is known.
    """

    workflow: LinkedWorkflow

    def can_run_before(self, earlier: str, later: str) -> bool:
        """Whether a run can come to step ``later`` after step ``earlier`` has run."""
        start, end = self.workflow.indexes.get(earlier), self.workflow.indexes.get(later)
        # a step that could not be linked is noted already
        return start is None or end is None or self._firsts[start] <= end

    def can_run_again(self, step_id: str) -> bool:
        """Whether a run can come to a step again after it has succeeded: one that is retried has failed before."""
        index = self.workflow.indexes.get(step_id)
        if index is None:
            return True
        following = self._after_success[index]
        return following <= index or (following < len(self._firsts) and self._firsts[following] <= index)

    @cached_property
    def _after_success(self) -> list[int]:
        """The first of the steps that can come directly after each step has succeeded."""
        indexes = self.workflow.indexes
        following = list(range(1, len(self.workflow.steps) + 1))
        for index, step in enumerate(self.workflow.steps):
            goals = (indexes.get(action.step_id or "", index + 1) for action in step.on_success)
            following[index] = min((following[index], *goals))
            for action in step.on_failure:
                # the target of a retry runs, and then the step that failed once more
                target = indexes.get(action.step_id or "") if action.type is ActionType.RETRY else None
                if target is not None:
                    following[target] = min(following[target], index)
        return following

    @cached_property
    def _firsts(self) -> list[int]:
        """The first step that can run after each step."""
        # where this step or one behind it leads
        least = list(accumulate(reversed(self._targets), min))[::-1]
        firsts: list[int] = []
        for index, target in enumerate(least):
            firsts.append(target if target >= index else min(target, firsts[target]))
        return firsts

    @cached_property
    def _targets(self) -> list[int]:
        """The first of the steps that can come directly after each step."""
        indexes = self.workflow.indexes
        targets = list(range(1, len(self.workflow.steps) + 1))
        for index, step in enumerate(self.workflow.steps):
            for action in step.actions:
                named = indexes.get(action.step_id or "", index + 1)
                targets[index] = min(targets[index], named)
            for action in step.on_failure:
                if action.type is ActionType.RETRY:
                    # the target of a retry runs, and then the step that failed once more
                    targets[index] = min(targets[index], index)
                    target = indexes.get(action.step_id or "", index)
                    targets[target] = min(targets[target], index)
        return targets
