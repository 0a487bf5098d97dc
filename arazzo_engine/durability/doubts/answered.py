"""What a step reads of the answer to its request: so much of it must be known before a run can go on from there.

Decides it from the step alone: what later steps read, they read of its outputs. A status is not among it, since the
description of the operation says which one means success.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.conditions.condition import references_in
from arazzo_engine.language.expressions.grammar import Root, parse_expression
from arazzo_engine.language.expressions.scope import Scope
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.language.templates import expressions_in
from arazzo_engine.recording.replies import read_answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.machine.effects import Send

_REDIRECTED: Final = 300
_TOKEN: Final = "the token that it answers"  # noqa: S105 - what is told of it


def read_of_answer(effect: Send) -> tuple[str, ...]:
    """Return the expressions that read headers or the body of the answer, as they are written."""
    if effect.asked is None:
        return (_TOKEN,)
    found = (each.text for each in _expressions(effect.asked.step) if each.root is Root.RESPONSE)
    return tuple(dict.fromkeys(found))


def given_of_answer(effect: Send) -> tuple[str, ...]:
    """Return those of them that the outputs of the step are made of, as far as each is one expression."""
    templates = () if effect.asked is None else tuple((effect.asked.step.step.outputs or {}).values())
    found = (each.expression for template in templates for each in expressions_in(template))
    return tuple(dict.fromkeys(each.text for each in found if each.root is Root.RESPONSE))


def check_given(answer: JsonValue, given: Sequence[str]) -> None:
    """Raise ``ArazzoError`` (``answer-needed``) when an answer of a success lacks what the step makes outputs of."""
    result = read_answer(answer).result
    if not isinstance(result, Response) or result.status >= _REDIRECTED:
        return
    scope = Scope(response=result)
    absent = [each for each in given if parse_expression(each).evaluate(scope) is ABSENT]
    if absent:
        message = (
            f"the answer lacks {' and '.join(f'`{each}`' for each in absent)}, of which the step makes its outputs"
        )
        fix = "correct the file, or write `null` there if that is what was answered: what is said is said once"
        raise ArazzoError(diagnose("answer-needed", message, fix=fix))


def _expressions(step: LinkedStep) -> Iterator[RuntimeExpression]:
    templates = [*(step.step.outputs or {}).values()]
    templates += [each.value for action in step.actions for each in action.parameters]
    for template in templates:
        yield from (each.expression for each in expressions_in(template))
    for criterion in step.criteria:
        if criterion.context is not None:
            yield criterion.context
        if criterion.simple is not None:
            yield from (each.readings[0][0] for each in references_in(criterion.simple.node))
