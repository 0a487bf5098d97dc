"""Workflows that are called by steps, transferred to by actions, or depended on get the inputs they require.

Decides by name: whether a value fits the schema is known when the workflow is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from arazzo_engine.apis.descriptions.operations import In, Operation, parameter_key
from arazzo_engine.apis.linking.linked import WorkflowKey, content_type_of
from arazzo_engine.apis.schemas.parts import Parts, UnreadSchemaError
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose, did_you_mean
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression, ExpressionString
from arazzo_engine.language.templates import ObjectTemplate, expressions_in
from arazzo_engine.validation.inputs.schemas import declared_inputs, is_open, required_inputs
from arazzo_engine.validation.inputs.whole_schemas import inputs_of
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.objects import Parameter
    from arazzo_engine.language.templates import Template

# the workflows that are called, while a document is in use, and no longer
_CALLED: Final[WeakKeyDictionary[LinkedDescription, frozenset[WorkflowKey]]] = WeakKeyDictionary()


def check_calls(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each input that a called workflow requires and is not given, or does not know."""
    shared = declared_inputs(workflow)
    for step in workflow.steps:
        if isinstance(step.target, WorkflowKey):
            called = linked.workflows[step.target]
            given = {each.name for each in step.parameters}
            if "parameters" not in step.unread:
                yield from _check_missing(called, given, step.step.at.child("workflowId"), workflow)
                yield from _check_needed(called, step, shared, linked)
            yield from _check_unknown(called, step.step.parameters)
        for action in step.actions:
            target = workflow.references.get(action.workflow_id or "")
            if target is not None:
                given = {each.name for each in action.parameters}
                if not action.unread:
                    at = action.at.child("workflowId")
                    yield from _check_missing(linked.workflows[target], given | shared, at, workflow)
                yield from _check_unknown(linked.workflows[target], action.parameters)
    for index, reference in enumerate(workflow.workflow.depends_on):
        if reference in workflow.references:
            at = workflow.workflow.at.child("dependsOn", index)
            yield from _check_dependency(linked.workflows[workflow.references[reference]], at, workflow, linked)


def _check_dependency(
    called: LinkedWorkflow, at: Place, workflow: LinkedWorkflow, linked: LinkedDescription
) -> Iterator[Diagnostic]:
    """Yield a warning for inputs that whoever starts the run must give, or an error where nobody could give them."""
    shared = declared_inputs(workflow)
    missing = sorted(required_inputs(called) - shared)
    if inputs_of(workflow).is_closed or _is_called(workflow, linked):
        yield from _check_missing(called, shared, at, workflow)
    elif missing:
        own, names = workflow.key.workflow_id, listed(missing)
        message = (
            f"workflow `{called.key.workflow_id}` requires {names}, which `{own}` does not declare:"
            f" it is taken from what is given to `{own}`"
        )
        fix = f"declare {names} in the `inputs` of workflow `{own}`"
        yield diagnose("input-of-dependency", message, at.location(), fix=fix)


def _is_called(workflow: LinkedWorkflow, linked: LinkedDescription) -> bool:
    """Whether a step or an action of any workflow calls this one: it gives what it passes, and nothing else."""
    if linked not in _CALLED:
        _CALLED[linked] = frozenset(key for each in linked.workflows.values() for key in _called_by(each))
    return workflow.key in _CALLED[linked]


def _called_by(workflow: LinkedWorkflow) -> Iterator[WorkflowKey]:
    for step in workflow.steps:
        if isinstance(step.target, WorkflowKey):
            yield step.target
        targets = (workflow.references.get(action.workflow_id or "") for action in step.actions)
        yield from (each for each in targets if each is not None)


def _check_missing(
    called: LinkedWorkflow, given: set[str] | frozenset[str], at: Place, caller: LinkedWorkflow
) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each input that is not given where a workflow calls, transfers to, or depends on one."""
    for name in sorted(required_inputs(called) - given):
        message = f"workflow `{called.key.workflow_id}` requires input `{name}`, which is not given here"
        yield diagnose("input-not-passed", message, at.location(), fix=_way_to_give(name, at, caller))


def _check_needed(
    called: LinkedWorkflow, step: LinkedStep, shared: frozenset[str], linked: LinkedDescription
) -> Iterator[Diagnostic]:
    """Yield a warning for the inputs that are not given, may be left out, and make what a request cannot be without.

    What is certain is told alone: of the steps that run whenever the workflow does.
    """
    properties, given = inputs_of(called).properties, {each.name for each in step.parameters}
    absent = frozenset(
        name
        for name in inputs_of(called).declared - given - required_inputs(called)
        if "default" not in as_mapping(properties.get(name))
    )
    for sent in sure_steps(called) if absent else ():
        for what, names in _made_of(sent, absent, linked):
            shown = listed(sorted(names))
            message = f"workflow `{called.key.workflow_id}` gets no {shown}, of which its step makes {what}"
            written = ", ".join(entry_handing_on(each, shared) for each in sorted(names))
            at = step.step.at.child("workflowId").location()
            related = (Related("it is sent here", sent.step.at.child("stepId")),)
            fix = f"add {written} to the `parameters`"
            yield diagnose("input-not-passed", message, at, fix=fix, related=related).as_warning()


def sure_steps(called: LinkedWorkflow) -> Iterator[LinkedStep]:
    """Yield the steps of a workflow that run on every way that does not fail: none before them goes elsewhere."""
    for step in called.steps:
        yield step
        if step.on_success:
            return


def _made_of(
    step: LinkedStep, absent: frozenset[str], linked: LinkedDescription
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each part of a request that is required, and is made of inputs that are absent, with those."""
    operation, body = step.target, step.step.request_body
    if not isinstance(operation, Operation):
        return
    required = {parameter_key(each.name, each.location) for each in operation.parameters if each.required}
    for parameter in step.parameters:
        key = parameter_key(parameter.name, parameter.location or "")
        names = _absent_in(parameter.value, absent)
        if names and (key in required or parameter.location == In.PATH):
            yield f"parameter `{parameter.name}`", names
    described = operation.request_body
    if body is not None and body.payload is not None and described is not None and described.required:
        names = _absent_in_body(body.payload, absent, _required_members(step, body.payload, operation, linked))
        if names:
            yield "the request body", names


def _absent_in_body(payload: Template, absent: frozenset[str], required: frozenset[str]) -> frozenset[str]:
    """Return the absent inputs that a body is made of, if all of it is, or else those of its required members."""
    if not isinstance(payload, ObjectTemplate):
        return _absent_in(payload, absent) if isinstance(payload, Expression) else frozenset()
    found = {name: _absent_in(each, absent) for name, each in payload.members.items()}
    is_all = all(found.values())
    return frozenset(each for name, names in found.items() if is_all or name in required for each in names)


def _absent_in(template: Template, absent: frozenset[str]) -> frozenset[str]:
    """Return the inputs without which a value is left out: of an object or a list, only a part is."""
    if not isinstance(template, Expression | ExpressionString):
        return frozenset()
    read = (each.expression for each in expressions_in(template))
    return frozenset(each.names[0] for each in read if each.root is Root.INPUTS and each.names[0] in absent)


def _required_members(
    step: LinkedStep, payload: Template, operation: Operation, linked: LinkedDescription
) -> frozenset[str]:
    described = describe_body(content_type_of(step, operation, payload), operation)
    if described is None or described.schema is None:
        return frozenset()
    try:
        parts = tuple(Parts(linked.resolver).together(described.schema))
    except UnreadSchemaError:
        return frozenset()
    return frozenset(name for part in parts for name in as_list(as_mapping(part.value).get("required")))


def entry_handing_on(name: str, declared: frozenset[str]) -> str:
    """Return the entry of `parameters` that gives an input: the caller's own of that name, if it declares one."""
    return f"`{{name: {name}, value: {f'$inputs.{name}' if name in declared else '…'}}}`"


def _way_to_give(name: str, at: Place, caller: LinkedWorkflow) -> str:
    # a step hands on what it passes alone; what is depended on has no parameters
    is_step = at.pointer[-3:-2] == ("steps",)
    declaring = "" if is_step else f"declare `{name}` in the `inputs` of workflow `{caller.key.workflow_id}`"
    entry = entry_handing_on(name, declared_inputs(caller))
    adding = "" if "dependsOn" in at.pointer else f"add {entry} to the `parameters`"
    return ", or ".join(filter(None, (adding, declaring)))


def _check_unknown(called: LinkedWorkflow, parameters: tuple[Parameter, ...]) -> Iterator[Diagnostic]:
    declared = declared_inputs(called)
    for parameter in parameters:
        if parameter.name not in declared and not is_open(called):
            message = f"workflow `{called.key.workflow_id}` has no input `{parameter.name}`"
            bare = parameter.name.removeprefix("$").removeprefix("inputs.")
            written = f"write `{bare}`" if bare != parameter.name and bare in declared else ""
            meant = written or did_you_mean(parameter.name, inputs_of(called).names)
            fix = meant or "remove it, or declare it in that workflow's `inputs`"
            yield diagnose("input-unknown", message, parameter.at.child("name").location(), fix=fix)
