"""Which steps a step or an action cannot do without: those whose outputs it reads before it can succeed or be chosen.

Decides it from what is read. Whether the steps have run is not known here.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.linking.uses import Moment
from arazzo_engine.language.conditions.condition import And, Comparison, Not, Or, Reference
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.validation.flow.paths import Paths
from arazzo_engine.validation.flow.runs import Runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.linking.uses import Use
    from arazzo_engine.language.conditions.condition import Node
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.objects import Criterion

_OF_THE_STEP: Final = frozenset({Moment.REQUEST, Moment.ANSWER})


def runs_of(workflow: LinkedWorkflow, uses: Iterable[Use]) -> Runs:
    """Return what has run before what in a workflow, as far as its uses of outputs ask for it."""
    paths = Paths(workflow)
    if not paths.has_jumps:
        return Runs(paths, {}, {}, {})
    needed = {index: {*_depends_on(step, workflow)} for index, step in enumerate(workflow.steps)}
    asked: set[int] = set().union(*needed.values())
    for use in uses:
        named = set(_steps_in(use.readings, workflow))
        asked |= named
        if use.step is not None and use.moment is Moment.REQUEST:
            needed[workflow.indexes[use.step.step.step_id]] |= named
    for index, step in enumerate(workflow.steps):
        needed[index].update(_read_by(step.step.success_criteria, workflow))
    bits = {index: 1 << number for number, index in enumerate(sorted(asked))}
    guards = {
        id(action): _as_bits(set(_read_by(action.criteria, workflow)), bits)
        for step in workflow.steps
        for action in step.actions
        if action.criteria
    }
    return Runs(paths, bits, {index: _as_bits(each, bits) for index, each in needed.items() if each}, guards)


def reads_of(uses: Iterable[Use], workflow: LinkedWorkflow) -> Mapping[int, set[int]]:
    """Return the steps that each step reads, before it sends or of what has come."""
    read: dict[int, set[int]] = {}
    for use in uses:
        if use.step is not None and use.moment in _OF_THE_STEP and not use.comes_later:
            read.setdefault(workflow.indexes[use.step.step.step_id], set()).update(_steps_in(use.readings, workflow))
    return read


def _as_bits(steps: Iterable[int], bits: Mapping[int, int]) -> int:
    # most sets have one step, whose number is then not made anew
    found = [bits[each] for each in steps if each in bits]
    return found[0] if len(found) == 1 else reduce(or_, found, 0)


def _depends_on(step: LinkedStep, workflow: LinkedWorkflow) -> Iterator[int]:
    named = (each.key.step_id for each in step.depends_on if each.key.workflow == workflow.key)
    return (workflow.indexes[each] for each in named if each in workflow.indexes)


def _steps_in(readings: Iterable[RuntimeExpression], workflow: LinkedWorkflow) -> Iterator[int]:
    named = (each.names[0] for each in readings if each.root is Root.STEPS)
    return (workflow.indexes[each] for each in named if each in workflow.indexes)


def _read_by(criteria: Iterable[Criterion], workflow: LinkedWorkflow) -> Iterator[int]:
    """Yield the steps whose outputs are read whenever criteria hold: of what has not run, none holds."""
    for criterion in criteria:
        if criterion.context is not None:
            yield from _steps_in((criterion.context,), workflow)
        for reference in () if criterion.simple is None else _always_read(criterion.simple.node):
            yield from _steps_in((expression for expression, _ in reference.readings), workflow)


def _always_read(node: Node) -> Iterator[Reference]:
    waiting = [node]
    while waiting:
        match waiting.pop():
            case Reference() as reference:
                yield reference
            case Comparison(left=left, right=right):
                waiting += (left, right)
            case Not(operand=operand):
                waiting.append(operand)
            case And(operands=operands):
                waiting.extend(operands)
            case Or(operands=operands):
                # the others are read only when the first does not hold
                waiting.append(operands[0])
            case _:
                pass
