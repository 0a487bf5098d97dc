"""A step that no way reaches.

Decides it from the ways through the workflow; steps that follow each other are told together, with what leads past
them.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import Related, diagnose
from arazzo_engine.language.objects import SuccessAction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.validation.flow.paths import Paths


def unreached(paths: Paths) -> Iterator[Diagnostic]:
    """Yield a warning for the steps that no way reaches, one for those that stand together."""
    runs = groupby(range(paths.count), lambda index: bool(paths.visits(index)))
    for is_reached, indexes in runs:
        if not is_reached:
            first, *others = indexes
            yield _unreached(paths, first, others[-1] if others else first)


def _unreached(paths: Paths, first: int, last: int) -> Diagnostic:
    names = [paths.step(each).step.step_id for each in (first, last)]
    others = "" if first == last else f", nor to those after it up to `{names[1]}`"
    message = f"no way leads to step `{names[0]}`{others}"
    at = paths.step(first).step.at.child("stepId").location()
    before = paths.step(first - 1)
    # what stands before the step leads elsewhere whenever it succeeds
    leading = [way.action for way in paths.ways[first - 1] if way.succeeded and way.action is not None]
    action = leading[-1] if leading else None
    if not isinstance(action, SuccessAction):
        return diagnose("step-unreachable", message, at, fix="lead an action to it with `goto`, or remove it")
    why = f"step `{before.step.step_id}`, before it, always goes on by action `{action.name}`"
    fix = f"give action `{action.name}` criteria, lead another one to `{names[0]}`, or remove the step"
    related = [Related(why, action.at.child("name"))]
    return diagnose("step-unreachable", message, at, fix=fix, related=related)
