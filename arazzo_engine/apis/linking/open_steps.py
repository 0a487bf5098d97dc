"""Steps that are said to need no credential, by the user or by the document: a login, of which a description says so.

Decides which steps are meant. A description that names security once for all its operations names it for those, too,
that give the first token; what is said of a step here is said of that step alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.values import ABSENT, as_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow, Target
    from arazzo_engine.language.objects import Step

EXTENSION: Final = "x-arazzo-engine-security"
_NONE: Final = "none"


def as_said(step: Step, target: Target, problems: list[Diagnostic]) -> Target:
    """Return what a step calls, without its security when the step says so; what is wrong with that is noted."""
    said = as_mapping(value_at(step.at)).get(EXTENSION, ABSENT)
    if said is ABSENT:
        return target
    at = step.at.child(EXTENSION).location()
    if said != _NONE:
        problems.append(diagnose("field-value", f"`{EXTENSION}` must be `{_NONE}`", at, fix=f"write `{_NONE}`"))
    elif step.workflow_id is not None:
        message = f"step `{step.step_id}` calls a workflow, whose own steps say what they need"
        problems.append(diagnose("field-ignored", message, at, fix=f"move `{EXTENSION}` to the step that sends"))
    return replace(target, is_open=True) if isinstance(target, Operation) else target


def open_steps(linked: LinkedDescription, names: Iterable[str]) -> LinkedDescription:
    """Return the same with the steps of these names, ``[workflow.]step``, in need of no credential.

    Raises ``ArazzoError`` (``option-invalid``) for a name that no step of the document has, or several have.
    """
    opened = {each for name in names for each in _meant(linked, name)}
    if not opened:
        return linked
    workflows = {key: _opened(workflow, opened) for key, workflow in linked.workflows.items()}
    return replace(linked, workflows=workflows)


def _opened(workflow: LinkedWorkflow, opened: set[str]) -> LinkedWorkflow:
    steps = tuple(
        replace(step, target=replace(step.target, is_open=True))
        if isinstance(step.target, Operation) and f"{workflow.key.workflow_id}.{step.step.step_id}" in opened
        else step
        for step in workflow.steps
    )
    return workflow if steps == workflow.steps else replace(workflow, steps=steps)


def _meant(linked: LinkedDescription, name: str) -> Iterator[str]:
    """Yield the full name of the step that a name means; one of a workflow that is not run is no mistake."""
    steps = dict(_steps(linked))
    found = [name] if name in steps else [full for full, step in steps.items() if step.step_id == name]
    if len(found) > 1:
        listed = " and ".join(f"`{each}`" for each in found)
        message = f"`--no-auth {name}` stands for more than one step: {listed}"
        raise ArazzoError(diagnose("option-invalid", message, fix="say which one, or name each of them"))
    if not found:
        message = f"`--no-auth` names step `{name}`, which the document does not have"
        known = [*steps, *dict.fromkeys(step.step_id for step in steps.values())]
        raise ArazzoError(diagnose("option-invalid", message, fix=did_you_mean(name, known)))
    if steps[found[0]].workflow_id is not None:
        message = f"`--no-auth {name}` names a step that calls a workflow, and sends nothing itself"
        raise ArazzoError(diagnose("option-invalid", message, fix="name the steps of that workflow"))
    yield found[0]


def _steps(linked: LinkedDescription) -> Iterator[tuple[str, Step]]:
    workflows = [*linked.entry.workflows, *(each.workflow for each in linked.workflows.values())]
    for workflow in workflows:
        for step in workflow.steps:
            yield f"{workflow.workflow_id}.{step.step_id}", step
