"""Steps that are said to need no credential, by the user or by the document: a login, of which a description says so.

Decides which steps are meant. A description that names security once for all its operations names it for those, too,
that give the first token; what is said of a step here is said of that step alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.linking.step_names import step_of_option
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.values import ABSENT, as_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    opened = {step_of_option(linked, name, "--no-auth") for name in names}
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
