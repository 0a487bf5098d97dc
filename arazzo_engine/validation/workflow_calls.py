"""Workflows that are called by steps, transferred to by actions, or depended on get the inputs they require.

Decides by name: whether a value fits the schema is known when the workflow is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.diagnostics import Diagnostic, diagnose, did_you_mean
from arazzo_engine.validation.inputs.schemas import declared_inputs, is_open, required_inputs
from arazzo_engine.validation.inputs.whole_schemas import inputs_of
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.objects import Parameter


def check_calls(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each input that a called workflow requires and is not given, or does not know."""
    shared = declared_inputs(workflow)
    for step in workflow.steps:
        if isinstance(step.target, WorkflowKey):
            called = linked.workflows[step.target]
            given = {each.name for each in step.parameters}
            if "parameters" not in step.unread:
                yield from _check_missing(called, given, step.step.at.child("workflowId"))
            yield from _check_unknown(called, step.step.parameters)
        for action in step.actions:
            target = workflow.references.get(action.workflow_id or "")
            if target is not None:
                given = {each.name for each in action.parameters}
                if not action.unread:
                    at = action.at.child("workflowId")
                    yield from _check_missing(linked.workflows[target], given | shared, at, workflow)
                yield from _check_unknown(linked.workflows[target], action.parameters)
    for index, reference in enumerate(workflow.workflow.depends_on):
        if reference in workflow.references:
            at = workflow.workflow.at.child("dependsOn", index)
            yield from _check_dependency(linked.workflows[workflow.references[reference]], at, workflow, linked)


def _check_dependency(
    called: LinkedWorkflow, at: Place, workflow: LinkedWorkflow, linked: LinkedDescription
) -> Iterator[Diagnostic]:
    """Yield a warning for inputs that whoever starts the run must give, or an error where nobody could give them."""
    shared = declared_inputs(workflow)
    missing = sorted(required_inputs(called) - shared)
    if inputs_of(workflow).is_closed or _is_called(workflow, linked):
        yield from _check_missing(called, shared, at, workflow)
    elif missing:
        own, names = workflow.key.workflow_id, listed(missing)
        message = (
            f"workflow `{called.key.workflow_id}` requires {names}, which `{own}` does not declare:"
            f" it is taken from what is given to `{own}`"
        )
        fix = f"declare {names} in the `inputs` of workflow `{own}`"
        yield diagnose("input-of-dependency", message, at.location(), fix=fix)


def _is_called(workflow: LinkedWorkflow, linked: LinkedDescription) -> bool:
    """Whether a step or an action of any workflow calls this one: it gives what it passes, and nothing else."""
    return any(
        step.target == workflow.key
        or any(each.references.get(action.workflow_id or "") == workflow.key for action in step.actions)
        for each in linked.workflows.values()
        for step in each.steps
    )


def _check_missing(
    called: LinkedWorkflow, given: set[str] | frozenset[str], at: Place, sharing: LinkedWorkflow | None = None
) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each input that is not given; ``sharing`` is the workflow that hands on its own."""
    for name in sorted(required_inputs(called) - given):
        message = f"workflow `{called.key.workflow_id}` requires input `{name}`, which is not given here"
        yield diagnose("input-not-passed", message, at.location(), fix=_way_to_give(name, at, sharing))


def _way_to_give(name: str, at: Place, sharing: LinkedWorkflow | None) -> str:
    declaring = f"declare `{name}` in the `inputs` of workflow `{sharing.key.workflow_id}`" if sharing else ""
    # what is depended on has no parameters
    adding = "" if "dependsOn" in at.pointer else f"add `{name}` to the `parameters`"
    return ", or ".join(filter(None, (adding, declaring)))


def _check_unknown(called: LinkedWorkflow, parameters: tuple[Parameter, ...]) -> Iterator[Diagnostic]:
    declared = declared_inputs(called)
    for parameter in parameters:
        if parameter.name not in declared and not is_open(called):
            message = f"workflow `{called.key.workflow_id}` has no input `{parameter.name}`"
            meant = did_you_mean(parameter.name, inputs_of(called).names)
            fix = meant or "remove it, or declare it in that workflow's `inputs`"
            yield diagnose("input-unknown", message, parameter.at.child("name").location(), fix=fix)
