"""Where the run can go: the targets of actions exist, and no workflow or step waits for itself.

References to workflows, and to steps of other ones, are resolved by linking, which notes those that lead nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.linking.linked import StepKey
from arazzo_engine.apis.linking.reach import Reach
from arazzo_engine.apis.linking.step_order import needs_within
from arazzo_engine.diagnostics import Diagnostic, diagnose, did_you_mean
from arazzo_engine.language.declarations import like_step, workflow_of_step
from arazzo_engine.vocabulary import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow, StepDependency
    from arazzo_engine.diagnostics import Location
    from arazzo_engine.language.objects import ArazzoDescription


_STEP_ORDER: Final = "Arazzo 1.1.0, Step Dependencies and Execution Order"


def check_targets(workflow: LinkedWorkflow, _linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each ``goto`` or ``retry`` whose step does not exist."""
    ids = workflow.workflow.step_ids
    for step in workflow.steps:
        for action in step.actions:
            # one that could not be read, or has no id of its own, may be the one; that is noted already
            if action.step_id is not None and action.step_id not in ids and workflow.workflow.are_steps_known:
                # "The `stepId` to transfer to upon success of the step" "MUST be within the current workflow"
                owner = workflow.key.workflow_id
                message = (
                    f"action `{action.name}` names step `{action.step_id}`, which workflow `{owner}` does not have"
                )
                fix = _of_another(workflow.description, action.step_id)
                fix = fix or did_you_mean(action.step_id, ids) or any_of("use {}", ids, otherwise="remove it")
                at, related = action.at.child("stepId").location(), like_step(workflow.workflow, action.step_id)
                yield diagnose("unknown-step", message, at, fix=fix, related=related)


def _of_another(description: ArazzoDescription, name: str) -> str:
    """Return the fix where an action names a workflow as a step, or a step of another workflow."""
    if name in description.workflow_ids:
        return f"`{name}` is a workflow: write `workflowId: {name}`"
    owner = workflow_of_step(description, name)
    if owner is None:
        return ""
    return f"`{name}` is a step of workflow `{owner}`, which an action leads to as a whole: `workflowId: {owner}`"


def check_order(workflow: LinkedWorkflow, _linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a warning for each step that runs before one that is written before it.

    "For workflows containing only synchronous steps, the RECOMMENDED approach is to order steps sequentially in the
    steps array without using `dependsOn`."
    """
    written = {step.step_id: index for index, step in enumerate(workflow.workflow.steps)}
    for index, linked in enumerate(workflow.steps):
        reader = linked.step.step_id
        for other in needs_within(linked, workflow.key):
            # steps that wait for each other in a circle stay as they are written, which is noted already
            if workflow.indexes.get(other, index) < index and written[other] > written[reader]:
                message = f"step `{other}` runs before step `{reader}`, which depends on it and is written before it"
                at, fix = _dependence(linked, other), f"write step `{other}` before step `{reader}`"
                yield diagnose("step-before-its-place", message, at, fix=fix)


def _dependence(linked: LinkedStep, other: str) -> Location:
    declared = (each.reference.at for each in linked.depends_on if each.key.step_id == other)
    return next(declared, linked.step.at.child("stepId")).location()


def check_dependencies(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic when a workflow that this one depends on comes back to this one.

    However it comes back, by a dependency, a call or a ``goto``: the one would wait for itself, or run twice.
    """
    for index, reference in enumerate(workflow.workflow.depends_on):
        first = workflow.references.get(reference)
        if first is not None and linked.leads_back(workflow.key, first):
            at = workflow.workflow.at.child("dependsOn", index)
            message = f"workflow `{workflow.key.workflow_id}` depends on `{reference}`, which leads back to it"
            yield diagnose("dependency-cycle", message, at.location(), fix="remove one of the dependencies")


def check_step_dependencies(linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each ``dependsOn`` of a step that can never be met, in whichever workflow."""
    needs = Reach(dict(_needs(linked)))
    for workflow in linked.workflows.values():
        for step in workflow.steps if needs.ways else ():
            own = StepKey(workflow.key, step.step.step_id)
            for dependency in step.depends_on:
                yield from _check_dependency(own, dependency, needs, linked)


def _check_dependency(
    own: StepKey, dependency: StepDependency, needs: Reach[StepKey], linked: LinkedDescription
) -> Iterator[Diagnostic]:
    needed, text, at = dependency.key, dependency.reference.text, dependency.reference.at
    if needs.leads_back(own, needed):
        message = f"step `{own.step_id}` depends on `{text}`, which depends on it"
        fix = "remove one of the dependencies"
        yield diagnose("dependency-cycle", message, at.location(), fix=fix, clause=_STEP_ORDER)
    elif needed.workflow not in linked.workflows:
        # "`dependsOn` [...] does not trigger execution of the referenced steps"
        message = f"`{text}` cannot have completed: nothing here runs `{needed.workflow.workflow_id}`"
        fix = f"call workflow `{needed.workflow.workflow_id}` in a step, or list it in the workflow's `dependsOn`"
        yield diagnose("forward-reference", message, at.location(), fix=fix)


def _needs(linked: LinkedDescription) -> Iterator[tuple[StepKey, tuple[StepKey, ...]]]:
    """Yield each step with those that must have completed before it; nothing when no step has ``dependsOn``."""
    if not any(step.depends_on for workflow in linked.workflows.values() for step in workflow.steps):
        return
    for key, workflow in linked.workflows.items():
        for step in workflow.steps:
            declared = [dependency.key for dependency in step.depends_on]
            referred = [StepKey(key, other) for other in needs_within(step, key)]
            yield StepKey(key, step.step.step_id), tuple(dict.fromkeys((*declared, *referred)))
