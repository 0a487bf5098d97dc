"""Which statuses the criteria of a step name.

Decides it from their text. Which of them a description has, and which is answered, is decided elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.language.conditions.condition import LiteralValue, Reference, comparisons_in
from arazzo_engine.language.expressions.grammar import Root

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.language.objects import Criterion


def asked_statuses(step: LinkedStep) -> tuple[int, ...]:
    """Return the statuses that the criteria of a step and of its actions name, each once."""
    return tuple(dict.fromkeys(status for criterion in step.criteria for status in _statuses(criterion)))


def speaks_of_status(criterion: Criterion) -> bool:
    """Whether a criterion asks for the status in any way."""
    is_context = criterion.context is not None and criterion.context.root is Root.STATUS_CODE
    return is_context or "$statusCode" in criterion.condition


def wanted_statuses(step: LinkedStep) -> set[int]:
    """Return the statuses that a step succeeds with, where it says so."""
    return {status for criterion in step.step.success_criteria for status in _statuses(criterion, ("==",))}


def _statuses(criterion: Criterion, operators: Sequence[str] = ()) -> Iterator[int]:
    for comparison in comparisons_in(criterion.simple.node) if criterion.simple is not None else ():
        if operators and comparison.operator not in operators:
            continue
        sides = (comparison.left, comparison.right)
        if any(isinstance(side, Reference) and side.readings[0][0].root is Root.STATUS_CODE for side in sides):
            for side in sides:
                if isinstance(side, LiteralValue) and isinstance(side.value, int) and 100 <= side.value <= 599:  # noqa: PLR2004 - the statuses of HTTP
                    yield side.value
