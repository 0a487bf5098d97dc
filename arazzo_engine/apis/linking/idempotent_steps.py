"""Steps whose requests may be sent again, or may not, whatever their methods say: as the document or the user says.

Decides which steps are meant, and which word counts: that of the step comes before that of its operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.linking.step_names import sending_step
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.values import as_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow, Target
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.objects import Step

EXTENSION: Final = "x-arazzo-engine-idempotent"
_OPTION: Final = "--assume-idempotent"


def idempotence_of(step: Step, target: Target, problems: list[Diagnostic]) -> bool | None:
    """Return what is said of a step, ``None`` when nothing is; what is wrong with that is noted."""
    own = _said_at(step.at, problems)
    return _said_at(target.at, problems) if own is None and isinstance(target, Operation) else own


def _said_at(at: Place, problems: list[Diagnostic]) -> bool | None:
    said = as_mapping(value_at(at)).get(EXTENSION)
    if said is None or isinstance(said, bool):
        return said
    message = f"`{EXTENSION}` must be `true` or `false`"
    problems.append(diagnose("field-value", message, at.child(EXTENSION).location(), fix="write `true` or `false`"))
    return None


def assume_idempotent(linked: LinkedDescription, names: Iterable[str]) -> LinkedDescription:
    """Return the same where the requests of these steps, ``[workflow.]step``, may be sent again.

    Raises ``ArazzoError`` (``option-invalid``) for a name that no step of the document has, or several have.
    """
    assumed = {sending_step(linked, name, _OPTION) for name in names}
    if not assumed:
        return linked
    return replace(linked, workflows={key: _assumed(each, assumed) for key, each in linked.workflows.items()})


def _assumed(workflow: LinkedWorkflow, names: set[str]) -> LinkedWorkflow:
    def step(each: LinkedStep) -> LinkedStep:
        is_meant = f"{workflow.key.workflow_id}.{each.step.step_id}" in names
        return replace(each, idempotent=True) if is_meant else each

    return replace(workflow, steps=tuple(map(step, workflow.steps)))
