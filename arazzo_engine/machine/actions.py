"""Which action follows a step: the first whose criteria hold; for a retry also whether it may still be made.

Decides only. The interpreter carries the action out.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.language.criteria import all_pass, judge_criteria
from arazzo_engine.language.messages.exchange import Response, header
from arazzo_engine.language.objects import ActionType, FailureAction, SuccessAction
from arazzo_engine.reporting.outcomes import ActionTaken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.language.expressions.scope import Scope

# "If not specified then a single retry SHALL be attempted."
DEFAULT_RETRY_LIMIT: Final = 1


class Decision(Struct, frozen=True):
    """What follows: ``action`` is ``None`` for the default, ``wait`` in seconds, ``notes`` say what was passed over."""

    action: SuccessAction | FailureAction | None = None
    wait: float = 0.0
    notes: tuple[str, ...] = ()

    def taken(self, default: str) -> ActionTaken:
        """Return the action for the report."""
        if self.action is None:
            return ActionTaken(default)
        target = self.action.step_id or self.action.workflow_id or ""
        wait = self.wait if self.action.type is ActionType.RETRY else None
        return ActionTaken(self.action.type, self.action.name, target, wait)


class Budgets(Struct):
    """The retries made so far in one visit of a step, by action, and the longest wait allowed, in seconds.

    ``spent`` holds actions that may not be tried again in this visit: their target failed, or the wait was too long.
    Where the last attempt ``is_vain``, for it could not be sent, the next one is the same unless something runs first.
    """

    longest_wait: float
    retries: dict[str, int] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)
    is_vain: bool = False


def choose_success(actions: Sequence[SuccessAction], scope: Scope) -> Decision:
    """Return the success action that follows."""
    # "the first sequential action matching the criteria SHALL be the action executed"
    for action in actions:
        if all_pass(judge_criteria(action.criteria, scope)):
            return Decision(action)
    return Decision()


def choose_failure(actions: Sequence[FailureAction], scope: Scope, budgets: Budgets, now: float) -> Decision:
    """Return the failure action that follows; a retry whose budget is used up gives way to the next action."""
    notes: list[str] = []
    for action in actions:
        if not all_pass(judge_criteria(action.criteria, scope)):
            continue
        if action.type is not ActionType.RETRY:
            return Decision(action, notes=tuple(notes))
        wait = _wait_before(action, scope, now)
        if _may_retry(action, wait, budgets, notes):
            budgets.retries[action.name] = budgets.retries.get(action.name, 0) + 1
            return Decision(action, wait, tuple(notes))
    return Decision(notes=tuple(notes))


def is_used_up(note: str, name: str) -> bool:
    """Whether a note says that the retry of this name was made as often as it may be."""
    return note.startswith(_used_up(name))


def why_not_made(note: str, name: str) -> str:
    """Return why a note says that the retry of this name was not made, nothing when it does not say so."""
    before = _not_made(name)
    return note.removeprefix(before) if note.startswith(before) else ""


def _not_made(name: str) -> str:
    return f"retry `{name}` was not made: "


def _used_up(name: str) -> str:
    return f"retry `{name}` is used up"


def _may_retry(action: FailureAction, wait: float, budgets: Budgets, notes: list[str]) -> bool:
    # "The `retryLimit` MUST be exhausted prior to executing subsequent failure actions."
    limit = DEFAULT_RETRY_LIMIT if action.retry_limit is None else action.retry_limit
    made = budgets.retries.get(action.name, 0)
    if action.name in budgets.spent:
        return False
    if made >= limit:
        notes.append(f"{_used_up(action.name)}: {made} of {limit} made")
        return False
    if budgets.is_vain and action.step_id is None and action.workflow_id is None:
        budgets.spent.add(action.name)
        # on another way it may be made
        notes.append(f"retry `{action.name}` cannot help: what the request lacks would lack again")
        return False
    if wait > budgets.longest_wait:
        budgets.spent.add(action.name)
        notes.append(
            f"{_not_made(action.name)}it would wait {wait:g} s, and the longest wait is "
            f"{budgets.longest_wait:g} s: raise it with `--max-wait`"
        )
        return False
    return True


def _wait_before(action: FailureAction, scope: Scope, now: float) -> float:
    # "if an HTTP Retry-After response header was returned to a step from a targeted operation, then it SHOULD
    # overrule this particular field value"
    asked = _retry_after(scope.response, now)
    # no clock counts beyond a year, and a document may write any number
    return asked if asked is not None else float(min(action.retry_after or 0.0, 31_536_000))


def _retry_after(response: Response | None, now: float) -> float | None:
    value = None if response is None else header(response.headers, "retry-after")
    if value is None:
        return None
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - 10 ms that only a Retry-After header needs

    # RFC 9110, section 10.2.3: "Retry-After = HTTP-date / delay-seconds"
    if value.strip().isascii() and value.strip().isdecimal():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now)
