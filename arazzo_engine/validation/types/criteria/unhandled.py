"""A value that an answer may have, that no action of its step handles, and that goes on as another one is told to.

Decides it where each action on success asks for values of one and the same part, which the description lists, and one
of them leads to the step that follows anyway: who says so of one value hardly means it of one that is not named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.apis.schemas.alternatives import all_values
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.apis.schemas.statuses import is_status
from arazzo_engine.diagnostics import Related, diagnose
from arazzo_engine.language.conditions.comparison import equals
from arazzo_engine.language.conditions.condition import (
    Comparison,
    LiteralValue,
    Not,
    Reference,
    comparisons_in,
    nodes_in,
)
from arazzo_engine.language.conditions.judgements import write_literal
from arazzo_engine.validation.flow.choices import is_readable
from arazzo_engine.validation.types.reading import meant_reading
from arazzo_engine.validation.types.yields import Seen
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.conditions.condition import Node
    from arazzo_engine.language.objects import SuccessAction
    from arazzo_engine.validation.types.yields import Yields


class _Branch(Struct, frozen=True):
    """An action that is chosen for some values of a part."""

    action: SuccessAction
    of: Reference
    values: tuple[JsonValue, ...]


def check_unhandled(workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a warning where a value that the description lists goes on as another one, and nobody says so."""
    for step, following in zip(workflow.steps, workflow.steps[1:], strict=False):
        branches = _branches(step)
        name = following.step.step_id
        on = next((each for each in branches if each.action.step_id == name), None)
        if on is not None and _lead_apart(branches) and not _is_judged(step, on.of):
            rest = _unhandled(branches, step, workflow, yields)
            if rest:
                yield _told(step, on, rest)


def _branches(step: LinkedStep) -> list[_Branch]:
    """Return the actions on success when each of them is chosen for values of one and the same part, else none."""
    found = [] if "onSuccess" in step.unread else [_branch(each) for each in step.on_success]
    branches = [each for each in found if each is not None]
    is_one = len(branches) == len(found) and len({each.of.text for each in branches}) == 1
    return branches if is_one else []


def _branch(action: SuccessAction) -> _Branch | None:
    parts: list[Reference] = []
    values = []
    nodes = [each.simple.node for each in action.criteria if each.simple is not None]
    if not is_readable(action) or len(nodes) < len(action.criteria) or any(map(_denies, nodes)):
        return None
    for node in nodes:
        for comparison in comparisons_in(node):
            match comparison:
                case Comparison(left=left) if is_status(left):
                    continue
                case Comparison(operator="==", left=Reference() as part, right=LiteralValue(value=value)):
                    parts.append(part)
                    values.append(value)
                case _:
                    return None
    return _Branch(action, parts[0], tuple(values)) if len({each.text for each in parts}) == 1 else None


def _denies(node: Node) -> bool:
    return any(isinstance(each, Not) for each in nodes_in(node))


def _lead_apart(branches: Sequence[_Branch]) -> bool:
    actions = [each.action for each in branches]
    return len({(each.type, each.step_id, each.workflow_id) for each in actions}) > 1


def _is_judged(step: LinkedStep, of: Reference) -> bool:
    """Whether the step may have failed for the value: its own criteria ask for it, or in a way that nobody knows."""
    name = of.text.replace("#", "/").replace(".", "/").rpartition("/")[2]
    return any(each.simple is None or name in each.condition for each in step.step.success_criteria)


def _unhandled(
    branches: Sequence[_Branch], step: LinkedStep, workflow: LinkedWorkflow, yields: Yields
) -> list[JsonValue]:
    of = branches[0].of
    readings = [expression for expression, _ in of.readings]
    index = 0 if len(readings) == 1 else meant_reading(readings, workflow, step, yields.linked)
    if index is None:
        return []
    expression, accessors = of.readings[index]
    known = follow(yields.of(expression, Seen(workflow).after(step)), accessors, yields.schemas).known
    handled = [value for each in branches for value in each.values]
    values = (all_values(known) if known else None) or ()
    return [each for each in values if each is not None and not any(equals(each, other) for other in handled)]


def _told(step: LinkedStep, on: _Branch, rest: Sequence[JsonValue]) -> Diagnostic:
    shown = [write_literal(each) for each in rest if not isinstance(each, dict | list)]
    part, name = on.of.text, on.action.name
    is_one = len(shown) == 1
    message = (
        f"{listed(shown)} of `{part}` {'is' if is_one else 'are'} handled by no action of step `{step.step.step_id}`,"
        f" and {'goes' if is_one else 'go'} on to step `{on.action.step_id}`, as action `{name}` does"
    )
    it = " || ".join(f"{part} == {each}" for each in shown)
    fix = f"add an action for {'it' if is_one else 'them'}, or add `|| {it}` to the criterion of the one that is meant"
    related = [Related(f"`{name}` leads there", on.action.at.child("name"))]
    at = on.action.at.child("criteria").location()
    return diagnose("value-unhandled", message, at, fix=fix, related=related)
