"""A text that is no base64, sent as bytes of no type: its bytes are those of the text, in UTF-8.

Decides it where the document has the text: a payload that is written out, or an input whose default is such a text.
What looks like the name of a file, a URL or a sign in the place of something is left as it is, and refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import OCTETS
from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import content_type_of
from arazzo_engine.apis.linking.repairs.texts_as_bytes import input_of, is_text_input, said_of_input
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.messages.files import TextOfBytes
from arazzo_engine.language.messages.payloads import media_type
from arazzo_engine.language.templates import Literal
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.schemas.parts import Parts
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.templates import Template

# base64 in any of its alphabets, a name of a file with its folders, and a URL have these characters only
_MAY_BE_OTHER: Final = lazy_pattern(r"[\w\s./\\:~@%+\-=&?#,;()]*")
# `<file>`, `{the content}`: what a person is to put something in the place of
_STAND_IN: Final = lazy_pattern(r"<[\w\s.,:/-]*>|\{+[\w\s.,:/-]*\}+|\[[\w\s.,:/-]*\]|data:.*")
_HOW: Final = "if bytes are meant, write them as `data:;base64,…`, or give a file as an input: `-i name=@path`"


def with_bytes_of_written_texts(linked: LinkedWorkflow, parts: Parts, problems: list[Diagnostic]) -> LinkedWorkflow:
    """Return a workflow whose payloads are the bytes of their texts where those are no base64."""
    steps = tuple(_with_bytes(step, linked, parts, problems) for step in linked.steps)
    is_same = all(one is other for one, other in zip(steps, linked.steps, strict=True))
    return linked if is_same else replace(linked, steps=steps)


def _with_bytes(step: LinkedStep, linked: LinkedWorkflow, parts: Parts, problems: list[Diagnostic]) -> LinkedStep:
    body = step.step.request_body
    if body is None or body.payload is None or body.replacements or not _takes_bytes(step):
        return step
    payload = _meant(body.payload, linked, parts)
    if payload is None:
        return step
    problems.append(_told(body.payload))
    return replace(step, step=replace(step.step, request_body=replace(body, payload=payload)))


def _takes_bytes(step: LinkedStep) -> bool:
    """Whether the body of a step is bytes of no type, and not the text of them."""
    body = step.step.request_body
    if body is None or body.payload is None or not isinstance(step.target, Operation):
        return False
    content_type = content_type_of(step, step.target, body.payload)
    described = describe_body(content_type, step.target)
    shape = None if described is None else described.shape
    return media_type(content_type) == OCTETS and not (shape is not None and shape.content_encoding)


def _meant(payload: Template | None, linked: LinkedWorkflow, parts: Parts) -> Template | None:
    match payload:
        case Literal(value=str() as text) if _is_no_base64(text):
            return Literal(TextOfBytes(text), payload.at)
        case Expression(sends_text=False):
            place = input_of(payload)
            is_text = bool(place) and is_text_input(place, linked, parts)
            is_text = is_text and _is_no_base64(_default(place, linked, parts))
            return replace(payload, sends_text=True) if is_text else None
        case _:
            return None


def _default(place: Pointer, linked: LinkedWorkflow, parts: Parts) -> JsonValue:
    return next((each["default"] for each in said_of_input(place, linked, parts) if "default" in each), None)


def _is_no_base64(text: JsonValue) -> bool:
    if not isinstance(text, str) or isinstance(text, TextOfBytes):
        return False
    return _MAY_BE_OTHER.fullmatch(text) is None and _STAND_IN.fullmatch(text.strip()) is None


def _told(payload: Template) -> Diagnostic:
    what, why = "the payload", "it has characters that base64 does not have"
    if isinstance(payload, Expression):
        what, why = f"`{payload.expression}`", f"its default {why.removeprefix('it ')}"
    message = f"{what} is sent as the bytes of its text, in UTF-8: {why}"
    return diagnose("text-sent-as-bytes", message, payload.at.location(), fix=_HOW)
