"""Where a step of a rehearsal should go: the criteria that must pass and fail for it, and whether an answer leads on.

Decides the order in which ways to go on are tried: what keeps a loop going once, then what leaves it. What an answer
must hold for that is decided elsewhere.
"""

from __future__ import annotations

from itertools import islice, product, takewhile
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.language.conditions.condition import And, Condition, Not, Or, references_in
from arazzo_engine.language.criteria import all_pass, judge_criteria
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.objects import ActionType
from arazzo_engine.machine.actions import choose_success
from arazzo_engine.simulation.demands import negated
from arazzo_engine.simulation.queries.own_outputs import scope_after, seen_in_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.language.conditions.condition import Node
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.objects import Action, Criterion, SuccessAction
    from arazzo_engine.machine.effects import Asked

# whether an answer with a status leads where it should
_Met: TypeAlias = "Callable[[int, Scope], bool]"
SUCCESSES: Final = range(200, 400)
ERRORS: Final = range(400, 600)
_NEVER: Final = 1_000_000_000
# a loop that is left by what a step is answered has been left by then
_MANY_VISITS: Final = 3
# of all the ways to go on, those that are tried with every response
_MOST_TRIED: Final = 20
# of all the alternatives of conditions
_MOST_BRANCHES: Final = 8


class Goal(Struct, frozen=True):
    """Where a step should go: the criteria that must pass and fail for it, and whether an answer leads there.

    The ``likely`` ones are of the first action that leads on: what nothing describes is made up for them. ``by_error``
    says whether an error leads there, which does where it alone is described to have what is asked for.
    """

    is_met: Callable[[int, Scope], bool]
    passing: tuple[Criterion, ...] = ()
    failing: tuple[Criterion, ...] = ()
    likely: tuple[Criterion, ...] = ()
    by_error: Callable[[int, Scope], bool] | None = None

    def seen_in_answer(self, step: LinkedStep) -> Goal:
        """Return the same with criteria that ask the answer for what they ask of outputs of the step itself."""

        def seen(criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
            return tuple(seen_in_answer(each, step) for each in criteria)

        return replace(self, passing=seen(self.passing), failing=seen(self.failing), likely=seen(self.likely))


ANYWHERE: Final = Goal(lambda _status, _scope: True)


def goals_of(asked: Asked, visit: int, linked: LinkedDescription, followed: Container[str] = ()) -> Iterator[Goal]:
    """Yield where a step may go when it is asked for the ``visit`` th time, the best first.

    The actions that were ``followed`` before, by their names, have led back to it.
    """
    step = asked.step
    succeeding = step.step.success_criteria
    back = [action for action in step.actions if comes_back(action, asked.workflow, step, linked)]
    loops = [action for action in back if action.criteria or _ways_out(action, step, back)]
    if visit == 1:
        for loop in loops[:_MOST_TRIED]:
            keeps = succeeding if loop in step.on_success else ()
            left = () if loop.criteria else _ways_out(loop, step, back)
            by_error = _leading_to(loop, step, ERRORS) if loop in step.on_failure and loop.criteria else None
            yield Goal(_leading_to(loop, step), (*keeps, *loop.criteria), left, by_error=by_error)
    if visit > _MANY_VISITS:
        yield from _ways_to_break(step, back)
    if visit > 1 and not back:
        yield from _ways_untried(step, followed)
    leading = (each for each in step.on_success if each.type is ActionType.GOTO and each not in loops)
    likely = next((each.criteria for each in leading), ())
    yield from _ways_to_leave(step, loops, likely)
    yield Goal(lambda status, scope: succeeds(step, status, scope), succeeding, likely=likely)


def _ways_untried(step: LinkedStep, followed: Container[str]) -> Iterator[Goal]:
    """Yield the ways on that were not gone yet, where the others have led back over later steps."""
    untried = [each for each in step.on_success if each.criteria and each.name not in followed]
    for action in _going_on_first(untried):
        yield Goal(_leading_to(action, step), (*step.step.success_criteria, *action.criteria))


def _going_on_first(actions: Iterable[SuccessAction]) -> list[SuccessAction]:
    """Return some actions, of which those that end the workflow are the last."""
    return sorted(actions, key=lambda each: each.type is ActionType.END)[:_MOST_TRIED]


def _ways_to_leave(step: LinkedStep, loops: Sequence[Action], likely: tuple[Criterion, ...]) -> Iterator[Goal]:
    """Yield how a step goes on without its loops: by what leaves them nothing to go on for, else by an exception."""
    succeeding = step.step.success_criteria
    left = tuple(criterion for loop in loops for criterion in loop.criteria)
    is_left = _is_none_of(loops, step)
    others = _going_on_first(action for action in step.on_success if action.criteria and action not in loops)
    others = others if any(loop in step.on_success for loop in loops) else []
    for action in others:
        yield Goal(_both(_leading_to(action, step), is_left), (*succeeding, *action.criteria), left)
    if others:
        yield Goal(_both(_going_on(step, loops), is_left), succeeding, left, likely)
    for action in others:
        yield Goal(_leading_to(action, step), (*succeeding, *action.criteria))
    yield Goal(_going_on(step, loops), succeeding, left, likely)


def _ways_out(loop: Action, step: LinkedStep, back: Sequence[Action]) -> tuple[Criterion, ...]:
    """Return the criteria by which an action before a loop leads out of it."""
    before = takewhile(lambda each: each is not loop, step.on_success)
    return tuple(criterion for each in before if each not in back for criterion in each.criteria)


def _ways_to_break(step: LinkedStep, back: Sequence[Action]) -> Iterator[Goal]:
    """Yield how a step that is asked again and again can fail so that an action leads out of the loop."""
    for action in step.on_failure:
        if action not in back:
            for criterion in step.step.success_criteria[:_MOST_TRIED]:
                yield Goal(_leading_to(action, step), action.criteria, (criterion,))


def _both(one: _Met, other: _Met) -> _Met:
    return lambda status, scope: one(status, scope) and other(status, scope)


def _going_on(step: LinkedStep, loops: Sequence[Action]) -> _Met:
    return lambda status, scope: succeeds(step, status, scope) and action_after(step, scope) not in loops


def _is_none_of(loops: Sequence[Action], step: LinkedStep) -> _Met:
    """Return whether an answer leaves loops nothing to go on for, whatever stands before them."""

    def is_met(_status: int, scope: Scope) -> bool:
        seen = scope_after(step, scope)
        return not any(passes(loop.criteria, seen) for loop in loops if loop in step.on_success)

    return is_met


def ways_to_fail(step: LinkedStep) -> Iterator[Goal]:
    """Yield how a step can fail: as it is documented, else by what its criteria do not accept."""

    def is_met(status: int, scope: Scope) -> bool:
        return not succeeds(step, status, scope)

    yield Goal(is_met)
    for criterion in step.step.success_criteria[:_MOST_TRIED]:
        yield Goal(is_met, failing=(criterion,))


def succeeds(step: LinkedStep, status: int, scope: Scope) -> bool:
    """Whether an answer makes a step succeed."""
    criteria = step.step.success_criteria
    return passes(criteria, scope) if criteria else status in SUCCESSES


def passes(criteria: tuple[Criterion, ...], scope: Scope) -> bool:
    """Whether all criteria pass."""
    return all_pass(judge_criteria(criteria, scope))


def action_after(step: LinkedStep, scope: Scope) -> Action | None:
    """Return the action that follows when an answer makes a step succeed, ``None`` for the default."""
    return choose_success(step.on_success, scope_after(step, scope)).action


def comes_back(action: Action, workflow: LinkedWorkflow, step: LinkedStep, linked: LinkedDescription) -> bool:
    """Whether an action of a step comes back to it."""
    if action.type is ActionType.RETRY:
        return action.step_id is None and action.workflow_id is None
    indexes = workflow.indexes
    if action.workflow_id is not None:
        own, other = workflow.key, workflow.references.get(action.workflow_id)
        leads_back = other is not None and (other == own or linked.leads_back(own, other))
        return action.type is ActionType.GOTO and leads_back
    return action.type is ActionType.GOTO and indexes.get(action.step_id or "", _NEVER) <= indexes[step.step.step_id]


def _leading_to(action: Action, step: LinkedStep, statuses: range = SUCCESSES) -> _Met:
    """Return whether an answer makes a step go on with an action; an error of the server is no poll."""
    is_success = action in step.on_success

    def is_met(status: int, scope: Scope) -> bool:
        if status not in statuses or succeeds(step, status, scope) is not is_success:
            return False
        if is_success:
            return action_after(step, scope) is action
        return next((each for each in step.on_failure if passes(each.criteria, scope)), None) is action

    return is_met


def branches_of(goal: Goal) -> Iterator[Goal]:
    """Yield a goal, then the goal with one of its criteria held to another of its alternatives."""
    yield goal
    yield from islice(_others(goal), _MOST_BRANCHES)


def _others(goal: Goal) -> Iterator[Goal]:
    for index, criterion in enumerate(goal.passing):
        for each in _alternatives(criterion, holds=True):
            yield replace(goal, passing=(*goal.passing[:index], each, *goal.passing[index + 1 :]))
    for index, criterion in enumerate(goal.failing):
        for each in _alternatives(criterion, holds=False):
            yield replace(goal, failing=(*goal.failing[:index], each, *goal.failing[index + 1 :]))


def _alternatives(criterion: Criterion, *, holds: bool) -> Iterator[Criterion]:
    """Yield a criterion with each alternative but the first, which is tried as the condition is written."""
    if criterion.simple is None:
        return
    node = criterion.simple.node
    for case in islice(_cases(node if holds else Not(node)), 1, _MOST_BRANCHES):
        meant = case if holds else Not(case)
        yield replace(criterion, simple=Condition(criterion.condition, meant))


def _cases(node: Node) -> Iterator[Node]:
    """Yield conditions without alternatives, of which each is enough for a condition to hold."""
    match node:
        case Or(operands=operands):
            for each in operands:
                yield from _cases(each)
        case And(operands=operands):
            yield from (And(each) for each in product(*(list(islice(_cases(one), _MOST_BRANCHES)) for one in operands)))
        case Not(operand=And() | Or() | Not() as operand):
            yield from _cases(negated(operand))
        case _:
            yield node


def asks_body(criterion: Criterion) -> bool:
    """Whether a criterion reads the body of its step's answer."""
    references = () if criterion.simple is None else references_in(criterion.simple.node)
    asked = (criterion.context, *(each.readings[0][0] for each in references))
    return any(each is not None and (each.root, each.names) == (Root.RESPONSE, ("body",)) for each in asked)
