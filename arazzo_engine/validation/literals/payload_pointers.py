"""A JSON Pointer into a payload that is written as text leads nowhere, unless the text is JSON or XML.

Decides it for the replacements of a payload and for what is read of the request. Answers are looked at elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import content_type_of
from arazzo_engine.apis.linking.uses import uses_in
from arazzo_engine.apis.wire_forms.content_types import PayloadKind, kind_of_payload
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.queries.expression_types import Language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.linking.uses import Use
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.objects import PayloadReplacement, RequestBody

_TEXTS: Final = frozenset({BodyKind.FORM, BodyKind.TEXT, BodyKind.XML})


def check_payload_pointers(workflow: LinkedWorkflow, _linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each pointer into a text that a step sends, and for each such replacement."""
    for step in workflow.steps:
        if isinstance(step.target, Operation) and step.step.request_body is not None:
            yield from _check_replacements(step, step.target, step.step.request_body)
    for use in uses_in(workflow):
        problem = _of_request(use)
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
