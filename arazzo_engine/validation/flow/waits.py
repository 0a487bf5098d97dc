"""A retry that waits longer than a run does at most, and so is never made, and a step that waits for hardly any answer.

Decides it from what the document writes: what an answer asks for with `Retry-After` is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import diagnose
from arazzo_engine.language.objects import ActionType, FailureAction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.validation.flow.paths import Paths

_MILLISECONDS: Final = 1000
# few answers over a network come within it, and many write as many seconds
_SHORT: Final = 100
# no run waits beyond a year, whatever a document writes
_YEAR: Final = 31_536_000.0


def overlong_waits(workflows: Iterable[LinkedWorkflow], longest: float) -> Iterator[Diagnostic]:
    """Yield a warning for each retry that waits longer than ``longest``, in seconds."""
    # one that several steps share is told once
    actions = {id(action): action for each in workflows for step in each.steps for action in step.on_failure}
    for action in actions.values():
        if action.type is ActionType.RETRY and action.retry_limit != 0 and (action.retry_after or 0) > longest:
            yield _overlong(action, action.retry_after or 0, longest)


def _overlong(action: FailureAction, wait: float, longest: float) -> Diagnostic:
    message = (
        f"retry `{action.name}` waits {wait:.15g} s, and a run waits at most {longest:.15g} s, so it is never made"
    )
    seconds = wait / _MILLISECONDS
    # "A non-negative decimal indicating the seconds to delay"
    is_of_milliseconds = wait >= _MILLISECONDS and seconds <= longest
    shorter = (
        f"`retryAfter: {seconds:.15g}`, if milliseconds are meant" if is_of_milliseconds else f"at most {longest:.15g}"
    )
    at = action.at.child("retryAfter").location()
    return diagnose(
        "retry-too-long", message, at, fix=f"write {shorter}, or allow it with `--max-wait {min(wait, _YEAR):.15g}`"
    )


def short_timeouts(paths: Paths) -> Iterator[Diagnostic]:
    """Yield a warning for each step whose timeout is as many milliseconds as others write seconds."""
    for linked in paths.workflow.steps:
        timeout = linked.step.timeout
        if timeout is not None and 0 < timeout < _SHORT:
            step = f"step `{linked.step.step_id}`"
            message = f"`timeout: {timeout}` of {step} is {timeout} ms, and hardly any answer comes so soon"
            fix = f"write `timeout: {timeout * _MILLISECONDS}`, if seconds are meant"
            yield diagnose("timeout-short", message, linked.step.at.child("timeout").location(), fix=fix)
