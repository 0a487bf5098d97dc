"""A JSON Pointer into a payload leads to a place of it, or to a new member of an object that is there.

Decides it for the replacements of a payload and for what is read of the request, also where expressions give some of
its values; a payload that is written as text has no parts, unless it is JSON or XML. Answers are looked at elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import content_type_of
from arazzo_engine.apis.linking.uses import uses_in
from arazzo_engine.apis.wire_forms.content_types import PayloadKind, kind_of_payload
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.documents.document import Place
from arazzo_engine.documents.pointers import is_within, render_pointer
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression, ExpressionString
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.language.queries.json_nodes import meant_member
from arazzo_engine.language.templates import ArrayTemplate, Literal, ObjectTemplate, Selector

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.linking.uses import Use
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.objects import PayloadReplacement, RequestBody
    from arazzo_engine.language.templates import Template

_Part: TypeAlias = "Template | JsonValue"
_ADDED: Final = "the payload has the object that it stands in, and no such member"
_FIX: Final = "put the place into the payload, or correct the target"
_TEXTS: Final = frozenset({BodyKind.FORM, BodyKind.TEXT, BodyKind.XML})


def check_payload_pointers(workflow: LinkedWorkflow, _linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each pointer into a text that a step sends, and for each such replacement."""
    for step in workflow.steps:
        if isinstance(step.target, Operation) and step.step.request_body is not None:
            yield from _check_replacements(step, step.target, step.step.request_body)
            yield from _check_targets(step.step.request_body)
    for use in uses_in(workflow):
        problem = _of_request(use)
        if problem is not None:
            yield problem


# --- replacements ---


def _check_replacements(step: LinkedStep, operation: Operation, body: RequestBody) -> Iterator[Diagnostic]:
    if body.payload is None or kind_of_payload(body.payload) is not PayloadKind.STRING:
        return
    kind = kind_of_body(content_type_of(step, operation, body.payload))
    for replacement in body.replacements:
        # a text of JSON or XML is read before anything in it is replaced; any other text has no parts
        if kind in _TEXTS and not (kind is BodyKind.XML and replacement.language is Language.XPATH):
            message = f"target `{replacement.target}` leads into a payload that is {_named(kind)} as text"
            fix = (
                "write the payload as an object" if kind is BodyKind.FORM else "put the value into the text, in braces"
            )
            yield diagnose("replacement-target", message, replacement.at.child("target").location(), fix=fix)


def _check_targets(body: RequestBody) -> Iterator[Diagnostic]:
    if body.payload is None or (isinstance(body.payload, Literal) and isinstance(body.payload.value, str)):
        return
    put: list[Pointer] = []
    for replacement in body.replacements:
        pointer = replacement.place
        # what another query selects may be anywhere
        if pointer is None:
            return
        if not any(is_within(pointer, each) for each in put):
            yield from _check_target(replacement, pointer, body)
        put.append(pointer)


def _check_target(replacement: PayloadReplacement, pointer: Pointer, body: RequestBody) -> Iterator[Diagnostic]:
    part: _Part = body.payload
    for depth, token in enumerate(pointer):
        members = _members(part)
        if members is None:
            return
        if token not in members:
            is_new = depth == len(pointer) - 1 and _is_object(part) and replacement.language is Language.JSONPOINTER
            yield _told_target(replacement, pointer[: depth + 1], members, is_new=is_new)
            return
        part = members[token]


def _members(part: _Part) -> dict[str, _Part] | None:
    """Return what a part of a payload has in it by name, ``None`` where only an expression knows."""
    match part:
        case Literal(value=value):
            return _members(value)
        case dict() | ObjectTemplate():
            return dict(part.members if isinstance(part, ObjectTemplate) else part)
        case list() | ArrayTemplate():
            elements = part.elements if isinstance(part, ArrayTemplate) else part
            return {str(index): each for index, each in enumerate(elements)}
        case _:
            return None if isinstance(part, Expression | ExpressionString | Selector) else {}


def _is_object(part: _Part) -> bool:
    return isinstance(part.value if isinstance(part, Literal) else part, dict | ObjectTemplate)


def _told_target(
    replacement: PayloadReplacement, missing: Pointer, members: Collection[str], *, is_new: bool
) -> Diagnostic:
    at, shown = replacement.at.child("target").location(), render_pointer(missing)
    near = meant_member(missing[-1], members)
    if is_new and near is None:
        message = f"`{shown}` is read as a new member of the payload: {_ADDED}"
        fix = f"write `{missing[-1]}` into the payload, with any value"
        return diagnose("repaired", message, at, fix=fix, kind=_ADDED)
    message = f"target `{replacement.target}` of the payload selects nothing: the payload has no `{shown}`"
    if near is None:
        return diagnose("replacement-target", message, at, fix=_FIX)
    corrected = render_pointer((*missing[:-1], near)) + replacement.target.removeprefix(shown)
    meant = corrected if replacement.language is Language.JSONPOINTER else near
    # either of them may be misspelt
    body = Place(replacement.at.document, replacement.at.pointer[:-2])
    related = (Related(f"`{near}` is here", body.child("payload", *missing[:-1], near).key_location()),)
    return diagnose("replacement-target", message, at, fix=f"did you mean `{meant}`?", related=related)


# --- what is read of the request ---


def _of_request(use: Use) -> Diagnostic | None:
    expression = use.readings[-1]
    step = use.step
    if step is None or not _is_body(expression, Root.REQUEST) or not _pointer(use, -1):
        return None
    if not isinstance(step.target, Operation) or step.step.request_body is None:
        return None
    payload = step.step.request_body.payload
    if payload is None or kind_of_payload(payload) is not PayloadKind.STRING:
        return None
    kind = kind_of_body(content_type_of(step, step.target, payload))
    return _into_text(use, f"the payload is {_named(kind)} as text") if kind in _TEXTS else None


def _pointer(use: Use, index: int) -> Pointer:
    accessors = use.accessors[index] if use.accessors else ()
    return (*(use.readings[index].pointer or ()), *accessors)


def _is_body(expression: RuntimeExpression, root: Root) -> bool:
    return expression.root is root and expression.names[0] == "body"


# --- words ---


def _named(kind: BodyKind) -> str:
    return {BodyKind.FORM: "a form", BodyKind.XML: "XML"}.get(kind, "no JSON")


def _into_text(use: Use, why: str) -> Diagnostic:
    message = f"`{use.text}` leads into a text, which has no parts: {why}"
    whole = use.readings[-1].text.partition("#")[0]
    return diagnose("pointer-nowhere", message, use.at.location(use.span), fix=f"use `{whole}`")
