"""What a body lacks when optional inputs are not given, and its operation requires.

Decides which inputs are to blame: what the description refuses of the body without them, and not of the body with them.
A member that is missing is an error or a warning as one is that the document leaves out itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.schemas.statuses import wants_refusal
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.templates import ArrayTemplate, ObjectTemplate, Selector, is_input_not_given, template_text
from arazzo_engine.machine.requests.callers import GIVE, as_called
from arazzo_engine.validation.bodies import wish_for_body
from arazzo_engine.validation.literals.requests import complaints_about

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.apis.schemas.parts import Parts
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.objects import RequestBody
    from arazzo_engine.language.templates import Template
    from arazzo_engine.machine.requests.callers import Caller
    from arazzo_engine.validation.literals.judging import Complaint

    # what is left out, by its path in the body
    _LeftOut = dict[Pointer, Template]


def check_left_out(step: LinkedStep, scope: Scope, parts: Parts, caller: Caller | None = None) -> Iterator[Diagnostic]:
    """Yield what the body of a step lacks, for want of inputs that are not given, by ``caller`` if a step calls it."""
    for problem, missing in _lacks(step, scope, parts):
        expression = _context(missing)
        name = expression.expression.names[0] if isinstance(expression, Expression) else ""
        yield as_called(problem, name, caller)


def _lacks(step: LinkedStep, scope: Scope, parts: Parts) -> Iterator[tuple[Diagnostic, Template]]:
    body, operation = step.step.request_body, step.target
    if body is None or body.payload is None or not isinstance(operation, Operation):
        return
    left_out: _LeftOut = {}
    payload = _without(body.payload, (), scope, left_out)
    sent = replace(body, payload=payload, replacements=tuple(_replacements(body, scope, left_out)))
    if not left_out or wants_refusal(step.step.success_criteria):
        return
    if payload is None:
        yield from ((each, left_out[()]) for each in _no_body(step, operation, left_out[()], parts))
        return
    before = set(complaints_about(body, step, operation, parts))
    for complaint in complaints_about(sent, step, operation, parts):
        missing = left_out.get((*complaint.path, complaint.lacks)) if complaint.lacks else None
        if missing is not None and complaint not in before:
            yield _lacking(complaint, missing, step, operation), missing


def _lacking(complaint: Complaint, missing: Template, step: LinkedStep, operation: Operation) -> Diagnostic:
    where = f"`{'/'.join(complaint.path)}` of its payload" if complaint.path else "its payload"
    what = f"{where} {complaint.message}, as operation `{operation.label}` describes it"
    found = _needed(step, missing, what, Related("described here", complaint.schema_at))
    return found if complaint.is_certain and not complaint.slip else found.as_warning()


def _no_body(step: LinkedStep, operation: Operation, missing: Template, parts: Parts) -> Iterator[Diagnostic]:
    """Yield that a body is left out which the operation wants; whether the server does is for it to say."""
    described, wish = operation.request_body, wish_for_body(operation, parts)
    if described is not None and wish:
        what = f"no body is sent, and operation `{operation.label}` {wish}"
        yield _needed(step, missing, what, Related("described here", described.at)).as_warning()


def _needed(step: LinkedStep, missing: Template, what: str, related: Related) -> Diagnostic:
    expression = _context(missing)
    message = f"step `{step.step.step_id}` needs `{template_text(expression)}`, which is not given: {what}"
    span = expression.span if isinstance(expression, Expression) else None
    return diagnose("input-needed", message, expression.at.location(span), fix=GIVE, related=(related,))


def _context(template: Template) -> Template:
    """Return what a selector selects of, or the value itself."""
    return template.context if isinstance(template, Selector) else template


def _replacements(body: RequestBody, scope: Scope, left_out: _LeftOut) -> Iterator[object]:
    """Yield the replacements that are made: without its value one leaves its place as it is."""
    for each in body.replacements:
        path = each.place
        if not _is_absent(each.value, scope):
            yield each
        elif path is not None:
            left_out.setdefault(path, each.value)


def _without(template: Template, path: Pointer, scope: Scope, left_out: _LeftOut) -> Template | None:
    """Return what is sent of a template, ``None`` where nothing is."""
    if _is_absent(template, scope):
        left_out[path] = template
        return None
    match template:
        case ObjectTemplate(members=members):
            found = {name: _without(each, (*path, name), scope, left_out) for name, each in members.items()}
            return replace(template, members={name: each for name, each in found.items() if each is not None})
        case ArrayTemplate(elements=elements):
            sent = [each for each in elements if not _is_absent(each, scope)]
            inner = (_without(each, (*path, str(index)), scope, left_out) for index, each in enumerate(sent))
            return replace(template, elements=tuple(each for each in inner if each is not None))
        case _:
            return template


def _is_absent(template: Template, scope: Scope) -> bool:
    """Whether a value is of an input that is not given; a text with one in it is never sent without."""
    named = _context(template)
    return isinstance(named, Expression) and is_input_not_given(named, scope)
