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


def shortest_name(linked: LinkedDescription, workflow_id: str, step_id: str) -> str:
    """Return the name of a step that nothing else has: its id, with that of its workflow where several have one."""
    names = {full for full, step in _steps(linked) if step.step_id == step_id}
    return step_id if len(names) == 1 else f"{workflow_id}.{step_id}"


class NoSuchStep(Exception):  # noqa: N818 - what is so of a name
    """A name stands for no step that sends a request: what is wrong with it, after the name, and how to fix it."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix


def sending_step(linked: LinkedDescription, name: str) -> str:
    """Return the full name of the step that a name means, and that sends a request; it need not be one that is run.

    Raises ``NoSuchStep``.
    """
    steps = dict(_steps(linked))
    found = [name] if name in steps else [full for full, step in steps.items() if step.step_id == name]
    if len(found) > 1:
        listed = " and ".join(f"`{each}`" for each in found)
        raise NoSuchStep(f"stands for more than one step: {listed}", "say which one, or name each of them")
    if not found:
        known = [*steps, *dict.fromkeys(step.step_id for step in steps.values())]
        fix = did_you_mean(name, known)
        raise NoSuchStep("names a step that the document does not have", fix)
    if steps[found[0]].workflow_id is not None:
        what = "names a step that calls a workflow, and sends nothing itself"
        raise NoSuchStep(what, "name the steps of that workflow")
    return found[0]


def step_of_option(linked: LinkedDescription, name: str, option: str) -> str:
    """Return the same for a name that stands in an option; raises ``ArazzoError`` (``option-invalid``)."""
    try:
        return sending_step(linked, name)
    except NoSuchStep as error:
        raise ArazzoError(diagnose("option-invalid", f"`{option} {name}` {error.what}", fix=error.fix)) from error


def _steps(linked: LinkedDescription) -> Iterator[tuple[str, Step]]:
    workflows = [*linked.entry.workflows, *(each.workflow for each in linked.workflows.values())]
    for workflow in workflows:
        for step in workflow.steps:
            yield f"{workflow.workflow_id}.{step.step_id}", step
