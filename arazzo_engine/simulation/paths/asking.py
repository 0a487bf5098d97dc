"""What a goal asks of an answer, condition by condition.

Decides which conditions ask, and in which order. What is made of it is decided where a value is put.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.documents.values import ABSENT
from arazzo_engine.simulation.demands import demands_of, denials_of
from arazzo_engine.simulation.fitting.elements import AskedFor
from arazzo_engine.simulation.goals import SUCCESSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.simulation.answers import Draft
    from arazzo_engine.simulation.goals import Goal
    from arazzo_engine.simulation.putting import Putter


def likely_demands(putter: Putter, draft: Draft, goal: Goal, scope: Scope) -> Iterator[AskedFor]:
    """Yield what the first action that leads on demands of what no description says, each with the condition."""
    if draft.status not in SUCCESSES:
        return
    is_made_up = draft.body is ABSENT or draft.body == {}
    for criterion in goal.likely:
        undescribed = (
            each
            for each in demands_of(criterion, scope)
            if putter.ways.at(draft.schema, each.path) is None and not each.header
        )
        likely = tuple(each for each in undescribed if is_made_up or each.path in putter.beyond)
        if likely:
            yield AskedFor(criterion.condition, likely)


def demands(goal: Goal, scope: Scope) -> Iterator[AskedFor]:
    """Yield what each condition of a goal demands of an answer."""
    for criteria, wanted in ((goal.passing, demands_of), (goal.failing, denials_of)):
        for criterion in criteria:
            is_denied = criterion.wants_nothing is (wanted is demands_of)
            yield AskedFor(criterion.condition, wanted(criterion, scope), is_denied)
