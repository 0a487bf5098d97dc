"""Why the action was chosen that followed an attempt: each one that was looked at, its criteria, and what became of it.

Decides it from what the run saw when it chose: the criteria are judged once more, of the same values.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.language.criteria import CriterionResult, all_pass, judge_criteria
from arazzo_engine.reporting.outcomes import StepStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.debugging.walk import Opened
    from arazzo_engine.language.objects import Action
    from arazzo_engine.reporting.outcomes import ActionTaken


class Fate(StrEnum):
    """What became of an action."""

    CHOSEN = "chosen"
    PASSED_OVER = "passed over"
    NOT_MET = "not met"
    NOT_REACHED = "not looked at"


class Considered(Struct, frozen=True):
    """An action of a step, and what became of it. One that was passed over had its criteria met."""

    action: Action
    fate: Fate
    criteria: tuple[CriterionResult, ...] = ()


def considered(opened: Opened) -> Iterator[Considered]:
    """Yield the actions that could follow an attempt that was judged, in their order."""
    report, sight = opened.report, opened.sight
    if report is None or sight is None:
        return
    has_succeeded = report.status is StepStatus.SUCCEEDED
    taken = None if report.action is None else report.action.name
    is_chosen = False
    for action in sight.step.on_success if has_succeeded else sight.step.on_failure:
        if is_chosen:
            yield Considered(action, Fate.NOT_REACHED)
            continue
        criteria = judge_criteria(action.criteria, sight.scope)
        is_chosen = action.name == taken and all_pass(criteria)
        missed = Fate.PASSED_OVER if all_pass(criteria) else Fate.NOT_MET
        yield Considered(action, Fate.CHOSEN if is_chosen else missed, criteria)


def chosen_because(opened: Opened) -> str:
    """Return in a sentence what follows an attempt, and why."""
    report = opened.report
    if report is None or report.action is None:
        return ""
    what = in_words(report.action)
    if not report.action.name:
        which = "success" if report.status is StepStatus.SUCCEEDED else "failure"
        return f"{what}: no {which} action {'applies' if [*considered(opened)] else 'is declared'}"
    return f"{what}: `{report.action.name}` is the first action that applies"


def in_words(action: ActionTaken) -> str:
    """Return what an action does."""
    match action.type:
        case "next":
            return "the next step follows"
        case "retry":
            before = f", after `{action.target}`" if action.target else ""
            return f"the step is tried again in {action.wait or 0:g} s{before}"
        case "goto":
            return f"the run goes to `{action.target}`"
        case _:
            return "the workflow ends"
