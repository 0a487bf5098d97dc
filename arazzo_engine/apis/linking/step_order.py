"""The order in which the steps of a workflow run, and which steps each of them needs to have completed.

Decides the order from what is declared and what is referred to, before a run; where ``goto`` leads is not known here.
Whether the needs can be met at all is for the checks to say.
"""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from arazzo_engine.apis.linking.uses import Moment, uses_in_step
from arazzo_engine.language.expressions.grammar import Root

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.apis.linking.linked import LinkedStep, WorkflowKey


def order_steps(steps: Sequence[LinkedStep], key: WorkflowKey) -> tuple[LinkedStep, ...]:
    """Return the steps of a workflow in the order they run.

    As written when none has ``dependsOn``; else the step written first among those whose needs are met comes next.
    Needs that go round in a circle leave the steps as written: the checks refuse them.
    """
    if not any(linked.depends_on for linked in steps):
        return tuple(steps)
    indexes = {linked.step.step_id: index for index, linked in enumerate(steps)}
    # "Tools supporting only sequential execution MUST execute steps in an order that satisfies both explicit
    # (`dependsOn`) and implicit (output reference) dependencies."
    sorter = TopologicalSorter(
        {
            index: [indexes[each] for each in needs_within(linked, key) if each in indexes]
            for index, linked in enumerate(steps)
        }
    )
    try:
        sorter.prepare()
    except CycleError:
        return tuple(steps)
    ready: list[int] = []
    ordered = []
    while sorter.is_active():
        for index in sorter.get_ready():
            heappush(ready, index)
        first = heappop(ready)
        sorter.done(first)
        ordered.append(steps[first])
    return tuple(ordered)


def needs_within(linked: LinkedStep, key: WorkflowKey) -> tuple[str, ...]:
    """Return the other steps of the same workflow that must have completed before the step runs."""
    declared = [each.key.step_id for each in linked.depends_on if each.key.workflow == key]
    return tuple(dict.fromkeys((*declared, *_referred_to(linked))))


def _referred_to(linked: LinkedStep) -> list[str]:
    # "Tools MUST also treat runtime expression output references (e.g., `$steps.stepId.outputs.field`) as implicit
    # dependencies and ensure the referenced step completes before the referencing step executes."
    # An action is looked at when the step has completed, and may refer to the step itself
    return [
        expression.names[0]
        for use in uses_in_step(linked)
        if use.moment is not Moment.ACTION
        for expression in use.readings
        if expression.root is Root.STEPS and expression.names[0] != linked.step.step_id
    ]
