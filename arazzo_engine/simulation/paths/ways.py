"""Which answers lead to what is to be shown of a step: as goals, each of which is met or not by an answer.

Decides the criteria that must pass and fail for it. What an answer must hold for that is decided elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.conditions.condition import references_in
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.simulation.goals import Goal, action_after, passes, succeeds
from arazzo_engine.simulation.paths.aims import Aim, Kind, actions_of, all_criteria
from arazzo_engine.simulation.queries.own_outputs import scope_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.objects import Action, Criterion

# stands for the status where there is no answer
NO_ANSWER: Final = 0
# of what is denied one by one
_MOST_TRIED: Final = 10
_OF_THE_ANSWER: Final = frozenset({Root.RESPONSE, Root.STATUS_CODE, Root.OUTPUTS})


def ways_to(step: LinkedStep, aim: Aim) -> Iterator[Goal]:
    """Yield what an answer must do to show an aim, the simplest first."""
    if aim.is_of_criterion:
        yield from _to_verdict(step, aim)
        return
    action = None if aim.kind is Kind.DEFAULT else actions_of(step, aim)[aim.index]
    before = actions_of(step, aim) if action is None else actions_of(step, aim)[: aim.index]
    denied = tuple(criterion for each in before for criterion in each.criteria)
    wanted = () if action is None else action.criteria
    is_met = _leads_to(step, aim, action)
    if aim.is_success:
        passing = (*step.step.success_criteria, *wanted)
        yield Goal(is_met, passing)
        yield Goal(is_met, passing, denied)
        return
    yield Goal(is_met, wanted)
    yield Goal(is_met, wanted, denied)
    for criterion in step.step.success_criteria[:_MOST_TRIED]:
        yield Goal(is_met, wanted, (criterion, *denied))


def _to_verdict(step: LinkedStep, aim: Aim) -> Iterator[Goal]:
    criterion = criterion_of(step, aim)
    wanted = aim.kind is Kind.TRUE
    is_of_success = aim.after < 0

    def is_met(status: int, scope: Scope) -> bool:
        is_judged = status != NO_ANSWER if is_of_success else _succeeds(step, status, scope) is aim.is_success
        seen = scope_after(step, scope) if aim.is_success and not is_of_success else scope
        return is_judged and passes((criterion,), seen) is wanted

    others = step.step.success_criteria if aim.is_success and not is_of_success else ()
    yield Goal(is_met, (*others, criterion)) if wanted else Goal(is_met, others, (criterion,))


def criterion_of(step: LinkedStep, aim: Aim) -> Criterion:
    """Return the criterion that an aim is about."""
    return all_criteria(step)[aim.after + 1][aim.index]


def action_followed(step: LinkedStep, status: int, scope: Scope) -> tuple[bool, Action | None]:
    """Return on which side a step goes on after an answer, and with which action; a retry may still be used up."""
    if _succeeds(step, status, scope):
        return True, action_after(step, scope)
    return False, next((each for each in step.on_failure if passes(each.criteria, scope)), None)


def why_missed(step: LinkedStep, aim: Aim) -> str:
    """Return why no answer was found for an aim."""
    if aim.is_of_criterion:
        return f"no answer was found that makes it {aim.kind}{_before((criterion_of(step, aim),), step)}"
    wanted = next(ways_to(step, aim)).passing
    if aim.kind is Kind.DEFAULT:
        wanted = tuple(criterion for action in actions_of(step, aim) for criterion in action.criteria)
    return f"no answer was found that leads there{_before(wanted, step)}"


def _before(criteria: tuple[Criterion, ...], step: LinkedStep) -> str:
    told = [f"`{each.condition}`" for each in criteria if not _reads_answer(each, step)]
    return f"; {told[0]} does not depend on the answer" if told else ""


def _reads_answer(criterion: Criterion, step: LinkedStep) -> bool:
    if criterion.context is not None:
        return _is_of_answer(criterion.context, step)
    if criterion.simple is None:
        return True
    return any(_is_of_answer(each.readings[0][0], step) for each in references_in(criterion.simple.node))


def _is_of_answer(expression: RuntimeExpression, step: LinkedStep) -> bool:
    """Whether an expression is of the answer, or of an output of the step itself, which may be made of it."""
    is_own = expression.root is Root.STEPS and expression.names[:1] == (step.step.step_id,)
    return is_own or expression.root in _OF_THE_ANSWER


def _leads_to(step: LinkedStep, aim: Aim, action: Action | None) -> Callable[[int, Scope], bool]:
    def is_met(status: int, scope: Scope) -> bool:
        side, followed = action_followed(step, status, scope)
        return side is aim.is_success and followed is action

    return is_met


def _succeeds(step: LinkedStep, status: int, scope: Scope) -> bool:
    return status != NO_ANSWER and succeeds(step, status, scope)
