"""What a step gives to the workflow that it calls: its parameters, as the inputs of that workflow.

Decides which parameters are passed on, and what each is worth. Whether they fit is decided by the schema of the inputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.templates import render
from arazzo_engine.validation.inputs.schemas import declared_inputs, is_open

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.language.expressions.scope import Scope, Values
    from arazzo_engine.language.objects import Parameter


def parameters_for_workflow(linked: LinkedStep, called: LinkedWorkflow) -> list[Parameter]:
    """Return what a step gives to the workflow it calls: its own parameters, never the caller's inputs.

    A parameter of the calling workflow is meant for all its steps, so it is passed on only to a workflow that may have
    an input of that name.
    """
    own = {parameter.name for parameter in linked.step.parameters}
    declared = declared_inputs(called)
    return [each for each in linked.parameters if each.name in own or each.name in declared or is_open(called)]


def render_inputs(parameters: Iterable[Parameter], scope: Scope) -> Values:
    """Return the inputs that parameters without a location are.

    Raises ``MissingValue``, and ``ArazzoError`` (``value-too-large``) when they are too large together.
    """
    room = scope.room()
    rendered = ((parameter.name, render(parameter.value, scope, room)) for parameter in parameters)
    return {name: value for name, value in rendered if value is not ABSENT}
