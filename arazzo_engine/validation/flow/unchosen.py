"""An action that is never chosen, and success criteria that exclude each other.

Decides what is wrong with the criteria of a step and of its actions where it is certain, and says why. An action of the
workflow that one step never chooses may be there for another.
"""

from __future__ import annotations

from functools import cached_property
from itertools import combinations, islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.diagnostics import Related, diagnose
from arazzo_engine.language.conditions.condition import And, Comparison, references_in
from arazzo_engine.language.conditions.contradictions import can_hold
from arazzo_engine.language.objects import ActionType, SuccessAction
from arazzo_engine.validation.flow.choices import (
    MOST_TAKEN,
    after_failure,
    after_success,
    claims_of,
    gives_way,
    is_never_made,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.objects import Action, Criterion
    from arazzo_engine.validation.flow.paths import Paths

# of more criteria than these, no two are compared
_MOST: Final = 12


class _Reason(Struct, frozen=True):
    """Why an action is never chosen, what to do, and what else explains it."""

    why: str
    fix: str
    related: tuple[Related, ...] = ()


def unchosen(paths: Paths) -> Iterator[Diagnostic]:
    """Yield a warning for each action that no step chooses, and what is wrong with the criteria of steps."""
    never: dict[Place, tuple[LinkedStep, Action]] = {}
    chosen: set[Place] = set()
    for step, choices in zip(paths.workflow.steps, paths.choices, strict=True):
        yield from _check_success_criteria(step)
        for action, is_choice in zip(step.actions, (*choices.success, *choices.failure), strict=True):
            # an action of the workflow is another value in a step of which something was read otherwise
            chosen.update([action.at] if is_choice else [])
            never.setdefault(action.at, (step, action))
    rows: dict[int, _Row] = {}
    for key, (step, action) in never.items():
        actions = _row_of(step, action)
        row = rows.setdefault(id(actions), _Row(actions))
        # one of two actions of one name is noted already
        if key not in chosen and row.first_of_name[action.name] is action:
            yield _never_chosen(step, action, row)


class _Row(Struct, frozen=True, dict=True):
    """The actions among which one is chosen, as they stand: looked at once for all of them."""

    actions: Sequence[Action]

    @cached_property
    def first_of_name(self) -> dict[str, Action]:
        """The first action of each name."""
        return {each.name: each for each in reversed(self.actions)}

    @cached_property
    def places(self) -> dict[int, int]:
        """Where each action stands."""
        return {id(each): index for index, each in enumerate(self.actions)}

    @cached_property
    def hiding(self) -> list[int]:
        """Where the actions stand that leave no way to the next one when their criteria hold."""
        return [index for index, each in enumerate(self.actions) if not gives_way(each)]

    @cached_property
    def always(self) -> int | None:
        """Where the first of them stands that has no criteria."""
        return next((index for index in self.hiding if not self.actions[index].criteria), None)

    def before(self, action: Action) -> list[Action]:
        """Return the first actions before one that may hide it."""
        place = self.places[id(action)]
        return [self.actions[index] for index in self.hiding[:MOST_TAKEN] if index < place]

    def always_before(self, action: Action) -> Action | None:
        """Return the action before one that is always chosen."""
        if self.always is None or self.always >= self.places[id(action)]:
            return None
        return self.actions[self.always]


def _row_of(step: LinkedStep, action: Action) -> Sequence[Action]:
    return step.on_success if isinstance(action, SuccessAction) else step.on_failure


def _never_chosen(step: LinkedStep, action: Action, row: _Row) -> Diagnostic:
    reason = _reason(step, action, row)
    message = f"action `{action.name}` is never chosen after step `{step.step.step_id}`: {reason.why}"
    at = action.at.child("name")
    return diagnose("action-never-chosen", message, at.location(), fix=reason.fix, related=reason.related)


def _reason(step: LinkedStep, action: Action, row: _Row) -> _Reason:
    is_success = isinstance(action, SuccessAction)
    claims = claims_of(action.criteria)
    if is_never_made(action):
        return _Reason("its `retryLimit` is 0", "write how often it may be made, or remove the action")
    always = row.always_before(action)
    if always is not None:
        why = f"`{always.name}`, before it, has no criteria and is always chosen"
        return _Reason(why, f"move it before `{always.name}`, or give `{always.name}` criteria", _place_of(always))
    if not can_hold(claims):
        return _Reason(*_contradiction(action.criteria, "its criteria"))
    situations = after_success(step) if is_success else after_failure(step)
    if not any(each.allows(claims) for each in situations):
        return _excluded(step, action)
    hiding = next((each for each in row.before(action) if not _leaves_open(step, action, each)), None)
    if hiding is None:
        return _Reason("whenever its criteria hold, those of an action before it do", "move it up, or remove it")
    why = f"`{hiding.name}`, before it, is chosen whenever its criteria hold"
    return _Reason(why, f"move it before `{hiding.name}`, or change its criteria", _place_of(hiding))


def _leaves_open(step: LinkedStep, action: Action, earlier: Action) -> bool:
    situations = after_success(step) if isinstance(action, SuccessAction) else after_failure(step)
    return any(each.allows(claims_of(action.criteria), [claims_of(earlier.criteria)]) for each in situations)


def _excluded(step: LinkedStep, action: Action) -> _Reason:
    criteria = step.step.success_criteria
    default = "" if criteria else ": without `successCriteria`, a status from 200 to 399 is a success"
    related = tuple(Related("the step succeeds by these criteria", each.at) for each in criteria[:1])
    if isinstance(action, SuccessAction):
        why = f"its criteria never hold when the step has succeeded{default}"
        return _Reason(why, "move it to `onFailure`, or let `successCriteria` accept what it asks for", related)
    why = f"its criteria hold only when the step has succeeded{default}"
    # "type": a success action cannot retry
    move = "change its criteria" if action.type is ActionType.RETRY else "move it to `onSuccess`"
    return _Reason(why, f"{move}, or let `successCriteria` refuse what it asks for", related)


def _place_of(action: Action) -> tuple[Related, ...]:
    return (Related(f"`{action.name}` stands here", action.at.child("name")),)


def _check_success_criteria(step: LinkedStep) -> Iterator[Diagnostic]:
    criteria = step.step.success_criteria
    if can_hold(claims_of(criteria)):
        return
    what, fix = _contradiction(criteria, "its success criteria")
    message = f"step `{step.step.step_id}` never succeeds: {what}"
    problem = diagnose("criteria-contradictory", message, _worst(criteria).location(), fix=fix)
    # a criterion of literals alone was made to fail, and a failure that is led on may be what is wanted
    is_meant = not any(map(_asks_for_anything, criteria)) or any(
        each.type is ActionType.GOTO for each in step.on_failure
    )
    yield problem.as_warning() if is_meant else problem


def _contradiction(criteria: Sequence[Criterion], name: str) -> tuple[str, str]:
    """Return which of some criteria exclude each other, and what to write in their place."""
    for each in criteria:
        if not can_hold(claims_of([each])):
            is_and = each.simple is not None and isinstance(each.simple.node, And)
            join = "write `||` between what may be one or the other" if is_and else "write a condition that can hold"
            return f"`{each.condition}` cannot hold", join
    for one, other in islice(combinations(criteria, 2), _MOST**2):
        if not can_hold(claims_of([one, other])):
            both = f"`{one.condition} || {other.condition}`"
            fix = f"write what may be one or the other in one condition: {both}"
            fix = fix if _is_equality(one) and _is_equality(other) else "change one of them"
            return f"`{one.condition}` and `{other.condition}` cannot hold together", fix
    return f"{name} cannot hold together", "write what may be one or the other in one condition, joined by `||`"


def _is_equality(criterion: Criterion) -> bool:
    node = None if criterion.simple is None else criterion.simple.node
    return isinstance(node, Comparison) and node.operator == "=="


def _worst(criteria: Sequence[Criterion]) -> Place:
    """Return the place of the first criterion that excludes itself or one before it."""
    for number, each in enumerate(criteria[:_MOST]):
        if not all(can_hold(claims_of([each, other])) for other in criteria[:number]) or not can_hold(
            claims_of([each])
        ):
            return each.at.child("condition")
    return criteria[0].at.child("condition")


def _asks_for_anything(criterion: Criterion) -> bool:
    return criterion.simple is None or any(True for _ in references_in(criterion.simple.node))
