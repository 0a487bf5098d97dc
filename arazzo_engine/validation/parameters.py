"""Each parameter of a step that calls an operation says where it stands, and those of a workflow have a step to be for.

Decides nothing where the operation has one place for the name, which linking takes. Whether an operation knows a
parameter is decided elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.operations import In, Operation
from arazzo_engine.apis.descriptions.paths import placeholder_of, placeholders
from arazzo_engine.apis.linking.linked import Unresolved, WorkflowKey
from arazzo_engine.apis.linking.merging import gives_value
from arazzo_engine.apis.linking.uses import uses_in_step
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose, did_you_mean
from arazzo_engine.documents.json.writing import json_text
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.templates import Literal
from arazzo_engine.secret_names import is_secret_member
from arazzo_engine.validation.inputs.schemas import declared_inputs
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import Parameter

_LEFT_OUT: Final = "a parameter of the workflow is for the steps behind the one that gives it"


def check_locations(workflow: LinkedWorkflow, _linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each parameter that lacks its location, and for each that no operation has a place for."""
    yield from _check_places(workflow)
    yield from _check_givers(workflow)
    inputs = _meant_as_inputs(workflow)
    yield from _as_inputs(workflow, inputs)
    lacking: dict[Place, list[tuple[LinkedStep, Parameter]]] = {}
    for step in workflow.steps:
        for parameter in step.parameters if _may_send(step) else ():
            # "In all other scenarios (e.g., a step specifies an `operationId`), the `in` field MUST be specified."
            if parameter.location is None and not _says_where(parameter) and parameter not in inputs:
                lacking.setdefault(parameter.at, []).append((step, parameter))
    yield from map(_without_place, lacking.values())


def _may_send(step: LinkedStep) -> bool:
    """Whether a step calls an operation, and not a workflow, which nobody has found yet."""
    is_unknown = isinstance(step.target, Unresolved) and step.step.workflow_id is None
    return isinstance(step.target, Operation) or is_unknown


def _without_place(found: list[tuple[LinkedStep, Parameter]]) -> Diagnostic:
    """Return that a parameter has no `in`, once for all the steps that it is of."""
    step, parameter = found[0]
    message = f"parameter `{parameter.name}` has no `in`"
    if parameter not in step.step.parameters:
        steps = listed([each.step.step_id for each, _ in found])
        called = f"step {steps} calls an operation" if len(found) == 1 else f"steps {steps} call operations"
        message = f"parameter `{parameter.name}` of the workflow has no `in`, and {called}"
    related = (Related("the step", step.step.at.child("stepId")),)
    fix = "add `in`: path, query, header or cookie"
    return diagnose("parameter-location", message, parameter.at.location(), fix=fix, related=related)


def _meant_as_inputs(workflow: LinkedWorkflow) -> tuple[Parameter, ...]:
    """Return the workflow's parameters that are written as its inputs are: with a value, without a place, and read.

    What a workflow that a step calls is given stands there, too: where one does, nobody knows which is meant.
    """
    if any(isinstance(step.target, WorkflowKey) or step.step.workflow_id is not None for step in workflow.steps):
        return ()
    placeless = (each for each in workflow.workflow.parameters if each.location is None and not _says_where(each))
    read = declared_inputs(workflow)
    return tuple(each for each in placeless if each.name in read and isinstance(each.value, Literal))


def _as_inputs(workflow: LinkedWorkflow, parameters: tuple[Parameter, ...]) -> Iterator[Diagnostic]:
    """Tell of parameters that are inputs; a warning where each step has one place for each, and it is sent there.

    What is sent is told by that alone, unless something reads the input as well.
    """
    given = {each.name: each.value.value for each in parameters if isinstance(each.value, Literal)}
    sent = (each for step in workflow.steps for each in step.parameters if each.name in given)
    is_sent = all(each.location is not None for each in sent)
    read = _inputs_read(workflow) if is_sent else frozenset(given)
    values = {name: value for name, value in given.items() if name in read}
    if not values:
        return
    one, many = ("parameter", "has", "it as an input", "its"), ("parameters", "have", "them as inputs", "their")
    noun, have, them, whose = one if len(values) == 1 else many
    message = f"{noun} {listed(values)} of the workflow {have} no `in`, and its steps read {them}"
    fix = f"{_inputs_to_write(workflow, values)} in {whose} place"
    first = next(each for each in parameters if each.name in values)
    problem = diagnose("parameter-location", message, first.at.location(), fix=fix)
    yield problem.as_warning() if is_sent else problem


def _inputs_read(workflow: LinkedWorkflow) -> frozenset[str]:
    """Return the inputs that the steps read; that a workflow declares one says nothing of its parameter."""
    readings = (each for step in workflow.steps for use in uses_in_step(step) for each in use.readings)
    return frozenset(each.names[0] for each in readings if each.root is Root.INPUTS)


def _inputs_to_write(workflow: LinkedWorkflow, values: Mapping[str, JsonValue]) -> str:
    """Return what to write for inputs that have these values unless others are given; a secret is to be given."""
    defaults = {name: f"default: {json_text(value)}" for name, value in values.items() if not is_secret_member(name)}
    schemas = [f"{name}: {{{defaults.get(name, '')}}}" for name in values]
    # those that it only uses are declared for it as it is read, and have no line
    if workflow.workflow.at.child("inputs").lines() is None:
        return f"write `inputs: {{type: object, properties: {{{', '.join(schemas)}}}}}`"
    return f"have {listed(schemas)} in the `properties` of `inputs`"


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


def _check_givers(workflow: LinkedWorkflow) -> Iterator[Diagnostic]:
    """Yield a warning for each parameter of the workflow that is left out of the step that gives its value."""
    for parameter in workflow.workflow.parameters:
        taken = {each.step.step_id: _has(each, parameter) for each in workflow.steps}
        takers = [step_id for step_id, is_taken in taken.items() if is_taken]
        steps = f"step{'s' if len(takers) > 1 else ''} {listed(takers)}"
        fix = f"write it among the `parameters` of {steps} alone" if takers else "remove the parameter"
        for step in workflow.steps:
            if gives_value(step.step, parameter) and _is_left_out(parameter, step):
                name, related = step.step.step_id, (Related("the step", step.step.at.child("stepId")),)
                message = f"parameter `{parameter.name}` of the workflow is left out of step `{name}`, which gives it"
                yield diagnose("repaired", message, parameter.at.location(), fix=fix, related=related, kind=_LEFT_OUT)


def _has(step: LinkedStep, parameter: Parameter) -> bool:
    return any(each.at == parameter.at for each in step.parameters)


def _is_left_out(parameter: Parameter, step: LinkedStep) -> bool:
    """Whether a parameter that is in no path is not sent by a step, which has none of its own in its place."""
    same = ((each.name, each.location) == (parameter.name, parameter.location) for each in step.parameters)
    return isinstance(step.target, Operation) and parameter.location != In.PATH and not any(same)
