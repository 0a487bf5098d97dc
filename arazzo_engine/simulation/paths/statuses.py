"""Drafts of answers with the statuses that the criteria of a step ask for, where no description has them.

Decides which response is answered with such a status. Whether an answer leads on is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.simulation.goals import SUCCESSES
from arazzo_engine.simulation.queries.statuses import asked_statuses, speaks_of_status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.simulation.answers import Draft

_DEFAULT: Final = "DEFAULT"
_FAILED: Final = 500
# RFC 9110, section 15.2: below it are interim responses, "prior to [...] sending a final response"
_FIRST_FINAL: Final = 200
# where criteria want a status that they do not name
_USUAL: Final = (200, 201, 202, 204, 404, 400, 401, 403, 409, 422, 500)


def with_asked_statuses(drafts: tuple[Draft, ...], step: LinkedStep) -> tuple[Draft, ...]:
    """Return the drafts, and one for each status that the step asks for and nobody documents."""
    asked = [each for each in asked_statuses(step) if each >= _FIRST_FINAL]
    drafts = _without_success_by_default(drafts, asked)
    documented = {each.status for each in drafts}
    return (*drafts, *(_with_status(each, drafts) for each in asked if each not in documented))


def _without_success_by_default(drafts: tuple[Draft, ...], asked: Iterable[int]) -> tuple[Draft, ...]:
    """Return the drafts, and what is said of all other answers as a failure, where a success is asked for.

    Beside a success with a response of its own, what such a success is like is not said there.
    """
    documented = {each.status for each in drafts if each.covers.upper() != _DEFAULT and each.status in SUCCESSES}
    if not documented or all(each in documented or each not in SUCCESSES for each in asked):
        return drafts
    return tuple(each.at_status(_FAILED) if each.covers.upper() == _DEFAULT else each for each in drafts)


def with_usual_statuses(drafts: tuple[Draft, ...], step: LinkedStep) -> Iterator[Draft]:
    """Yield a draft of each usual status that nobody documents, where criteria speak of the status in any way."""
    if any(speaks_of_status(each) for each in step.step.success_criteria):
        documented = {each.status for each in drafts}
        yield from (_with_status(each, drafts) for each in _USUAL if each not in documented)


def _with_status(status: int, drafts: tuple[Draft, ...]) -> Draft:
    """Return a draft with a status: of the range that documents it, else the first one, though nothing documents it."""
    ranges = (f"{status // 100}XX", *((_DEFAULT,) if status not in SUCCESSES else ()))
    for each in ranges:
        for draft in drafts:
            if draft.covers.upper() == each:
                return draft.at_status(status)
    why = f"{status} is not documented: it is answered because the criteria ask for it"
    return replace(drafts[0], status=status, undocumented=why)
