"""Statuses that the criteria of a step ask for, and drafts of answers that have them where no description does.

Decides which response is answered with such a status. Whether an answer leads on is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.language.conditions.condition import LiteralValue, Reference, comparisons_in
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.simulation.goals import SUCCESSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.language.objects import Criterion
    from arazzo_engine.simulation.answers import Draft

# where criteria want a status that they do not name
_USUAL: Final = (200, 201, 202, 204, 404, 400, 401, 403, 409, 422, 500)


def with_asked_statuses(drafts: tuple[Draft, ...], step: LinkedStep) -> tuple[Draft, ...]:
    """Return the drafts, and one for each status that the step asks for and nobody documents."""
    documented = {each.status for each in drafts}
    asked = dict.fromkeys(status for criterion in step.criteria for status in _statuses(criterion))
    return (*drafts, *(_with_status(each, drafts) for each in asked if each not in documented))


def with_usual_statuses(drafts: tuple[Draft, ...], step: LinkedStep) -> Iterator[Draft]:
    """Yield a draft of each usual status that nobody documents, where criteria speak of the status in any way."""
    if any(_speaks_of_status(each) for each in step.step.success_criteria):
        documented = {each.status for each in drafts}
        yield from (_with_status(each, drafts) for each in _USUAL if each not in documented)


def _speaks_of_status(criterion: Criterion) -> bool:
    is_context = criterion.context is not None and criterion.context.root is Root.STATUS_CODE
    return is_context or "$statusCode" in criterion.condition


def _with_status(status: int, drafts: tuple[Draft, ...]) -> Draft:
    """Return a draft with a status: of the range that documents it, else the first one, though nothing documents it."""
    ranges = (f"{status // 100}XX", *(("DEFAULT",) if status not in SUCCESSES else ()))
    for each in ranges:
        for draft in drafts:
            if draft.covers.upper() == each:
                return replace(draft, status=status)
    why = f"{status} is not documented: it is answered because the criteria ask for it"
    return replace(drafts[0], status=status, undocumented=why)


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
