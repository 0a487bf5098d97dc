"""Criteria that fail as they should already: what they ask for is nothing that the description has.

Decides for which of them nothing has to be made up. How a value is made is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.simulation.demands import denials_of
from arazzo_engine.simulation.goals import passes

if TYPE_CHECKING:
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.objects import Criterion
    from arazzo_engine.simulation.answers import Draft
    from arazzo_engine.simulation.goals import Goal
    from arazzo_engine.simulation.putting import Putter


def without_settled(goal: Goal, draft: Draft, scope: Scope, putter: Putter) -> Goal:
    """Return a goal without what fails as it should already, as the description has nothing of what it asks for."""

    def is_settled(criterion: Criterion) -> bool:
        places = [each.path for each in denials_of(criterion, scope) if not each.header]
        is_foreign = bool(places) and all(putter.ways.has_no(draft.schema, each) for each in places)
        return is_foreign and not passes((criterion,), scope)

    return replace(goal, failing=tuple(each for each in goal.failing if not is_settled(each)))
