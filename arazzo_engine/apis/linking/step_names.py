"""The step that a user means by ``[workflow.]step``.

Decides it among all steps of the document and of those that it calls; what is then done with the step is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import ArazzoError, diagnose, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, StepKey
    from arazzo_engine.language.objects import Step


def full_name(key: StepKey) -> str:
    """Return the name of a step with that of its workflow."""
    return f"{key.workflow.workflow_id}.{key.step_id}"


def sending_step(linked: LinkedDescription, name: str, option: str) -> str:
    """Return the full name of the step that a name means, and that sends a request; it need not be one that is run.

    Raises ``ArazzoError`` (``option-invalid``) for a name that no step has, several have, or one that sends nothing.
    """
    steps = dict(_steps(linked))
    found = [name] if name in steps else [full for full, step in steps.items() if step.step_id == name]
    if len(found) > 1:
        listed = " and ".join(f"`{each}`" for each in found)
        message = f"`{option} {name}` stands for more than one step: {listed}"
        raise ArazzoError(diagnose("option-invalid", message, fix="say which one, or name each of them"))
    if not found:
        message = f"`{option}` names step `{name}`, which the document does not have"
        known = [*steps, *dict.fromkeys(step.step_id for step in steps.values())]
        raise ArazzoError(diagnose("option-invalid", message, fix=did_you_mean(name, known)))
    if steps[found[0]].workflow_id is not None:
        message = f"`{option} {name}` names a step that calls a workflow, and sends nothing itself"
        raise ArazzoError(diagnose("option-invalid", message, fix="name the steps of that workflow"))
    return found[0]


def _steps(linked: LinkedDescription) -> Iterator[tuple[str, Step]]:
    workflows = [*linked.entry.workflows, *(each.workflow for each in linked.workflows.values())]
    for workflow in workflows:
        for step in workflow.steps:
            yield f"{workflow.workflow_id}.{step.step_id}", step
