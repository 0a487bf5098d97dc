"""What is known of the requests of a run before the first one is sent: literals, and what the inputs alone decide.

Decides which values are known, and tries them with the very functions that build the requests of a run. It knows
nothing of values that only answers give. A step that an earlier action may pass over is not certain to run with these
inputs: what they do to it is a warning.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import In, Operation
from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.apis.schemas.parts import Parts
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Severity, diagnose
from arazzo_engine.documents.sizes import Room, TooLarge
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.documents.watch import go_on
from arazzo_engine.language.base_uris import canonical_uri
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.scope import Scope
from arazzo_engine.language.expressions.strings import Expression, ExpressionString
from arazzo_engine.language.messages.files import Replacing
from arazzo_engine.language.messages.payloads import write_json
from arazzo_engine.language.objects import ActionType
from arazzo_engine.language.templates import (
    ArrayTemplate,
    FileInText,
    MissingValue,
    NothingSelected,
    ObjectTemplate,
    expressions_in,
    render,
)
from arazzo_engine.machine.requests.building import missing_value, try_body, try_parameter, try_url
from arazzo_engine.machine.requests.called_inputs import parameters_for_workflow, render_inputs
from arazzo_engine.machine.requests.callers import GIVE, Caller, as_called, lacked
from arazzo_engine.machine.requests.left_out import check_left_out
from arazzo_engine.machine.settings import Limits
from arazzo_engine.validation.inputs.given import complete_inputs
from arazzo_engine.validation.inputs.handing import handed_on
from arazzo_engine.validation.inputs.schemas import described_parts, required_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.language.expressions.scope import Values
    from arazzo_engine.language.objects import Action
    from arazzo_engine.language.templates import Template

# workflows may call each other with ever longer inputs; so many calls, and so deep, are looked at before a run
_MOST_CALLS: Final = 1_000
_DEEPEST: Final = 16
_OF_A_URL: Final = frozenset({In.PATH, In.QUERY, In.QUERYSTRING})
_FIXED: Final = frozenset({Root.SELF, Root.SOURCE_DESCRIPTIONS})
_WITH_INPUTS: Final = _FIXED | {Root.INPUTS}


class KnownCall(Struct, frozen=True):
    """A workflow that the run leads to with these inputs; whether it certainly does, unless a step fails."""

    key: WorkflowKey
    inputs: Values
    is_certain: bool = True
    depth: int = 0
    caller: Caller | None = None


class _View(Struct, frozen=True):
    """What is known when a step is looked at."""

    scope: Scope
    roots: frozenset[Root]
    caller: Caller | None = None

    def knows(self, template: Template) -> bool:
        return all(each.expression.root in self.roots for each in expressions_in(template))


def check_literals(workflow: LinkedWorkflow) -> Iterator[Diagnostic]:
    """Yield what is wrong with the values of requests that do not even depend on the inputs."""
    view = _View(_scope(workflow, {}, Limits()), _FIXED)
    for step in workflow.steps:
        yield from _check_request(step, view)


def check_known(linked: LinkedDescription, calls: Iterable[KnownCall], limits: Limits) -> Iterator[Diagnostic]:
    """Yield what is wrong with the requests that these calls lead to, as far as the inputs decide it."""
    walk = _Walk(linked, list(calls), limits, Room(limits.value), Parts(linked.resolver))
    while walk.waiting and len(walk.seen) < _MOST_CALLS:
        call = walk.waiting.pop(0)
        known = (call.key, repr(call.inputs))
        if known not in walk.seen and call.depth <= _DEEPEST:
            walk.seen.add(known)
            yield from walk.check(call)


def _scope(workflow: LinkedWorkflow, inputs: Values, limits: Limits) -> Scope:
    self_uri = canonical_uri(workflow.description)
    described = described_parts(workflow)
    return Scope(inputs=inputs, sources=workflow.sources, self_uri=self_uri, described=described, most=limits.value)


def _as_warning(problem: Diagnostic) -> Diagnostic:
    return replace(problem, severity=Severity.WARNING)


class _Walk(Struct):
    """The way through the workflows that the run can lead to with inputs that are known, which share one ``room``."""

    linked: LinkedDescription
    waiting: list[KnownCall]
    limits: Limits
    room: Room
    parts: Parts
    seen: set[tuple[WorkflowKey, str]] = field(default_factory=set)

    def check(self, call: KnownCall) -> Iterator[Diagnostic]:
        workflow = self.linked.workflows[call.key]
        view = _View(_scope(workflow, call.inputs, self.limits), _WITH_INPUTS, call.caller)
        for reference in workflow.workflow.depends_on:
            self._add_with_shared(
                replace(call, key=workflow.references[reference], inputs={}, caller=None), call.inputs
            )
        for step in workflow.steps:
            left_out = check_left_out(step, view.scope, self.parts, call.caller)
            problems = [*_check_request(step, view), *left_out, *self._follow_step(step, call, view)]
            yield from problems if call.is_certain else map(_as_warning, problems)
            for action in step.actions:
                self._follow_action(action, call, view)
            if any(action.type in {ActionType.GOTO, ActionType.END} for action in step.on_success):
                call = replace(call, is_certain=False)

    def _follow_step(self, step: LinkedStep, call: KnownCall, view: _View) -> list[Diagnostic]:
        if not isinstance(step.target, WorkflowKey):
            return []
        called = self.linked.workflows[step.target]
        parameters = parameters_for_workflow(step, called)
        if not all(view.knows(each.value) for each in parameters):
            return []
        caller = Caller(step, self.linked.workflows[call.key], call.inputs, call.caller)
        rendered: Values = {}
        try:
            rendered = render_inputs(parameters, view.scope)
            inputs = complete_inputs(called, rendered)
        except MissingValue as missing:
            return [_lack(missing, step, view)]
        except ArazzoError as error:
            at, absent = step.step.at.child("workflowId").location(), required_inputs(called) - rendered.keys()
            return [replace(lacked(each, absent, caller), location=each.location or at) for each in error.diagnostics]
        self._follow(KnownCall(called.key, inputs, call.is_certain, call.depth + 1, caller))
        return []

    def _follow_action(self, action: Action, call: KnownCall, view: _View) -> None:
        key = self.linked.workflows[call.key].references.get(action.workflow_id or "")
        if key is not None and all(view.knows(each.value) for each in action.parameters):
            try:
                given = render_inputs(action.parameters, view.scope)
            except (MissingValue, ArazzoError):
                # an action that is never chosen needs no values
                return
            self._add_with_shared(replace(call, key=key, inputs=given, is_certain=False, caller=None), call.inputs)

    def _add_with_shared(self, call: KnownCall, inputs: Values) -> None:
        workflow = self.linked.workflows[call.key]
        shared = handed_on(self.linked, workflow, inputs)
        try:
            completed = complete_inputs(workflow, {**shared, **call.inputs})
        except ArazzoError:
            # what is not given there is told by the checks of calls; what does not fit is told when it is called
            return
        self._follow(replace(call, inputs=completed, depth=call.depth + 1))

    def _follow(self, call: KnownCall) -> None:
        # where inputs grow from call to call, the run itself tells that they are too large
        with suppress(TooLarge):
            self.room.take_value(call.inputs)
            self.waiting.append(call)


# --- trying a request ---


def _check_request(step: LinkedStep, view: _View) -> Iterator[Diagnostic]:
    go_on()
    operation = step.target
    if not isinstance(operation, Operation):
        return
    problems = [*_check_parameters(step, operation, view)]
    yield from problems or _check_url(step, operation, view)
    body = step.step.request_body
    if body is None or body.payload is None:
        return
    values = [body.payload, *(each.value for each in body.replacements)]
    targets = [each.query for each in body.replacements if each.query is not None]
    templates = [*values, *(expression for target in targets for expression in target.expressions)]
    if all(map(view.knows, templates)):
        yield from _try(lambda: try_body(step, operation, view.scope), templates, step, view)
        return
    for part in (known for value in values for known in _known_parts(value, view)):
        yield from _try(lambda: _write(part, view.scope), [part], step, view)  # noqa: B023 - the same


def _check_parameters(step: LinkedStep, operation: Operation, view: _View) -> Iterator[Diagnostic]:
    for parameter in step.parameters:
        if view.knows(parameter.value):
            yield from _try(lambda: try_parameter(parameter, operation, view.scope), [parameter.value], step, view)  # noqa: B023 - it is called at once


def _check_url(step: LinkedStep, operation: Operation, view: _View) -> Iterator[Diagnostic]:
    """Yield what is wrong with values of the URL together, which are sound each by itself."""
    of_url = [each for each in step.parameters if each.location in _OF_A_URL]
    templates = [each.value for each in of_url]
    if of_url and all(map(view.knows, templates)):
        found = _try(lambda: try_url(of_url, operation, view.scope), templates, step, view)
        at = step.step.at.child("stepId").location()
        yield from (replace(each, location=each.location or at) for each in found)


def _known_parts(template: Template, view: _View) -> Iterator[Template]:
    """Yield the largest parts of a template that are known and depend on the inputs."""
    if view.knows(template):
        if _uses_inputs(template):
            yield template
        return
    match template:
        case ObjectTemplate():
            for member in template.members.values():
                yield from _known_parts(member, view)
        case ArrayTemplate():
            for element in template.elements:
                yield from _known_parts(element, view)
        case ExpressionString():
            for part in template.parts:
                if isinstance(part, Expression) and view.knows(part):
                    yield ExpressionString((part,), template.at)
        case _:
            pass


def _write(part: Template, scope: Scope) -> None:
    value = render(part, scope, scope.room())
    try:
        if value is not ABSENT:
            write_json(Replacing(lambda _file: "").of(value))
    except ValueError as error:
        message = "the value has a number or half a character that no body can hold"
        raise ArazzoError(diagnose("value-unsendable", message, part.at.location())) from error


def _try(
    attempt: Callable[[], object], templates: list[Template], step: LinkedStep, view: _View
) -> Iterator[Diagnostic]:
    try:
        attempt()
    except MissingValue as missing:
        yield _lack(missing, step, view)
    except ArazzoError as error:
        of_inputs = any(map(_uses_inputs, templates))
        told = (_of_inputs(each, step) if of_inputs else each for each in error.diagnostics)
        read = [each.expression for template in templates for each in expressions_in(template)]
        absent = (each.names[0] for each in read if each.root is Root.INPUTS and each.names[0] not in view.scope.inputs)
        name = next(absent, "")
        yield from (as_called(each, name, view.caller) if each.code == "input-needed" else each for each in told)


def _uses_inputs(template: Template) -> bool:
    return any(each.expression.root is Root.INPUTS for each in expressions_in(template))


def _lack(missing: MissingValue, step: LinkedStep, view: _View) -> Diagnostic:
    if missing.root is not Root.INPUTS:
        return missing_value(missing)
    if isinstance(missing, NothingSelected | FileInText):
        return _of_inputs(missing_value(missing), step)
    message = f"step `{step.step.step_id}` needs `{missing.what}`, which {missing.reason}"
    fix = f"{GIVE}, or leave the field out of the request"
    problem = diagnose("input-needed", message, missing.at.location(missing.span), fix=fix)
    return as_called(problem, missing.names[0], view.caller)


def _of_inputs(problem: Diagnostic, step: LinkedStep) -> Diagnostic:
    name = f"step `{step.step.step_id}`"
    if problem.code == "required-parameter-missing":
        return diagnose("input-needed", f"{name}: {problem.message}", problem.location, fix=problem.fix)
    message = f"{name} cannot send the inputs it is given: {problem.message}"
    return diagnose("input-unsendable", message, problem.location, fix=problem.fix or "give another value")
