"""The answers of a rehearsal: from the descriptions, and such that the workflow goes where its author meant it to.

Decides which documented response a step gets, what its body must hold so that the criteria pass and everything that is
read later is there, and how loops end: what keeps one going is answered once, then what leaves it. Whatever is made up
beyond the description is told, and what cannot be satisfied is answered as it is documented.
"""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.linking.linked import StepKey
from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.documents.watch import go_on
from arazzo_engine.language.conditions.condition import LiteralValue, Reference, comparisons_in
from arazzo_engine.language.criteria import all_pass, judge_criteria
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.objects import ActionType
from arazzo_engine.machine.actions import choose_success
from arazzo_engine.simulation.answers import Draft, drafts_of
from arazzo_engine.simulation.demands import demands_of, denials_of
from arazzo_engine.simulation.putting import Putter
from arazzo_engine.simulation.reads import Reads, readings_of
from arazzo_engine.simulation.schema_ways import Ways

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.messages.exchange import Response
    from arazzo_engine.language.objects import Action, Criterion
    from arazzo_engine.machine.effects import Asked, Send

_SUCCESSES: Final = range(200, 400)
_NEVER: Final = 1_000_000_000
# of all the ways to go on, those that are tried with every response
_MOST_TRIED: Final = 20


class Staged(Struct, frozen=True):
    """An answer, and what of it no description says."""

    response: Response
    notes: tuple[str, ...] = ()


class _Goal(Struct, frozen=True):
    """Where a step should go: the criteria that must pass and fail for it, and whether an answer leads there."""

    is_met: Callable[[int, Scope], bool]
    passing: tuple[Criterion, ...] = ()
    failing: tuple[Criterion, ...] = ()


class _Made(Struct, frozen=True):
    draft: Draft
    beyond: dict[tuple[str, ...], str]


class Stage(Struct, dict=True):
    """Answers the requests of one rehearsal; ``visits`` counts how often each step has asked."""

    linked: LinkedDescription
    visits: dict[StepKey, int] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    drafted: dict[int, tuple[Operation, tuple[Draft, ...]]] = field(default_factory=dict)

    def answer(self, effect: Send) -> Staged:
        """Return the answer to a step's request."""
        if effect.operation is None or effect.asked is None:
            raise TypeError("a rehearsal makes up its tokens, so none is asked for")
        asked = effect.asked
        key = StepKey(asked.workflow.key, asked.step.step.step_id)
        self.visits[key] = self.visits.get(key, 0) + 1
        drafts = _with_asked_statuses(self._drafts(effect.operation), asked.step)
        made = self._choose(asked, drafts, self._reads.get(key, Reads()), self.visits[key])
        notes = tuple(note for note in _notes(made) if f"{key}{note}" not in self.told)
        self.told.update(f"{key}{note}" for note in notes)
        return Staged(made.draft.response(), notes)

    @cached_property
    def _reads(self) -> dict[StepKey, Reads]:
        return readings_of(self.linked).answers

    @cached_property
    def _ways(self) -> Ways:
        return Ways(self.linked.resolver)

    def _drafts(self, operation: Operation) -> tuple[Draft, ...]:
        """Return what an operation answers; it is asked for by each step that calls it."""
        key = id(operation)
        if key not in self.drafted:
            self.drafted[key] = (operation, drafts_of(operation, self.linked.resolver))
        return self.drafted[key][1]

    def _choose(self, asked: Asked, drafts: tuple[Draft, ...], reads: Reads, visit: int) -> _Made:
        for goal in _goals(asked, visit):
            for draft in drafts:
                go_on()
                made = self._shape(draft, goal, asked, reads)
                if goal.is_met(made.draft.status, asked.scope_with(made.draft.response())):
                    return made
        return self._shape(drafts[0], _Goal(lambda _status, _scope: True), asked, reads)

    def _shape(self, draft: Draft, goal: _Goal, asked: Asked, reads: Reads) -> _Made:
        """Return a draft with what is read of it and what the goal demands of it."""
        putter = Putter(self._ways)
        body = draft.body
        # where a value goes says more of it than that it is kept
        for read in sorted(reads.body, key=lambda each: each.schema is None) if draft.status in _SUCCESSES else ():
            body = putter.let_exist(body, draft.schema, read)
        scope = asked.scope_with(replace(draft, body=body).response())
        for criteria, wanted in ((goal.passing, demands_of), (goal.failing, denials_of)):
            for criterion in criteria:
                for demand in wanted(criterion, scope):
                    body = putter.let_hold(body, draft.schema, demand, criterion.condition)
        if body is not ABSENT and draft.body is ABSENT:
            putter.beyond.setdefault((), next(iter(putter.beyond.values()), ""))
        return _Made(replace(draft, body=body, headers=_with_read(draft, reads)), putter.beyond)


def _goals(asked: Asked, visit: int) -> Iterator[_Goal]:
    step = asked.step
    succeeding = step.step.success_criteria
    loops = [action for action in step.actions if _is_loop(action, asked)]
    if visit == 1:
        for loop in loops[:_MOST_TRIED]:
            keeps = succeeding if loop in step.on_success else ()
            yield _Goal(_leading_to(loop, step), (*keeps, *loop.criteria))
    if any(loop in step.on_success for loop in loops):
        others = (action for action in step.on_success if action.criteria and action not in loops)
        for action in islice(others, _MOST_TRIED):
            yield _Goal(_leading_to(action, step), (*succeeding, *action.criteria))
    left = tuple(criterion for loop in loops for criterion in loop.criteria)
    yield _Goal(
        lambda status, scope: (
            _succeeds(step, status, scope) and choose_success(step.on_success, scope).action not in loops
        ),
        succeeding,
        left,
    )
    yield _Goal(lambda status, scope: _succeeds(step, status, scope), succeeding)


def _is_loop(action: Action, asked: Asked) -> bool:
    """Whether an action comes back to its step, by criteria that an answer can meet."""
    if not action.criteria:
        return False
    if action.type is ActionType.RETRY:
        return action.step_id is None and action.workflow_id is None
    indexes = asked.workflow.indexes
    return (
        action.type is ActionType.GOTO and indexes.get(action.step_id or "", _NEVER) <= indexes[asked.step.step.step_id]
    )


def _leading_to(action: Action, step: LinkedStep) -> Callable[[int, Scope], bool]:
    """Return whether an answer makes a step go on with an action; an error of the server is no poll."""
    is_success = action in step.on_success

    def is_met(status: int, scope: Scope) -> bool:
        if status not in _SUCCESSES or _succeeds(step, status, scope) is not is_success:
            return False
        if is_success:
            return choose_success(step.on_success, scope).action is action
        return next((each for each in step.on_failure if _passes(each.criteria, scope)), None) is action

    return is_met


def _succeeds(step: LinkedStep, status: int, scope: Scope) -> bool:
    criteria = step.step.success_criteria
    return _passes(criteria, scope) if criteria else status in _SUCCESSES


def _passes(criteria: tuple[Criterion, ...], scope: Scope) -> bool:
    return all_pass(judge_criteria(criteria, scope))


def _with_asked_statuses(drafts: tuple[Draft, ...], step: LinkedStep) -> tuple[Draft, ...]:
    """Return the drafts, and one for each status that the step asks for and nobody documents."""
    documented = {each.status for each in drafts}
    criteria = [*step.step.success_criteria, *(criterion for action in step.actions for criterion in action.criteria)]
    asked = dict.fromkeys(status for criterion in criteria for status in _statuses(criterion))
    others = (replace(drafts[0], status=each, is_documented=False) for each in asked if each not in documented)
    return (*drafts, *others)


def _statuses(criterion: Criterion) -> Iterator[int]:
    for comparison in comparisons_in(criterion.simple.node) if criterion.simple is not None else ():
        sides = (comparison.left, comparison.right)
        if any(isinstance(side, Reference) and side.readings[0][0].root is Root.STATUS_CODE for side in sides):
            for side in sides:
                if isinstance(side, LiteralValue) and isinstance(side.value, int) and 100 <= side.value <= 599:  # noqa: PLR2004 - the statuses of HTTP
                    yield side.value


def _with_read(draft: Draft, reads: Reads) -> tuple[tuple[str, str], ...]:
    given = {name.lower() for name, _ in draft.headers} | {"content-type"}
    return (*draft.headers, *((name, f"sample-{name}") for name in reads.headers if name not in given))


def _notes(made: _Made) -> Iterator[str]:
    status = made.draft.status
    if not made.draft.is_documented:
        yield f"{status} is not documented: it is answered because the criteria ask for it"
    for path, by in made.beyond.items():
        what = f"`#{render_pointer(path)}`" if path else f"a body for {status}"
        yield f"the description does not have {what}, which `{by}` reads: made up"
