"""What a step reads of the answer to its request: so much of it must be known before a run can go on from there.

Decides it from the step alone: what later steps read, they read of its outputs. A status is not among it, since the
description of the operation says which one means success.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.conditions.condition import references_in
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.templates import expressions_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.machine.effects import Send

_TOKEN: Final = "the token that it answers"  # noqa: S105 - what is told of it


def read_of_answer(effect: Send) -> tuple[str, ...]:
    """Return the expressions that read headers or the body of the answer, as they are written."""
    if effect.asked is None:
        return (_TOKEN,)
    found = (each.text for each in _expressions(effect.asked.step) if each.root is Root.RESPONSE)
    return tuple(dict.fromkeys(found))


def _expressions(step: LinkedStep) -> Iterator[RuntimeExpression]:
    templates = [*(step.step.outputs or {}).values()]
    templates += [each.value for action in step.actions for each in action.parameters]
    for template in templates:
        yield from (each.expression for each in expressions_in(template))
    for criterion in (*step.step.success_criteria, *(each for action in step.actions for each in action.criteria)):
        if criterion.context is not None:
            yield criterion.context
        if criterion.simple is not None:
            yield from (each.readings[0][0] for each in references_in(criterion.simple.node))
