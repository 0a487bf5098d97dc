"""What the engine does not run yet: refused before the first request, never skipped.

Each function yields ``unsupported-feature`` for one kind of thing. A feature that is built leaves this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.language.objects import Language
from arazzo_engine.language.templates import ArrayTemplate, ObjectTemplate, Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.objects import Criterion
    from arazzo_engine.language.templates import Template


def check_supported(workflow: LinkedWorkflow, _linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each thing in a workflow that the engine does not run."""
    for step in workflow.steps:
        yield from _check_criteria(step)
        yield from _check_step(step)
    for template in (workflow.workflow.outputs or {}).values():
        yield from _check_template(template)


def _check_criteria(linked: LinkedStep) -> Iterator[Diagnostic]:
    actions = linked.actions
    criteria: tuple[Criterion, ...] = (
        *linked.step.success_criteria,
        *(criterion for action in actions for criterion in action.criteria),
    )
    for criterion in criteria:
        if criterion.type.type is Language.XPATH or criterion.type.version.startswith("draft"):
            yield _unsupported(f"criteria of type `{criterion.type.type}` are not run yet", criterion.at.child("type"))


def _check_step(linked: LinkedStep) -> Iterator[Diagnostic]:
    step = linked.step
    body = step.request_body
    if body is not None and body.replacements:
        yield _unsupported("payload replacements are not run yet", body.at.child("replacements"))
    actions = linked.actions
    templates = [parameter.value for parameter in linked.parameters]
    templates += [parameter.value for action in actions for parameter in action.parameters]
    templates += [] if body is None or body.payload is None else [body.payload]
    templates += (step.outputs or {}).values()
    for template in templates:
        yield from _check_template(template)


def _check_template(template: Template) -> Iterator[Diagnostic]:
    match template:
        case Selector():
            yield _unsupported("Selector Objects are not run yet", template.at)
        case ObjectTemplate():
            for member in template.members.values():
                yield from _check_template(member)
        case ArrayTemplate():
            for element in template.elements:
                yield from _check_template(element)
        case _:
            pass


def _unsupported(message: str, at: Place) -> Diagnostic:
    return diagnose("unsupported-feature", message, at.location())
