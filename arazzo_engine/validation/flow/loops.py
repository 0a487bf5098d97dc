"""A loop that nothing leads out of: steps that follow each other again and again, also through other workflows.

Decides it from the ways through all workflows at once. A loop that some criteria lead out of may still never end, and
one that only a failure leads out of is told as a warning. The turns of a ``retry`` are counted, and are no loop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from arazzo_engine.apis.linking.reach import Reach
from arazzo_engine.diagnostics import diagnose
from arazzo_engine.language.objects import SuccessAction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.linking.linked import WorkflowKey
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.objects import Action
    from arazzo_engine.validation.flow.paths import Paths, Way

_Visit: TypeAlias = "tuple[WorkflowKey, int]"


class _Turn(Struct, frozen=True):
    """A way from one visit to another, or out of everything when ``target`` is ``None``."""

    visit: _Visit
    target: _Visit | None
    way: Way


def check_loops(workflows: Mapping[WorkflowKey, Paths]) -> Iterator[Diagnostic]:
    """Yield what is wrong with each loop: that nothing leads out of it, or nothing but a failure."""
    if not any(paths.has_jumps or paths.workflow.transfers for paths in workflows.values()):
        return
    turns = {
        (key, visit): [_turn(key, visit, way) for way in paths.ways[visit] if not way.is_retry]
        for key, paths in workflows.items()
        for visit in sorted(paths.reached)
        if visit < paths.count
    }
    following = {
        visit: tuple(dict.fromkeys(turn.target for turn in each if turn.target is not None))
        for visit, each in turns.items()
    }
    for circle in Reach(following).circles():
        members = set(circle)
        inside = [turn for visit in circle for turn in turns[visit] if turn.target in members]
        outside = [turn for visit in circle for turn in turns[visit] if turn.target not in members]
        if inside and not any(turn.way.succeeded or turn.way.action is not None for turn in outside):
            # what leads outside is the failure of a step that nothing is said about
            problem = _endless(workflows, inside, "only a failure leads" if outside else "nothing leads")
            yield problem.as_warning() if outside else problem


def _turn(key: WorkflowKey, visit: int, way: Way) -> _Turn:
    # "A one-way transfer of workflow control": the other workflow begins with its first step
    target = (way.transfer, 0) if way.transfer is not None else None if way.target is None else (key, way.target)
    return _Turn((key, visit), target, way)


def _endless(workflows: Mapping[WorkflowKey, Paths], inside: list[_Turn], what: str) -> Diagnostic:
    turn = next((each for each in reversed(inside) if _leads_back(each)), inside[-1])
    action = turn.way.action
    message = f"{what} out of the loop {_told(workflows, turn)}"
    name = "" if action is None else f" `{action.name}`"
    fix = f"give action{name} criteria that no longer hold when the loop is done, or add an action of type `end`"
    step = workflows[turn.visit[0]].step(turn.visit[1]).step
    at = step.at.child("stepId") if action is None else action.at.child("name")
    return diagnose("endless-loop", message, at.location(), fix=fix)


def _leads_back(turn: _Turn) -> bool:
    way = turn.way
    return way.action is not None and (way.transfer is not None or (way.target or 0) <= turn.visit[1])


def _told(workflows: Mapping[WorkflowKey, Paths], turn: _Turn) -> str:
    step = _name(workflows, turn.visit)
    chosen = [] if turn.way.action is None else [_chosen(turn.way.action)]
    if turn.target is None or turn.way.transfer is not None:
        target = "" if turn.way.transfer is None else f"workflow `{turn.way.transfer.workflow_id}`"
        return " → ".join([f"`{step}`", *chosen, target])
    target = f"`{_name(workflows, turn.target)}`"
    gap = turn.visit[1] - turn.target[1]
    way = [target] if gap == 0 else [target, f"`{step}`"] if gap == 1 else [target, "…", f"`{step}`"]
    return " → ".join([*way, *chosen, target])


def _name(workflows: Mapping[WorkflowKey, Paths], visit: _Visit) -> str:
    return workflows[visit[0]].step(visit[1]).step.step_id


def _chosen(action: Action) -> str:
    return f"{'onSuccess' if isinstance(action, SuccessAction) else 'onFailure'} `{action.name}`"
