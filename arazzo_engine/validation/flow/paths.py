"""The ways that a run can take through the steps of a workflow, as the interpreter takes them.

Decides which visit of a step can follow which: by the next step, by ``goto``, by ``retry`` and the step that it runs
first, until the run leaves the workflow. What has run on a way is not known here, nor what is wrong with it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from msgspec import Struct

from arazzo_engine.apis.linking.reach import walk
from arazzo_engine.documents.watch import go_on
from arazzo_engine.language.objects import ActionType
from arazzo_engine.validation.flow.choices import choices_of, is_readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow, WorkflowKey
    from arazzo_engine.language.objects import Action
    from arazzo_engine.validation.flow.choices import Choices


_ACTIONS: Final = frozenset({"onSuccess", "onFailure"})


class Way(Struct, frozen=True):
    """One way that leads on from a visit: ``action`` is ``None`` for what happens by default.

    ``target`` is the visit that follows, ``None`` where the run leaves the workflow, for ``transfer`` if that is one.
    ``first`` is the visit that a retry makes before it comes back.
    """

    target: int | None
    succeeded: bool
    action: Action | None = None
    first: int | None = None
    transfer: WorkflowKey | None = None

    @property
    def is_retry(self) -> bool:
        """Whether the way leads back to its own step, as often as a limit allows."""
        return self.action is not None and self.action.type is ActionType.RETRY

    @property
    def ends(self) -> bool:
        """Whether the run leaves the workflow, whose outputs are then taken."""
        return self.target is None


class Paths(Struct, frozen=True, dict=True):
    """The ways between the visits of a workflow's steps.

    Each step has two visits, by the index of the step and by that index and the number of steps: the one to which the
    run comes, and the one that a retry makes first, after which it comes back to the step that is retried.
    """

    workflow: LinkedWorkflow

    @property
    def count(self) -> int:
        """How many steps there are."""
        return len(self.workflow.steps)

    def step(self, visit: int) -> LinkedStep:
        """Return the step of a visit."""
        return self.workflow.steps[visit % self.count]

    def visits(self, index: int) -> list[int]:
        """Return the visits of a step to which a run can come."""
        return [each for each in (index, index + self.count) if each in self.reached]

    @cached_property
    def is_sure(self) -> bool:
        """Whether every action can be read and leads to what exists, and every step is known by its id."""
        steps, indexes = self.workflow.steps, self.workflow.indexes
        is_known = all(self._is_known(action) for step in steps for action in step.actions)
        is_whole = not any(step.unread & _ACTIONS for step in steps)
        return bool(steps) and len(indexes) == len(steps) and is_known and is_whole

    def _is_known(self, action: Action) -> bool:
        is_step = action.step_id is None or action.step_id in self.workflow.indexes
        is_workflow = action.workflow_id is None or action.workflow_id in self.workflow.references
        return is_step and is_workflow and is_readable(action)

    @cached_property
    def has_jumps(self) -> bool:
        """Whether any action leads to another step than the next one."""
        return any(action.step_id is not None for step in self.workflow.steps for action in step.actions)

    @cached_property
    def choices(self) -> tuple[Choices, ...]:
        """What can follow each step."""
        if self.workflow not in _CHOICES:
            _CHOICES[self.workflow] = tuple(choices_of(step) for step in self.workflow.steps)
        return _CHOICES[self.workflow]

    @cached_property
    def ways(self) -> tuple[tuple[Way, ...], ...]:
        """The ways that lead on from each visit; the ways after a failure stand in the order of their actions."""
        main = [tuple(self._ways(index)) for index in range(self.count)]
        nested = [tuple(self._retries(index, self.count)) for index in range(self.count)]
        return (*main, *nested)

    @cached_property
    def reached(self) -> frozenset[int]:
        """The visits to which a run can come."""
        return frozenset(walk([0] if self.count else [], self.following))

    @cached_property
    def reached_by_success(self) -> frozenset[int]:
        """The visits to which a run can come in which no step fails."""
        return frozenset(
            walk(
                [0] if self.count else [],
                lambda visit: (way.target for way in self.ways[visit] if way.succeeded and way.target is not None),
            )
        )

    def following(self, visit: int) -> Iterator[int]:
        """Yield the visits that can come after one."""
        for way in self.ways[visit]:
            yield from (each for each in (way.first, way.target) if each is not None)

    def _ways(self, index: int) -> Iterator[Way]:
        go_on()
        step, choices = self.workflow.steps[index], self.choices[index]
        for action, is_choice in zip(step.on_success, choices.success, strict=True):
            if is_choice:
                yield self._way(action, succeeded=True)
        if choices.goes_on:
            # "If omitted, the next sequential step shall be executed as the default behavior."
            yield Way(index + 1 if index + 1 < self.count else None, succeeded=True)
        for failing, is_choice in zip(step.on_failure, choices.failure, strict=True):
            if is_choice:
                is_retry = failing.type is ActionType.RETRY
                yield self._retry(failing, index, 0) if is_retry else self._way(failing, succeeded=False)
        if choices.breaks:
            # "If omitted, the default behavior is to break and return."
            yield Way(None, succeeded=False)

    def _retries(self, index: int, offset: int) -> Iterator[Way]:
        step, choices = self.workflow.steps[index], self.choices[index]
        for action, is_choice in zip(step.on_failure, choices.failure, strict=True):
            if is_choice and action.type is ActionType.RETRY:
                yield self._retry(action, index, offset)

    def _way(self, action: Action, *, succeeded: bool) -> Way:
        target = self.workflow.indexes.get(action.step_id or "") if action.type is ActionType.GOTO else None
        transfer = self.workflow.references.get(action.workflow_id or "") if action.type is ActionType.GOTO else None
        return Way(target, succeeded, action, transfer=transfer)

    def _retry(self, action: Action, index: int, offset: int) -> Way:
        # "If a `stepId` or `workflowId` are specified, then the reference is executed and the context is returned,
        # after which the current step is retried."
        first = self.workflow.indexes.get(action.step_id or "", index)
        return Way(index + offset, succeeded=False, action=action, first=None if first == index else first + self.count)


# several rules look at the ways through one workflow
_CHOICES: Final[WeakKeyDictionary[LinkedWorkflow, tuple[Choices, ...]]] = WeakKeyDictionary()
