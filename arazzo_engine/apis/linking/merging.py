"""Merging the lists of a workflow into those of its steps.

"These parameters can be overridden at the step level but cannot be removed there", and the same for actions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from arazzo_engine.apis.descriptions.operations import In, Operation, parameter_key
from arazzo_engine.apis.descriptions.paths import placeholder_of, placeholders
from arazzo_engine.language.objects import FailureAction, Parameter, SuccessAction

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


def has_place(parameter: Parameter, target: Target) -> bool:
    """Whether a workflow's parameter has a place in what a step calls: a path has one for each placeholder.

    "A list of parameters that are applicable for all steps described under this workflow": for a step whose path has no
    such place, there is nothing that it could apply to.
    """
    if parameter.location != In.PATH or not isinstance(target, Operation):
        return True
    return placeholder_of(parameter.name, placeholders(target.path)) is not None


def _key(parameter: Parameter, *, by_name: bool) -> tuple[str, str]:
    return parameter_key(parameter.name, "" if by_name else parameter.location or "")


def unread_of_all_steps(workflow: Workflow) -> frozenset[str]:
    """Return the fields of a step that hold, from its workflow, what could not be read."""
    return frozenset(_FIELDS[name] for name in workflow.unread if name in _FIELDS)
