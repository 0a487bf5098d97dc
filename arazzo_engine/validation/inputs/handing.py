"""The inputs that a workflow takes for others: those of the workflows to which it hands its own inputs on.

Decides which names those are, and which are missing for what it depends on: that, and what an action leads to,
gets those of its caller's inputs that it takes. What a step passes to the workflow that it calls is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from msgspec.structs import replace

from arazzo_engine.apis.linking.reach import walk
from arazzo_engine.diagnostics import ArazzoError, Diagnostic
from arazzo_engine.validation.inputs.given import GivenInputs, check_inputs
from arazzo_engine.validation.inputs.schemas import declared_inputs
from arazzo_engine.validation.inputs.whole_schemas import inputs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow, WorkflowKey
    from arazzo_engine.language.expressions.scope import Values

# while a document is in use, and no longer
_TAKEN: Final[WeakKeyDictionary[LinkedDescription, dict[WorkflowKey, frozenset[str]]]] = WeakKeyDictionary()


def takers_of(linked: LinkedDescription, workflow: LinkedWorkflow) -> tuple[LinkedWorkflow, ...]:
    """Return the workflow, then those to which it hands its inputs on, by one another, each once."""
    keys = walk([workflow.key], lambda key: _led_to(linked, key))
    return tuple(linked.workflows[key] for key in keys if key in linked.workflows)


def taken_inputs(linked: LinkedDescription, workflow: LinkedWorkflow) -> frozenset[str]:
    """Return the names of the inputs that a workflow takes: its own, and those that it only hands on.

    A schema that allows no others hands on nothing that it does not declare.
    """
    known = _TAKEN.setdefault(linked, {})
    if workflow.key not in known:
        is_closed = inputs_of(workflow).is_closed
        takers = (workflow,) if is_closed else takers_of(linked, workflow)
        known[workflow.key] = frozenset(name for taker in takers for name in declared_inputs(taker))
    return known[workflow.key]


def handed_on(linked: LinkedDescription, called: LinkedWorkflow, inputs: Values) -> Values:
    """Return those of a caller's inputs that a workflow takes."""
    names = taken_inputs(linked, called)
    return {name: value for name, value in inputs.items() if name in names}


def check_dependencies(
    linked: LinkedDescription, workflow: LinkedWorkflow, given: GivenInputs, running: Iterable[WorkflowKey]
) -> Iterator[Diagnostic]:
    """Yield which inputs are missing that what a workflow depends on requires.

    ``running`` are the workflows that the run starts itself, with inputs of their own.
    """
    waiting = [(workflow, given)]
    seen = set(running)
    while waiting:
        depending, own = waiting.pop()
        for named in depending.workflow.depends_on:
            key = depending.references.get(named)
            if key is None or key in seen:
                continue
            seen.add(key)
            called = linked.workflows[key]
            shared = own.only(taken_inputs(linked, called))
            try:
                waiting.append((called, replace(shared, values=check_inputs(called, shared))))
            except ArazzoError as error:
                # what does not fit fails the dependency, and with it the workflow
                yield from (each for each in error.diagnostics if each.code == "input-missing")


def _led_to(linked: LinkedDescription, key: WorkflowKey) -> Iterator[WorkflowKey]:
    workflow = linked.workflows.get(key)
    if workflow is None or inputs_of(workflow).is_closed:
        return
    actions = (action.workflow_id for step in workflow.steps for action in step.actions)
    for named in (*workflow.workflow.depends_on, *actions):
        target = workflow.references.get(named or "")
        if target is not None:
            yield target
