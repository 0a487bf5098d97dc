"""A ring of workflows that call each other, in which every way comes to the next call before it can end.

Decides it from the ways through all workflows at once. An end by criteria, by ``goto`` or by an action is a way out,
and nothing is told then. A failure that nothing is said about is none: every workflow of the ring fails with it.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.apis.linking.reach import Reach, walk
from arazzo_engine.diagnostics import Related, diagnose
from arazzo_engine.language.objects import ActionType

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Place
    from arazzo_engine.validation.flow.paths import Paths, Way

# of a longer ring, a person reads no more
_MOST_SHOWN: Final = 8


class _Link(Struct, frozen=True):
    """What leads from a workflow to another one: a call of a step, or an action by which the other takes its place."""

    target: WorkflowKey
    at: Place
    name: str
    is_call: bool


def check_rings(workflows: Mapping[WorkflowKey, Paths]) -> Iterator[Diagnostic]:
    """Yield an error for each ring of calls that nothing leads out of."""
    links = {key: tuple(_links(paths)) for key, paths in workflows.items()}
    suspects = {key for circle in Reach(_targets(links)).circles() for key in circle if workflows[key].is_sure}
    bound = _bound(workflows, suspects)
    within = {key: tuple(each for each in links[key] if each.target in bound) for key in links if key in bound}
    for circle in Reach(_targets(within)).circles():
        # a ring without a call is a loop of steps, which is told as one
        if any(link.is_call and link.target in circle for key in circle for link in within[key]):
            # the failure may be what ends it, where the one who calls it goes on from there
            is_awaited = any(_awaits_failure(paths, circle) for key, paths in workflows.items() if key not in circle)
            problem = _endless(_ring(circle, within))
            yield problem.as_warning() if is_awaited else problem


def _links(paths: Paths) -> Iterator[_Link]:
    visits = [visit for visit in sorted(paths.reached) if visit < paths.count]
    for visit in visits:
        step = paths.step(visit)
        if (target := _callee(step)) is not None:
            yield _Link(target, step.step.at.child("workflowId"), f"step `{step.step.step_id}`", is_call=True)
    for way in (way for visit in visits for way in paths.ways[visit]):
        if way.transfer is not None and way.action is not None:
            at, name = way.action.at.child("workflowId"), f"action `{way.action.name}`"
            yield _Link(way.transfer, at, name, is_call=False)


def _targets(links: Mapping[WorkflowKey, tuple[_Link, ...]]) -> dict[WorkflowKey, tuple[WorkflowKey, ...]]:
    return {key: tuple(dict.fromkeys(link.target for link in each)) for key, each in links.items()}


def _bound(workflows: Mapping[WorkflowKey, Paths], suspects: set[WorkflowKey]) -> set[WorkflowKey]:
    """Return the workflows of which every way comes to a call of another one of them."""
    bound = set(suspects)
    while free := {key for key in bound if _has_way_out(workflows[key], bound)}:
        bound -= free
    return bound


def _has_way_out(paths: Paths, bound: Collection[WorkflowKey]) -> bool:
    leading = {visit: _leading(paths, visit, bound) for visit in range(paths.count)}
    visits = walk([0], lambda visit: [way.target for way in leading[visit] if way.target is not None])
    return any(way.ends and way.transfer not in bound for visit in visits for way in leading[visit])


def _leading(paths: Paths, visit: int, bound: Collection[WorkflowKey]) -> list[Way]:
    """Return the ways that lead on from a step, but for those of a failure that nothing is said about."""
    ways = [way for way in paths.ways[visit] if not way.is_retry and (way.succeeded or way.action is not None)]
    # a call that never comes back never succeeds
    is_bound = _callee(paths.step(visit)) in bound
    return [way for way in ways if not (way.succeeded and is_bound)]


def _callee(step: LinkedStep) -> WorkflowKey | None:
    # of a step that also names an operation nobody knows which of the two is meant
    is_call = step.step.operation_id is None and step.step.operation_path is None
    return step.target if is_call and isinstance(step.target, WorkflowKey) else None


def _ring(circle: list[WorkflowKey], links: Mapping[WorkflowKey, tuple[_Link, ...]]) -> dict[WorkflowKey, _Link]:
    """Return the workflows of a circle in the order in which one leads to the next, each with what leads on."""
    ring: dict[WorkflowKey, _Link] = {}
    key = circle[0]
    while key not in ring:
        ring[key] = next(link for link in links[key] if link.target in circle)
        key = ring[key].target
    following = list(ring)
    return {each: ring[each] for each in following[following.index(key) :]}


def _awaits_failure(paths: Paths, ring: Collection[WorkflowKey]) -> bool:
    calling = (step for step in paths.workflow.steps if _callee(step) in ring)
    return any(action.type is not ActionType.RETRY for step in calling for action in step.on_failure)


def _endless(ring: Mapping[WorkflowKey, _Link]) -> Diagnostic:
    names = list(_names(ring))
    shown = [*(f"`{each}`" for each in names[:_MOST_SHOWN]), *(["…"] if names[_MOST_SHOWN:] else [])]
    way = " → ".join([*shown, shown[0]])
    message = f"{'the workflows call each other' if names[1:] else 'the workflow calls itself'} without end: {way}"
    fix = (
        "remove one of the calls, or give a step before one an action that ends its workflow when all is done"
        if names[1:]
        else "remove the call, or give a step before it an action that ends the workflow when all is done"
    )
    (first, *others) = ring.values()
    related = [
        Related(f"{link.name} of `{name}` goes on in the ring", link.at)
        for name, link in islice(zip(names[1:], others, strict=True), _MOST_SHOWN - 1)
    ]
    return diagnose("endless-calls", message, first.at.location(), fix=fix, related=related)


def _names(keys: Iterable[WorkflowKey]) -> Iterator[str]:
    """Yield the names of workflows, with those of their documents where they stand in several."""
    named = list(keys)
    is_one = len({key.document_uri for key in named}) == 1
    for key in named:
        yield key.workflow_id if is_one else f"{key.workflow_id} ({key.document_uri.rpartition('/')[2]})"
