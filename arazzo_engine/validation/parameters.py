"""Each parameter of a step that calls an operation says where it stands, and those of a workflow have a step to be for.

Decides nothing where the operation has one place for the name, which linking takes. Whether an operation knows a
parameter is decided elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.apis.descriptions.operations import In, Operation
from arazzo_engine.apis.descriptions.paths import placeholder_of, placeholders
from arazzo_engine.apis.linking.linked import Unresolved
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.language.objects import Parameter


def check_locations(workflow: LinkedWorkflow, _linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each parameter that lacks its location, and for each that no operation has a place for."""
    yield from _check_places(workflow)
    for step in workflow.steps:
        for parameter in step.parameters if _may_send(step) else ():
            # "In all other scenarios (e.g., a step specifies an `operationId`), the `in` field MUST be specified."
            if parameter.location is None and not _says_where(parameter):
                yield _without_place(step, parameter)


def _may_send(step: LinkedStep) -> bool:
    """Whether a step calls an operation, and not a workflow, which nobody has found yet."""
    is_unknown = isinstance(step.target, Unresolved) and step.step.workflow_id is None
    return isinstance(step.target, Operation) or is_unknown


def _without_place(step: LinkedStep, parameter: Parameter) -> Diagnostic:
    message = f"parameter `{parameter.name}` has no `in`"
    if parameter not in step.step.parameters:
        called = f"step `{step.step.step_id}` calls an operation"
        message = f"parameter `{parameter.name}` of the workflow has no `in`, and {called}"
    related = (Related("the step", step.step.at.child("stepId")),)
    fix = "add `in`: path, query, header or cookie"
    return diagnose("parameter-location", message, parameter.at.location(), fix=fix, related=related)


def _says_where(parameter: Parameter) -> bool:
    """Whether a parameter has an `in`, which is noted already when it is no location."""
    written = parameter.at.document.content.at(parameter.at.pointer)
    return isinstance(written, dict) and "in" in written


def _check_places(workflow: LinkedWorkflow) -> Iterator[Diagnostic]:
    targets = [step.target for step in workflow.steps]
    if any(isinstance(target, Unresolved) for target in targets) or not targets:
        return
    names = [name for target in targets if isinstance(target, Operation) for name in placeholders(target.path)]
    for parameter in workflow.workflow.parameters:
        if parameter.location == In.PATH and placeholder_of(parameter.name, names) is None:
            message = f"no path that the workflow's steps call has the placeholder `{{{parameter.name}}}`"
            fix = did_you_mean(parameter.name, names) or "remove the parameter, or change its `in`"
            yield diagnose("path-parameter-mismatch", message, parameter.at.child("name").location(), fix=fix)
