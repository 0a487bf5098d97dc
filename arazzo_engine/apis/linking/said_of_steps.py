"""What is said of steps beside the specification, by the user or by the document: of their security, and of repeating.

Decides which steps are meant, and which word counts. A description that names security once for all its operations
names it for those, too, that give the first token: such a step is said to need no credential. A request that does no
harm when it is sent again, or does, whatever its method says, is said to be idempotent, or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.linking.step_names import step_of_option
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.values import ABSENT, as_mapping
from arazzo_engine.language.templates import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow, Target
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.objects import Step

_IDEMPOTENT: Final = "x-arazzo-engine-idempotent"
_ASSUMED: Final = "--assume-idempotent"
_NONE: Final = "none"


def as_said(step: Step, target: Target, problems: list[Diagnostic]) -> Target:
    """Return what a step calls, without its security when the step says so; what is wrong with that is noted."""
    said = as_mapping(value_at(step.at)).get(OPEN, ABSENT)
    if said is ABSENT:
        return target
    at = step.at.child(OPEN).location()
    if said != _NONE:
        problems.append(diagnose("field-value", f"`{OPEN}` must be `{_NONE}`", at, fix=f"write `{_NONE}`"))
    elif step.workflow_id is not None:
        message = f"step `{step.step_id}` calls a workflow, whose own steps say what they need"
        problems.append(diagnose("field-ignored", message, at, fix=f"move `{OPEN}` to the step that sends"))
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


def idempotence_of(step: Step, target: Target, problems: list[Diagnostic]) -> bool | None:
    """Return what is said of a step, ``None`` when nothing is; what is wrong with that is noted."""
    own = _said_at(step.at, problems)
    return _said_at(target.at, problems) if own is None and isinstance(target, Operation) else own


def _said_at(at: Place, problems: list[Diagnostic]) -> bool | None:
    said = as_mapping(value_at(at)).get(_IDEMPOTENT)
    if said is None or isinstance(said, bool):
        return said
    message = f"`{_IDEMPOTENT}` must be `true` or `false`"
    problems.append(diagnose("field-value", message, at.child(_IDEMPOTENT).location(), fix="write `true` or `false`"))
    return None


def assume_idempotent(linked: LinkedDescription, names: Iterable[str]) -> LinkedDescription:
    """Return the same where the requests of these steps, ``[workflow.]step``, may be sent again.

    Raises ``ArazzoError`` (``option-invalid``) for a name that no step of the document has, or several have.
    """
    assumed = {step_of_option(linked, name, _ASSUMED) for name in names}
    if not assumed:
        return linked
    return replace(linked, workflows={key: _assumed(each, assumed) for key, each in linked.workflows.items()})


def _assumed(workflow: LinkedWorkflow, names: set[str]) -> LinkedWorkflow:
    def step(each: LinkedStep) -> LinkedStep:
        is_meant = f"{workflow.key.workflow_id}.{each.step.step_id}" in names
        return replace(each, idempotent=True) if is_meant else each

    return replace(workflow, steps=tuple(map(step, workflow.steps)))
