"""Merging the lists of a workflow into those of its steps.

"These parameters can be overridden at the step level but cannot be removed there", and the same for actions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from arazzo_engine.apis.descriptions.operations import In, Operation, parameter_key
from arazzo_engine.apis.descriptions.paths import placeholder_of, placeholders
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.objects import FailureAction, Parameter, SuccessAction
from arazzo_engine.language.templates import expressions_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.apis.linking.linked import Target
    from arazzo_engine.language.objects import Step, Workflow

_Action = TypeVar("_Action", SuccessAction, FailureAction)
# the fields of a workflow that hold for all of its steps, and what they are in a step
_FIELDS: Final = {"parameters": "parameters", "successActions": "onSuccess", "failureActions": "onFailure"}


def merge_actions(step: Sequence[_Action], workflow: Sequence[_Action]) -> tuple[_Action, ...]:
    """Return the step's actions in order, then those of the workflow that the step does not name again."""
    own = {action.name for action in step}
    return tuple(step) + tuple(action for action in workflow if action.name not in own)


def merge_parameters(step: Step, workflow: Sequence[Parameter]) -> tuple[Parameter, ...]:
    """Return the workflow's parameters that the step does not set itself, then the step's.

    "A unique parameter is defined by the combination of a `name` and `in` fields": a step that calls a workflow
    maps all parameters to inputs, so there the name alone decides.
    """
    by_name = step.workflow_id is not None
    own = {_key(parameter, by_name=by_name) for parameter in step.parameters}
    return (*(each for each in workflow if _key(each, by_name=by_name) not in own), *step.parameters)


def has_place(parameter: Parameter, step: Step, called: tuple[Workflow, Target]) -> bool:
    """Whether a workflow's parameter has a place in what one of its steps calls: a path has one for each placeholder.

    "A list of parameters that are applicable for all steps described under this workflow": for a step whose path has no
    such place, there is nothing that it could apply to. Nor is there for the step that gives its value, where it is run
    once and nothing says that its operation takes one.
    """
    workflow, target = called
    if not isinstance(target, Operation):
        return True
    if parameter.location == In.PATH:
        return placeholder_of(parameter.name, placeholders(target.path)) is not None
    if not gives_value(step, parameter) or _is_led_back_to(step, workflow):
        return True
    return _key(parameter) in {parameter_key(each.name, each.location) for each in target.parameters}


def _is_led_back_to(step: Step, workflow: Workflow) -> bool:
    """Whether an action names a step, or one before it."""
    ids = [each.step_id for each in workflow.steps]
    before = set(ids[: ids.index(step.step_id) + 1])
    actions = (*workflow.actions, *(action for each in workflow.steps for action in each.actions))
    return any(each.step_id in before for each in actions)


def gives_value(step: Step, parameter: Parameter) -> bool:
    """Whether an output of a step is in the value of a parameter."""
    return any(
        each.expression.root is Root.STEPS and each.expression.names[0] == step.step_id
        for each in expressions_in(parameter.value)
    )


def _key(parameter: Parameter, *, by_name: bool = False) -> tuple[str, str]:
    return parameter_key(parameter.name, "" if by_name else parameter.location or "")


def unread_of_all_steps(workflow: Workflow) -> frozenset[str]:
    """Return the fields of a step that hold, from its workflow, what could not be read."""
    return frozenset(_FIELDS[name] for name in workflow.unread if name in _FIELDS)
