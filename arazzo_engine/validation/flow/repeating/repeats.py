"""A request that is sent again and again by a loop or a retry, though each time does again what it did before.

Decides which requests come again unchanged after they have done what they were for: the step has succeeded, or its
answer only says that something is not done yet. What is sent again because it failed is meant so, and is let be; so is
a loop that nothing leads out of, which is told as that.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import In, Operation
from arazzo_engine.apis.idempotency import IDEMPOTENT_METHODS, idempotency_headers, is_key
from arazzo_engine.apis.linking.reach import Reach
from arazzo_engine.apis.linking.uses import Moment, uses_in_step
from arazzo_engine.diagnostics import Related, diagnose
from arazzo_engine.language.conditions.condition import LiteralValue, comparisons_in
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.templates import Literal, ObjectTemplate
from arazzo_engine.validation.flow.repeating.polls import may_have_succeeded, waits_for_body
from arazzo_engine.words import State, is_of_reading, states_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.objects import Action, Criterion
    from arazzo_engine.validation.flow.paths import Paths, Way


class _Turn(Struct, frozen=True):
    """A way from one visit of a step to another."""

    visit: int
    target: int
    way: Way


def repeated_requests(paths: Paths) -> Iterator[Diagnostic]:
    """Yield a warning for each request that is sent again unchanged, and is not idempotent."""
    unsafe = {index for index, step in enumerate(paths.workflow.steps) if _acts(step)}
    if not unsafe or not any(step.actions for step in paths.workflow.steps):
        return
    turns = [turn for visit in sorted(paths.reached) for turn in _turns(paths, visit)]
    following: dict[int, list[int]] = {}
    for turn in turns:
        following.setdefault(turn.visit, []).append(turn.target)
        following.setdefault(turn.target, [])
    for circle in Reach({visit: tuple(each) for visit, each in following.items()}).circles():
        members = frozenset(circle)
        inside = [turn for turn in turns if {turn.visit, turn.target} <= members]
        if any(each.way.is_retry for each in inside) or _leads_out(paths, members):
            yield from _told(paths, inside, sorted({visit % paths.count for visit in members} & unsafe))


def _acts(step: LinkedStep) -> bool:
    """Whether the request of a step does something each time that it is sent, as far as anybody says."""
    target = step.target
    if not isinstance(target, Operation) or step.idempotent is not None:
        return isinstance(target, Operation) and step.idempotent is False
    return target.method.upper() not in IDEMPOTENT_METHODS and not _only_reads(target) and not _sets_key(step)


def _only_reads(operation: Operation) -> bool:
    """Whether an operation only reads whatever its method, by its name or by the end of its path."""
    last = operation.path.rstrip("/").rpartition("/")[2]
    return is_of_reading(operation.operation_id or "") or is_of_reading(last)


def _sets_key(step: LinkedStep) -> bool:
    body = None if step.step.request_body is None else step.step.request_body.payload
    names = [each.name for each in step.parameters if each.location == In.HEADER]
    match body:
        case ObjectTemplate(members=members):
            names += members
        case Literal(value=dict() as value):
            names += value
        case _:
            pass
    return any(map(is_key, names))


def _turns(paths: Paths, visit: int) -> Iterator[_Turn]:
    """Yield the ways on from a visit after which nothing need be done again: by a success, or to ask once more."""
    step = paths.step(visit)
    for way in paths.ways[visit]:
        if way.action is not None and _says_failed(way.action.criteria):
            continue
        if not way.succeeded and not _waits(step, way.action):
            continue
        if way.first is not None:
            yield _Turn(visit, way.first, way)
            yield _Turn(way.first, visit, way)
        elif way.target is not None and not (way.is_retry and _gets_key(step)):
            yield _Turn(visit, way.target, way)


def _gets_key(step: LinkedStep) -> bool:
    """Whether each attempt of a step is sent with the same key."""
    return isinstance(step.target, Operation) and any(True for _ in idempotency_headers(step.target))


def _waits(step: LinkedStep, action: Action | None) -> bool:
    """Whether a step failed only since something is not done yet."""
    if action is None:
        return False
    if not _acts(step):
        return waits_for_body(step, action)
    # of an answer that refuses the request nothing is known but what it says
    is_said = _says(action.criteria, State.NOT_YET, State.DONE) or _says(step.step.success_criteria, State.DONE)
    return is_said and may_have_succeeded(step, action)


def _says_failed(criteria: Sequence[Criterion]) -> bool:
    return _says(criteria, State.FAILED)


def _says(criteria: Sequence[Criterion], is_state: State, is_not: State | None = None) -> bool:
    """Whether criteria ask that something is in a state, or that it is not in another one."""
    for criterion in criteria:
        for comparison in () if criterion.simple is None else comparisons_in(criterion.simple.node):
            wanted = {"==": is_state, "!=": is_not}.get(comparison.operator)
            texts = (each.value for each in (comparison.left, comparison.right) if isinstance(each, LiteralValue))
            if any(isinstance(each, str) and wanted in states_in(each) for each in texts):
                return True
    return False


def _leads_out(paths: Paths, members: frozenset[int]) -> bool:
    """Whether anything but a failure that nothing is said about leads out of a circle: of another one, that is told."""
    ways = (way for visit in members for way in paths.ways[visit] if way.target not in members)
    return any(way.succeeded or way.action is not None for way in ways)


def _told(paths: Paths, inside: Sequence[_Turn], unsafe: Sequence[int]) -> Iterator[Diagnostic]:
    names = {paths.step(turn.visit).step.step_id for turn in inside}
    back = _leading_back([turn for turn in inside if turn.way.action is not None], unsafe, paths.count)
    for index in unsafe:
        step, turn = paths.workflow.steps[index], back.get(index)
        if turn is not None and turn.way.action is not None and not changes(step, names):
            yield _repeated(step, paths.step(turn.visit), turn.way.action)


def _leading_back(turns: Sequence[_Turn], unsafe: Sequence[int], count: int) -> dict[int, _Turn]:
    """Return the last turn that leads from behind each step to it, or to one before it."""
    found: dict[int, _Turn] = {}
    left = sorted(unsafe)
    for turn in reversed(turns):
        between = slice(bisect_left(left, turn.target % count), bisect_right(left, turn.visit % count))
        found.update(dict.fromkeys(left[between], turn))
        del left[between]
    return found


def changes(step: LinkedStep, names: set[str]) -> bool:
    """Whether the request of a step can be another one when the steps of some names have been run again."""
    readings = (each for use in uses_in_step(step) if use.moment is Moment.REQUEST for each in use.readings)
    return any(
        each.root is not Root.INPUTS and (each.root is not Root.STEPS or each.names[0] in names) for each in readings
    )


def _repeated(step: LinkedStep, chooser: LinkedStep, action: Action) -> Diagnostic:
    name, other = step.step.step_id, chooser.step.step_id
    where = "" if name == other else f" of step `{other}`"
    message = f"step `{name}` sends the same request again whenever action `{action.name}`{where} is chosen"
    ask = (
        "ask what became of it in a step of its own"
        if name == other
        else f"lead `{action.name}` to a step behind `{name}`"
    )
    fix = f"{ask}, or give the request an idempotency key; `x-arazzo-engine-idempotent: true` says that it does no harm"
    related = [] if name == other else [Related("the request", step.step.at.child("stepId"))]
    return diagnose("request-repeated", message, action.at.child("name").location(), fix=fix, related=related)
