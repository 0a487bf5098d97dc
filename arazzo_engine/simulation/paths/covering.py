"""What a walk has shown, as it is told: shares of steps, actions and criteria, and what was missed with its place.

Decides the words for what was missed, and why. What is looked for, and in which order, is decided by the walk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.apis.linking.linked import StepKey, WorkflowKey
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.reporting.outcomes import StepStatus
from arazzo_engine.simulation.paths.aims import Aim, Kind, actions_of
from arazzo_engine.simulation.paths.coverage import Coverage, Missed, Path, PathStep, Share
from arazzo_engine.simulation.paths.ways import criterion_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.reporting.step_report import StepReport
    from arazzo_engine.simulation.paths.walk import Walk


def coverage_of(workflow_id: str, walk: Walk, reports: Sequence[RunReport]) -> Coverage:
    """Return what the runs of a walk showed."""
    left = {aim: _why(walk, aim) for aims in walk.open.values() for aim in aims}
    missed = {**walk.missed, **left}
    return Coverage(
        workflow_id,
        tuple(map(path_of, reports)),
        Share(len(walk.reached), len(walk.steps)),
        _share_of_actions(walk, missed),
        _share(walk, missed, lambda aim: aim.is_of_criterion),
        tuple(_all_missed(walk, missed)),
        walk.limit,
    )


def path_of(report: RunReport) -> Path:
    """Return the path that a run took."""
    return Path(report.status, tuple(map(_path_step, report.steps)))


def _share(walk: Walk, missed: dict[Aim, str], counts: Callable[[Aim], bool]) -> Share:
    shown = sum(map(counts, walk.shown))
    return Share(shown, shown + sum(map(counts, missed)))


def _share_of_actions(walk: Walk, missed: dict[Aim, str]) -> Share:
    """Return the share of the actions, and of what follows where no action is taken."""
    share = _share(walk, missed, lambda aim: not aim.is_of_criterion)
    without = _share(walk, missed, lambda aim: aim.kind is Kind.DEFAULT)
    return replace(share, note=f", {without.total} of them going on or ending without one" if without.total else "")


def _why_not_reached(walk: Walk) -> str:
    return "the search ended before" if walk.limit else "no run came to it"


def _why(walk: Walk, aim: Aim) -> str:
    if walk.limit:
        return "the search ended before"
    if isinstance(walk.steps[aim.step].target, WorkflowKey):
        return "the workflow that the step calls never ended so that it was"
    return "no run that came to the step led there"


def _all_missed(walk: Walk, missed: dict[Aim, str]) -> Iterator[Missed]:
    """Yield what was missed, by step; of one that no run came to, no more than that."""
    by_step: dict[StepKey, list[Aim]] = {}
    for aim in missed:
        by_step.setdefault(aim.step, []).append(aim)
    for key, step in walk.steps.items():
        if key not in walk.reached:
            at = step.step.at.child("stepId").location()
            yield Missed(f"step `{key.step_id}`", _why_not_reached(walk), at)
        else:
            yield from (_missed(aim, missed[aim], step) for aim in by_step.get(key, ()))


def _missed(aim: Aim, why: str, step: LinkedStep) -> Missed:
    who = f"step `{aim.step.step_id}`"
    if aim.is_of_criterion:
        criterion = criterion_of(step, aim)
        return Missed(f"{who}: `{criterion.condition}` {aim.kind}", why, criterion.at.location())
    if aim.kind is Kind.DEFAULT:
        what = "success without an action" if aim.is_success else "failure without an action"
        return Missed(f"{who}: {what}", why, step.step.at.child("stepId").location())
    action = actions_of(step, aim)[aim.index]
    what = f"action `{action.name}`" + (" used up" if aim.kind is Kind.USED_UP else "")
    return Missed(f"{who}: {what}", why, action.at.location())


def _path_step(report: StepReport) -> PathStep:
    came = "" if report.response is None else getattr(report.response, "reason", "")
    if isinstance(report.response, Response):
        came = str(report.response.status)
    action = report.action
    taken = "" if action is None or not action.name else " ".join(filter(None, (action.type, action.target)))
    return PathStep(
        report.workflow_id,
        report.step_id,
        report.attempt,
        report.depth,
        report.status is StepStatus.SUCCEEDED,
        came,
        taken,
    )
