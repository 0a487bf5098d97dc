"""Where the run can go: the targets of actions exist, and no workflow waits for itself.

Workflow references are resolved by linking, which notes those that lead nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import Diagnostic, diagnose, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linked import LinkedDescription, LinkedWorkflow, WorkflowKey


def check_targets(workflow: LinkedWorkflow, _linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each ``goto`` or ``retry`` whose step does not exist."""
    ids = [step.step_id for step in workflow.workflow.steps]
    for step in workflow.steps:
        for action in step.actions:
            if action.step_id is not None and action.step_id not in ids:
                # "The `stepId` to transfer to upon success of the step" "MUST be within the current workflow"
                owner = workflow.key.workflow_id
                message = (
                    f"action `{action.name}` names step `{action.step_id}`, which workflow `{owner}` does not have"
                )
                fix = did_you_mean(action.step_id, ids) or f"use one of {', '.join(f'`{each}`' for each in ids)}"
                yield diagnose("unknown-step", message, action.at.child("stepId").location(), fix=fix)


def check_dependencies(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic when a workflow depends, through others, on itself."""
    for index, reference in enumerate(workflow.workflow.depends_on):
        first = workflow.references.get(reference)
        if first is not None and workflow.key in _dependencies(first, linked):
            at = workflow.workflow.at.child("dependsOn", index)
            message = f"workflow `{workflow.key.workflow_id}` depends on `{reference}`, which depends on it"
            yield diagnose("dependency-cycle", message, at.location(), fix="remove one of the dependencies")


def _dependencies(key: WorkflowKey, linked: LinkedDescription) -> set[WorkflowKey]:
    """Return the workflow and everything it depends on."""
    found: set[WorkflowKey] = set()
    waiting = [key]
    while waiting:
        workflow = linked.workflows.get(waiting.pop())
        if workflow is not None and workflow.key not in found:
            found.add(workflow.key)
            waiting.extend(
                workflow.references[each] for each in workflow.workflow.depends_on if each in workflow.references
            )
    return found
