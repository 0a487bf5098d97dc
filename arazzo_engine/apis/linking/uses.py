"""Every use of a runtime expression in a workflow, with the moment at which it is evaluated.

Decides nothing: the rules about expressions are elsewhere. It walks a linked workflow once, in document order, and
several rules share what it finds.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from msgspec import Struct

from arazzo_engine.documents.watch import go_on
from arazzo_engine.language.conditions.condition import references_in
from arazzo_engine.language.templates import expressions_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.objects import Criterion, FailureAction, Parameter, SuccessAction
    from arazzo_engine.language.queries.compiling import QueryTemplate
    from arazzo_engine.language.templates import Template


class Moment(Enum):
    """When an expression is evaluated."""

    REQUEST = "before the request is sent"
    ANSWER = "after the answer has come"
    ACTION = "after the step has ended"
    RESULT = "after the workflow has ended"


class Use(Struct, frozen=True):
    """One expression where it is used. ``readings`` are the ways it can be read, of which one must make sense.

    ``accessors`` are what follows the name in each of them, where there are any. ``step`` is ``None`` in the workflow's
    own outputs. Where it ``comes_later``, its place is left out until the step has succeeded once.
    """

    text: str
    readings: tuple[RuntimeExpression, ...]
    moment: Moment
    step: LinkedStep | None
    at: Place
    span: tuple[int, int] | None
    accessors: tuple[tuple[str, ...], ...] = ()
    comes_later: bool = False


_KNOWN: Final[WeakKeyDictionary[LinkedWorkflow, tuple[Use, ...]]] = WeakKeyDictionary()


def uses_in(linked: LinkedWorkflow) -> tuple[Use, ...]:
    """Return every use of an expression in a workflow and its steps."""
    if linked not in _KNOWN:
        _KNOWN[linked] = tuple(_uses_in(linked))
    return _KNOWN[linked]


def _uses_in(linked: LinkedWorkflow) -> Iterator[Use]:
    for step in linked.steps:
        go_on()
        yield from uses_in_step(step)
    for template in (linked.workflow.outputs or {}).values():
        yield from _in_template(template, Moment.RESULT, None)


def uses_in_step(linked: LinkedStep) -> Iterator[Use]:
    """Yield every use of an expression in a step, and in the workflow's parameters and actions that hold for it."""
    step = linked.step
    yield from _in_parameters(linked.parameters, Moment.REQUEST, linked)
    if step.request_body is not None:
        if step.request_body.payload is not None:
            yield from _in_template(step.request_body.payload, Moment.REQUEST, linked)
        for replacement in step.request_body.replacements:
            yield from _in_template(replacement.value, Moment.REQUEST, linked)
            yield from _in_query(replacement.query, Moment.REQUEST, linked)
    yield from _in_criteria(step.success_criteria, Moment.ANSWER, linked)
    for template in (step.outputs or {}).values():
        yield from _in_template(template, Moment.ANSWER, linked)
    for action in linked.actions:
        yield from _in_action(action, linked)


def _in_action(action: SuccessAction | FailureAction, linked: LinkedStep) -> Iterator[Use]:
    yield from _in_criteria(action.criteria, Moment.ACTION, linked)
    yield from _in_parameters(action.parameters, Moment.ACTION, linked)


def _in_parameters(parameters: Iterable[Parameter], moment: Moment, linked: LinkedStep) -> Iterator[Use]:
    for parameter in parameters:
        yield from _in_template(parameter.value, moment, linked)


def _in_criteria(criteria: Iterable[Criterion], moment: Moment, linked: LinkedStep) -> Iterator[Use]:
    for criterion in criteria:
        if criterion.context is not None:
            context = criterion.context
            yield Use(context.text, (context,), moment, linked, criterion.at.child("context"), None)
        if criterion.simple is not None:
            for reference in references_in(criterion.simple.node):
                readings = tuple(expression for expression, _ in reference.readings)
                at = criterion.at.child("condition")
                accessors = tuple(each for _, each in reference.readings)
                yield Use(reference.text, readings, moment, linked, at, reference.span, accessors)
        yield from _in_query(criterion.query, moment, linked)


def _in_query(query: QueryTemplate | None, moment: Moment, linked: LinkedStep) -> Iterator[Use]:
    for each in () if query is None else query.expressions:
        yield Use(each.expression.text, (each.expression,), moment, linked, each.at, each.span)


def _in_template(template: Template, moment: Moment, linked: LinkedStep | None) -> Iterator[Use]:
    for each in expressions_in(template):
        later = each.comes_later
        yield Use(each.expression.text, (each.expression,), moment, linked, each.at, each.span, comes_later=later)
