"""Where a run can go from each step: over all workflows, back to whoever called included.

Decides it from the text alone and never too narrowly: a way that is there may never be taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from arazzo_engine.apis.linking.linked import StepKey, WorkflowKey
from arazzo_engine.apis.linking.reach import Reach
from arazzo_engine.language.objects import ActionType
from arazzo_engine.simulation.paths.aims import Kind, actions_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.language.objects import Action
    from arazzo_engine.simulation.paths.aims import Aim

# a step, before or after what it calls
Spot: TypeAlias = tuple[StepKey, bool]


class Ahead(Struct, frozen=True):
    """The spots that each spot leads to; ``after`` are those that the end of a workflow leads to, by its callers."""

    workflows: Mapping[WorkflowKey, LinkedWorkflow]
    after: Mapping[WorkflowKey, tuple[Spot, ...]]
    reach: Reach[Spot] = Reach({})

    def targets(self, step: LinkedStep, aim: Aim) -> tuple[Spot, ...]:
        """Return the spots that can follow when an aim is come to."""
        if aim.kind is Kind.ACTION:
            return self.after_action(aim.step, actions_of(step, aim)[aim.index])
        if aim.kind is Kind.DEFAULT and aim.is_success:
            return self.following(aim.step)
        return self.after.get(aim.step.workflow, ())

    def leads_to(self, spots: Iterable[Spot], wanted: int) -> bool:
        """Whether one of some spots is, or leads to, one of those that the bits of the reach stand for."""
        return any(self.reach.can_reach(each, wanted) for each in spots)

    def following(self, key: StepKey) -> tuple[Spot, ...]:
        """Return what follows a step in order: the next one, or what comes after the workflow."""
        workflow = self.workflows[key.workflow]
        index = workflow.indexes[key.step_id] + 1
        if index < len(workflow.steps):
            return (_before(StepKey(workflow.key, workflow.steps[index].step.step_id)),)
        return self.after.get(workflow.key, ())

    def after_action(self, key: StepKey, action: Action) -> tuple[Spot, ...]:
        """Return what follows an action of a step."""
        again = (_before(key),) if action.type is ActionType.RETRY else ()
        if action.type is ActionType.END:
            return self.after.get(key.workflow, ())
        if action.step_id is not None:
            return (_before(StepKey(key.workflow, action.step_id)), *again)
        named = self.workflows[key.workflow].references.get(action.workflow_id or "")
        return (*(() if named is None else self.first(named)), *again)

    def first(self, key: WorkflowKey) -> tuple[Spot, ...]:
        """Return the first step of a workflow."""
        workflow = self.workflows.get(key)
        return () if workflow is None or not workflow.steps else (_before(StepKey(key, _id(workflow.steps[0]))),)


def spot_of(key: StepKey, step: LinkedStep) -> Spot:
    """Return where it is decided how a step goes on."""
    return key, isinstance(step.target, WorkflowKey)


def ahead_of(workflows: Sequence[LinkedWorkflow]) -> Ahead:
    """Return where runs of the workflows can go."""
    after: dict[WorkflowKey, tuple[Spot, ...]] = {}
    for key, step in _steps(workflows):
        if isinstance(step.target, WorkflowKey):
            after[step.target] = (*after.get(step.target, ()), (key, True))
    found = Ahead({each.key: each for each in workflows}, after)
    ways: dict[Spot, tuple[Spot, ...]] = {}
    for key, step in _steps(workflows):
        if isinstance(step.target, WorkflowKey):
            ways[_before(key)] = found.first(step.target)
        ways[spot_of(key, step)] = tuple(dict.fromkeys(_ways(key, step, found)))
    return Ahead(found.workflows, after, Reach(ways))


def _steps(workflows: Sequence[LinkedWorkflow]) -> Iterator[tuple[StepKey, LinkedStep]]:
    for workflow in workflows:
        for step in workflow.steps:
            yield StepKey(workflow.key, _id(step)), step


def _ways(key: StepKey, step: LinkedStep, ahead: Ahead) -> Iterator[Spot]:
    yield from ahead.following(key)
    yield from ahead.after.get(key.workflow, ())
    for action in step.actions:
        yield from ahead.after_action(key, action)


def _before(key: StepKey) -> Spot:
    return key, False


def _id(step: LinkedStep) -> str:
    return step.step.step_id
