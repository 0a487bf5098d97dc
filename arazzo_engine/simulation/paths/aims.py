"""What can follow each step: an action, the default, a retry that is used up; and each criterion, true and false.

Decides what there is to be shown of a workflow, from its text alone. How to get there is decided elsewhere.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.apis.linking.linked import StepKey
from arazzo_engine.language.objects import ActionType, FailureAction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.language.objects import Action, Criterion


class Kind(StrEnum):
    """The kinds of what can be shown of a step."""

    ACTION = "action"
    DEFAULT = "default"
    USED_UP = "used up"
    TRUE = "true"
    FALSE = "false"


class Aim(Struct, frozen=True):
    """One thing to be shown of a step: ``index`` is that of the action on its side, or of the criterion.

    Of a criterion, ``after`` is the number of its action, -1 for a criterion of success.
    """

    step: StepKey
    kind: Kind
    is_success: bool
    index: int = 0
    after: int = -1

    @property
    def is_of_criterion(self) -> bool:
        """Whether it is about a criterion, and not about where the step goes on."""
        return self.kind in {Kind.TRUE, Kind.FALSE}


def aims_of(workflow: LinkedWorkflow) -> Iterator[Aim]:
    """Yield everything that can be shown of a workflow's steps."""
    for step in workflow.steps:
        key = StepKey(workflow.key, step.step.step_id)
        for is_success, actions in ((True, step.on_success), (False, step.on_failure)):
            for index, action in enumerate(actions):
                yield Aim(key, Kind.ACTION, is_success, index)
                if isinstance(action, FailureAction) and action.type is ActionType.RETRY:
                    yield Aim(key, Kind.USED_UP, is_success, index)
            if not any(is_final(action) for action in actions):
                yield Aim(key, Kind.DEFAULT, is_success)
        yield from _of_criteria(step, key)


def _of_criteria(step: LinkedStep, key: StepKey) -> Iterator[Aim]:
    for after, criteria in enumerate(all_criteria(step), start=-1):
        for index in range(len(criteria)):
            for kind in (Kind.TRUE, Kind.FALSE):
                yield Aim(key, kind, after < len(step.on_success), index, after)


def all_criteria(step: LinkedStep) -> list[tuple[Criterion, ...]]:
    """Return the criteria of success, then those of each action."""
    return [step.step.success_criteria, *(action.criteria for action in step.actions)]


def is_final(action: Action) -> bool:
    """Whether nothing comes after an action: it has no criteria, and is no retry, which may be used up."""
    return not action.criteria and action.type is not ActionType.RETRY


def actions_of(step: LinkedStep, aim: Aim) -> tuple[Action, ...]:
    """Return the actions among which that of an aim is."""
    return step.on_success if aim.is_success else step.on_failure


def unreachable_because(step: LinkedStep, aim: Aim) -> str:
    """Return why nothing can lead to an action, as far as the text alone says it."""
    if aim.kind not in {Kind.ACTION, Kind.USED_UP}:
        return ""
    before = next((each for each in actions_of(step, aim)[: aim.index] if is_final(each)), None)
    return "" if before is None else f"action `{before.name}` stands before it and has no criteria"
