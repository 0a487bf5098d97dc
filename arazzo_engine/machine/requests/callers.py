"""What is to be written, or given, so that a workflow gets an input which a request of it needs.

Decides by who called it: a run is given inputs by a person, a workflow that a step calls by the `parameters` of that
step alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import Related
from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.templates import expressions_in
from arazzo_engine.validation.inputs.schemas import declared_inputs
from arazzo_engine.validation.workflow_calls import entry_handing_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.expressions.scope import Values

GIVE: Final = "give the input"


class Caller(Struct, frozen=True):
    """The step that calls a workflow, with the inputs of its own and who has called that one."""

    step: LinkedStep
    workflow: LinkedWorkflow
    inputs: Values
    above: Caller | None = None

    @property
    def related(self) -> Related:
        """Where the workflow is called."""
        return Related("it is called here", self.step.step.at.child("workflowId"))


def as_called(problem: Diagnostic, name: str, caller: Caller | None) -> Diagnostic:
    """Return what is told of an input that a request needs, with what the one who ``caller`` is has to do."""
    if caller is None:
        return problem
    fix = _fix_giving(name, caller) + problem.fix.removeprefix(GIVE)
    return replace(problem, fix=fix, related=(*problem.related, caller.related))


def lacked(problem: Diagnostic, absent: Iterable[str], caller: Caller) -> Diagnostic:
    """Return what is told of a called workflow that requires one of the ``absent`` inputs, and how it gets it."""
    if problem.code != "input-missing" or problem.fix.startswith("rename "):
        return problem
    name = next((each for each in absent if problem.message.startswith(f"input `{each}` is missing")), None)
    return problem if name is None else as_called(replace(problem, fix=GIVE), name, caller)


def _fix_giving(name: str, caller: Caller | None) -> str:
    """Return how a workflow that ``caller`` has called, or a person has started, is given an input."""
    if caller is None:
        return GIVE
    passed = next((each for each in caller.step.parameters if each.name == name), None)
    if passed is None:
        entry = entry_handing_on(name, declared_inputs(caller.workflow))
        owner = f" of workflow `{caller.workflow.key.workflow_id}`" if caller.above is not None else ""
        add = f"add {entry} to the `parameters` of step `{caller.step.step.step_id}`{owner}"
        is_to_give = name in declared_inputs(caller.workflow) and name not in caller.inputs
        return f"{add}, and {_fix_giving(name, caller.above)}" if is_to_give else add
    read = [each.expression for each in expressions_in(passed.value) if each.expression.root is Root.INPUTS]
    absent = next((each.names[0] for each in read if each.names[0] not in caller.inputs), None)
    if absent is not None and caller.above is not None:
        return _fix_giving(absent, caller.above)
    # of an input that is given, it is the part that is handed on which is not
    wanted = absent or next(
        (f"$inputs.{each.names[0]}#{render_pointer(each.pointer)}" for each in read if each.pointer), None
    )
    return GIVE if wanted is None else f"give `{wanted}`, which step `{caller.step.step.step_id}` hands on"
