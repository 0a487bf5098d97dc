"""Which actions a step can choose, and whether it can go on or break without one.

Decides it from the criteria alone, and generously: what is not certainly impossible is a choice. Where an action leads
is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.conditions.contradictions import UNKNOWN, Circumstances, Opaque, can_hold
from arazzo_engine.language.conditions.grammar import EXTENDED, OWN, parse_condition
from arazzo_engine.language.criteria import DEFAULT_CRITERION
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.objects import ActionType, FailureAction
from arazzo_engine.language.reading.advice import SAYING_WHEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.language.conditions.contradictions import Claim
    from arazzo_engine.language.objects import Action, Criterion

Claims = tuple["Claim", ...]

_DEFAULT: Final[Claims] = (parse_condition(DEFAULT_CRITERION).node,)
_OF_ANSWERS: Final = frozenset({Root.STATUS_CODE, Root.RESPONSE})
# what says when an action is taken, and is not read; `condition` is, as criteria
_UNREAD: Final = frozenset(SAYING_WHEN) - {"condition"}
# behind more actions than these, only one without criteria is looked for
MOST_TAKEN: Final = 40


class Situation(Struct, frozen=True):
    """What is known when an action is chosen: claims that hold, groups of which none does, and what has a value."""

    holding: Claims = ()
    denied: tuple[Claims, ...] = ()
    circumstances: Circumstances = UNKNOWN

    def allows(self, claims: Claims, taken: Sequence[Claims] = ()) -> bool:
        """Whether claims may hold here while none of the groups does that an earlier action asks for."""
        return can_hold((*self.holding, *claims), (*self.denied, *taken), self.circumstances)


class Choices(Struct, frozen=True):
    """What can follow a step: each of its actions or not, the next step, and the end that breaks the workflow."""

    success: tuple[bool, ...]
    failure: tuple[bool, ...]
    goes_on: bool
    breaks: bool


def choices_of(step: LinkedStep) -> Choices:
    """Return what can follow a step."""
    success, goes_on = _choices(after_success(step) if step.on_success else (), step.on_success)
    failure, breaks = _choices(after_failure(step) if step.on_failure else (), step.on_failure)
    return Choices(success, failure, goes_on, breaks)


def claims_of(criteria: Sequence[Criterion]) -> Claims:
    """Return what criteria claim; a query is looked at as a whole."""
    return tuple(_claim(each) for each in criteria)


def after_success(step: LinkedStep) -> tuple[Situation, ...]:
    """Return what is known when a step has succeeded."""
    criteria = step.step.success_criteria
    # what names the step's own outputs was judged before they were taken
    claims = claims_of([each for each in criteria if not _names_outputs_of(each, step.step.step_id)])
    if not criteria and not _calls_workflow(step):
        claims = _DEFAULT
    circumstances = Circumstances(is_answered=not _calls_workflow(step))
    # of criteria that exclude each other nothing follows
    return (Situation(claims if can_hold(claims) else (), (), circumstances),)


def after_failure(step: LinkedStep) -> tuple[Situation, ...]:
    """Return what may be known when a step has failed: there was no answer, or one that the criteria refused.

    A called workflow may have failed whatever the criteria say.
    """
    own = step.step.step_id
    if _calls_workflow(step):
        return (Situation(circumstances=Circumstances(without_outputs=own)),)
    criteria = step.step.success_criteria
    is_stable = not any(_names_outputs_of(each, own) for each in criteria)
    refused = (claims_of(criteria) or _DEFAULT,) if is_stable else ()
    # a failed step has no outputs, and what is not there equals null
    answered = Circumstances(without_outputs=own, is_answered=True)
    unanswered = Circumstances(_OF_ANSWERS, without_outputs=own)
    return Situation((), refused, answered), Situation((), (), unanswered)


def is_never_made(action: Action) -> bool:
    """Whether an action is a retry that its limit forbids."""
    return action.type is ActionType.RETRY and isinstance(action, FailureAction) and action.retry_limit == 0


def gives_way(action: Action) -> bool:
    """Whether the next action may be tried although the criteria of this one hold."""
    # "The `retryLimit` MUST be exhausted prior to executing subsequent failure actions."
    return action.type is ActionType.RETRY or not is_readable(action)


def is_readable(action: Action) -> bool:
    """Whether it is known what an action does and when: its type, its target and each of its criteria.

    What is wrong with it is told already, and nothing else follows from it.
    """
    has_target = action.type is not ActionType.GOTO or action.step_id is not None or action.workflow_id is not None
    fields = as_mapping(value_at(action.at))
    written = fields.get("criteria", [])
    is_all_read = isinstance(written, list) and len(written) == len(action.criteria)
    return has_target and is_all_read and fields.keys().isdisjoint(_UNREAD)


def _choices(situations: tuple[Situation, ...], actions: Sequence[Action]) -> tuple[tuple[bool, ...], bool]:
    """Return for each action whether it can be chosen, and whether it may be that none is."""
    taken: list[Claims] = []
    found = []
    is_open = True
    for action in actions:
        claims = claims_of(action.criteria)
        is_choice = is_open and any(each.allows(claims, taken) for each in situations)
        found.append(is_choice and not is_never_made(action))
        if not gives_way(action):
            is_open = is_open and bool(claims)
            taken += [claims] if len(taken) < MOST_TAKEN else []
    return tuple(found), is_open and (not taken or any(each.allows((), taken) for each in situations))


def _claim(criterion: Criterion) -> Claim:
    # what the conditions of this engine alone can say is not tried with other values
    is_own = as_mapping(value_at(criterion.at)).get(OWN) == EXTENDED
    if criterion.simple is not None and not is_own:
        return criterion.simple.node
    context = None if criterion.context is None else criterion.context.text
    return Opaque((criterion.type, criterion.condition, context, criterion.wants_nothing))


def _calls_workflow(step: LinkedStep) -> bool:
    return step.step.workflow_id is not None or isinstance(step.target, WorkflowKey)


def _names_outputs_of(criterion: Criterion, step_id: str) -> bool:
    context = "" if criterion.context is None else criterion.context.text
    return f"$steps.{step_id}" in criterion.condition or f"$steps.{step_id}" in context
