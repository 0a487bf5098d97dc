"""The steps that made a run end as it did, and why each of them failed, in one line.

Decides which step is the cause; how it is shown is decided beside this file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.reporting.ending.criteria import in_words
from arazzo_engine.reporting.outcomes import RunStatus, StepStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from arazzo_engine.reporting.step_report import StepReport


def failed_steps(status: RunStatus, steps: Sequence[StepReport]) -> tuple[StepReport, ...]:
    """Return the steps that made a run fail, the innermost first: a step, and the steps that called its workflow."""
    chain: list[StepReport] = []
    if status is RunStatus.SUCCEEDED:
        return ()
    for step in (each for each in reversed(steps) if not is_unsent(each)):
        is_cause = not chain or (step.depth == chain[-1].depth + 1 and chain[-1].request is None)
        if step.status is StepStatus.FAILED and is_cause:
            chain.append(step)
        elif not chain or step.depth <= chain[-1].depth:
            break
    return tuple(reversed(chain))


def is_unsent(step: StepReport) -> bool:
    """Whether the run ended before the step sent anything: nothing came of it, so it is no reason for anything."""
    return step.action is None and step.request is None and not step.diagnostics


def never_left(step: StepReport) -> bool:
    """Whether a request was made and surely not sent."""
    return isinstance(step.response, NoResponse) and not step.response.sent


def count_of_requests(steps: Iterable[StepReport]) -> int:
    """Return how many requests were sent, as far as anybody knows."""
    return sum(step.sent_before + (step.request is not None and not never_left(step)) for step in steps)


def reason_of(step: StepReport) -> str:
    """Return why an attempt failed, in one line that is not masked yet."""
    if step.diagnostics:
        return step.diagnostics[0].message
    if isinstance(step.response, NoResponse):
        return step.response.reason
    failed = [each for each in step.criteria if not each.passed]
    if failed:
        return in_words(failed[0])
    return step.notes[0] if step.notes else "it failed"
