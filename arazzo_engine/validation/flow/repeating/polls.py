"""A retry that waits for something in the body, or for another status, and is made once.

Decides what looks like a poll: a step that only reads, fails although its status is a success, and is tried again
because of that, or of what its body says. How long such a thing takes is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.diagnostics import diagnose
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.conditions.condition import references_in
from arazzo_engine.language.conditions.contradictions import Circumstances, can_hold
from arazzo_engine.language.conditions.grammar import parse_condition
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.objects import ActionType, FailureAction
from arazzo_engine.validation.flow.choices import claims_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.objects import Action, Criterion
    from arazzo_engine.validation.flow.paths import Paths

_READING = frozenset({"get", "head"})
_FAILURE = parse_condition("$statusCode < 200 || $statusCode >= 300").node
_SUCCESS = parse_condition("$statusCode >= 200 && $statusCode < 300").node


def hasty_polls(paths: Paths) -> Iterator[Diagnostic]:
    """Yield a warning for each retry that looks like a poll and has no limit of its own."""
    for step, choices in zip(paths.workflow.steps, paths.choices, strict=True):
        for action, is_choice in zip(step.on_failure, choices.failure, strict=True):
            if is_choice and action.type is ActionType.RETRY and not _is_limited(action) and _polls(step, action):
                # "If not specified then a single retry SHALL be attempted."
                waited = "what the body says" if _is_about_body(step, action) else "another status"
                message = (
                    f"retry `{action.name}` of step `{step.step.step_id}` waits for {waited}, and is made only once"
                )
                at = action.at.child("name").location()
                yield diagnose("retry-once", message, at, fix="add how often it may be made, such as `retryLimit: 10`")


def _is_limited(action: FailureAction) -> bool:
    """Whether a limit is written; one that is no limit is told as that."""
    return action.retry_limit is not None or value_at(action.at.child("retryLimit")) is not ABSENT


def _polls(step: LinkedStep, action: FailureAction) -> bool:
    is_read = isinstance(step.target, Operation) and step.target.method.lower() in _READING
    return is_read and (waits_for_body(step, action) or _is_of_success(action))


def _is_about_body(step: LinkedStep, action: Action) -> bool:
    return _asks_body(action.criteria) or _asks_body(step.step.success_criteria)


def _is_of_success(action: Action) -> bool:
    """Whether an action asks for a status of success: what failed then is what the step waits for."""
    claims, circumstances = claims_of(action.criteria), Circumstances(is_answered=True)
    return can_hold((_SUCCESS, *claims), circumstances=circumstances) and not can_hold(
        (_FAILURE, *claims), circumstances=circumstances
    )


def waits_for_body(step: LinkedStep, action: Action) -> bool:
    """Whether a failure action may be chosen for what a body says whose status is a success."""
    waits = isinstance(action, FailureAction) and bool(action.retry_after)
    asks_body = _asks_body(action.criteria) or (waits and _asks_body(step.step.success_criteria))
    return asks_body and may_have_succeeded(step, action)


def may_have_succeeded(step: LinkedStep, action: Action) -> bool:
    """Whether a failure action may be chosen where the status is a success."""
    succeeding = [each for each in step.step.success_criteria if not _asks_body([each])]
    # a retry that is there for a server in trouble asks for its status
    claims = (_SUCCESS, *claims_of(succeeding), *claims_of(action.criteria))
    return can_hold(claims, circumstances=Circumstances(is_answered=True))


def _asks_body(criteria: Sequence[Criterion]) -> bool:
    return any(_is_of_body(each) for criterion in criteria for each in _expressions(criterion))


def _expressions(criterion: Criterion) -> Iterator[RuntimeExpression]:
    if criterion.context is not None:
        yield criterion.context
    for reference in () if criterion.simple is None else references_in(criterion.simple.node):
        yield from (expression for expression, _ in reference.readings)


def _is_of_body(expression: RuntimeExpression) -> bool:
    return expression.root is Root.RESPONSE and expression.names[0] == "body"
