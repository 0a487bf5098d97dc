"""Where a JSON Pointer into a body leads, as far as the description of the body says: nowhere, if it is certain.

Decides only that a list has no member of a name, and that a text has no parts. A description seldom says all that an
answer holds, so a member that it does not describe is no finding.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.uses import uses_in
from arazzo_engine.apis.wire_forms.content_types import PayloadKind, kind_of_payload
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.validation.literals.schema_parts import (
    Parts,
    UnreadSchemaError,
    has_alternatives,
    items,
    properties,
)
from arazzo_engine.validation.requests import content_type_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.operations import MediaType
    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.linking.uses import Use
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.objects import PayloadReplacement, RequestBody
    from arazzo_engine.language.templates import Template

_TEXTS: Final = frozenset({BodyKind.FORM, BodyKind.TEXT, BodyKind.XML})


class _Body(Struct, frozen=True):
    """A part of the body of a step's answer; ``own`` is the end of its pointer that the expression itself has."""

    step: LinkedStep
    pointer: Pointer
    name: str
    own: Pointer


class _Lead(Enum):
    """Where a pointer leads by one schema."""

    SOMEWHERE = "to a part that is described, or may be there"
    NOWHERE = "to what is not described"
    INTO_A_LIST = "to a list by a name"


def check_pointers(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a warning for each pointer into a body that cannot lead anywhere, and an error for such a replacement."""
    for step in workflow.steps:
        if isinstance(step.target, Operation) and step.step.request_body is not None:
            yield from _check_replacements(step, step.target, step.step.request_body)
    parts = Parts(linked.resolver)
    for use in uses_in(workflow):
        problem = _of_request(use) or _of_response(use, workflow, parts)
        if problem is not None:
            yield problem


# --- requests ---


def _check_replacements(step: LinkedStep, operation: Operation, body: RequestBody) -> Iterator[Diagnostic]:
    if body.payload is None or kind_of_payload(body.payload) is not PayloadKind.STRING:
        return
    kind = kind_of_body(content_type_of(step, operation, body.payload))
    for replacement in body.replacements:
        # a text of JSON or XML is read before anything in it is replaced; any other text has no parts
        if kind in _TEXTS and not (kind is BodyKind.XML and _is_xpath(replacement)):
            message = f"target `{replacement.target}` leads into a payload that is {_named(kind)} as text"
            fix = (
                "write the payload as an object" if kind is BodyKind.FORM else "put the value into the text, in braces"
            )
            yield diagnose("replacement-target", message, replacement.at.child("target").location(), fix=fix)


def _is_xpath(replacement: PayloadReplacement) -> bool:
    return replacement.query is not None and replacement.query.type.type is Language.XPATH


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


# --- answers ---


def _of_response(use: Use, workflow: LinkedWorkflow, parts: Parts) -> Diagnostic | None:
    bodies = [body for index in range(len(use.readings)) for body in _bodies(use, index, workflow)]
    for body in bodies:
        documented = tuple(_documented(body.step.target)) if isinstance(body.step.target, Operation) else ()
        kinds = {kind_of_body(each.name) for each in documented if "*" not in each.name}
        if documented and body.pointer and kinds and kinds <= _TEXTS:
            return _into_text(use, f"the answer is described as `{documented[0].name}`, and is read as text")
        schemas = [each.schema for each in documented if kind_of_body(each.name) is BodyKind.JSON]
        found = [_lead(schema, body.pointer, parts) for schema in schemas if schema is not None]
        leads = [lead for lead, _ in found]
        if len(schemas) == len(found) and _Lead.INTO_A_LIST in leads and _Lead.SOMEWHERE not in leads:
            depth = max(depth for _, depth in found) - len(body.pointer) + len(body.own)
            # what an output's own pointer has wrong is told where it stands
            return _into_list(use, body, depth) if depth >= 0 else None
    return None


def _bodies(use: Use, index: int, workflow: LinkedWorkflow) -> Iterator[_Body]:
    """Yield the part of an answer that a reading of an expression leads to: by itself, or by the output of a step."""
    expression, pointer = use.readings[index], _pointer(use, index)
    name = expression.text.partition("#")[0]
    if use.step is not None and _is_body(expression, Root.RESPONSE):
        yield _Body(use.step, pointer, name, pointer)
    elif expression.root is Root.STEPS and expression.names[0] in workflow.indexes:
        step = workflow.steps[workflow.indexes[expression.names[0]]]
        output: Template | None = (step.step.outputs or {}).get(expression.names[2])
        if pointer and isinstance(output, Expression) and _is_body(output.expression, Root.RESPONSE):
            yield _Body(step, (*(output.expression.pointer or ()), *pointer), name, pointer)


def _pointer(use: Use, index: int) -> Pointer:
    accessors = use.accessors[index] if use.accessors else ()
    return (*(use.readings[index].pointer or ()), *accessors)


def _is_body(expression: RuntimeExpression, root: Root) -> bool:
    return expression.root is root and expression.names[0] == "body"


def _documented(operation: Operation) -> Iterator[MediaType]:
    """Yield what the answers of an operation are: those of its successes, if it describes any."""
    successes = [each for each in operation.responses if each.status.startswith("2")]
    for response in successes or operation.responses:
        yield from response.media_types


def _lead(schema: Schema, pointer: Pointer, parts: Parts) -> tuple[_Lead, int]:
    """Return where a pointer leads through a schema, and after how many of its tokens that is known."""
    below: tuple[Schema, ...] = (schema,)
    for depth, token in enumerate(pointer):
        try:
            whole = tuple(part for each in below for part in parts.together(each))
        except UnreadSchemaError:
            return _Lead.SOMEWHERE, depth
        if has_alternatives(whole):
            return _Lead.SOMEWHERE, depth
        is_list = _is_list(whole)
        if is_list and not token.isdecimal():
            return _Lead.INTO_A_LIST, depth
        below = tuple(items(whole, int(token)) if is_list else properties(whole, token))
        if not below:
            return (_Lead.NOWHERE if not is_list and _has_names(whole) else _Lead.SOMEWHERE), depth
    return _Lead.SOMEWHERE, len(pointer)


def _is_list(parts: tuple[Schema, ...]) -> bool:
    types = [as_mapping(part.value).get("type") for part in parts]
    named = {each for type_ in types for each in (as_list(type_) or [type_]) if isinstance(each, str)}
    return named - {"null"} == {"array"}


def _has_names(parts: tuple[Schema, ...]) -> bool:
    return any(as_mapping(part.value).get("properties") for part in parts)


# --- words ---


def _named(kind: BodyKind) -> str:
    return {BodyKind.FORM: "a form", BodyKind.XML: "XML"}.get(kind, "no JSON")


def _into_text(use: Use, why: str) -> Diagnostic:
    message = f"`{use.text}` leads into a text, which has no parts: {why}"
    whole = use.readings[-1].text.partition("#")[0]
    return diagnose("pointer-nowhere", message, use.at.location(use.span), fix=f"use `{whole}`")


def _into_list(use: Use, body: _Body, depth: int) -> Diagnostic:
    token, before = body.own[depth], body.own[:depth]
    message = f"`{use.text}` leads into a list, which has no member `{token}`"
    element = f"{body.name}#{render_pointer((*before, '0', *body.own[depth:]))}"
    fix = f"name an element by its index, such as `{element}`"
    if token in {"length", "size", "count"}:
        # RFC 9535, section 2.4.4: the one way to count that a document has
        counted = f"length(${''.join(f'[{each!r}]' for each in before)})"
        fix = f"count in a criterion: `context: {body.name}`, `type: jsonpath`, `condition: $[?{counted} > 0]`"
    return diagnose("pointer-nowhere", message, use.at.location(use.span), fix=fix)
