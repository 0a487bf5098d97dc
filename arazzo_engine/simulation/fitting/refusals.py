"""What a description refuses in a request of a rehearsal: its parameters, and the members of its body.

Decides it by the values that the request was written from. What the document itself writes out has been told before a
run, so that only what expressions gave is told here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.schemas.parts import Parts
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.messages.exchange import header
from arazzo_engine.language.messages.files import EncodedBytes, File, TextOfBytes
from arazzo_engine.validation.literals.judging import Judging
from arazzo_engine.validation.literals.known_parts import Open, known_part
from arazzo_engine.validation.literals.known_payloads import known_payload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.machine.effects import Send
    from arazzo_engine.validation.literals.judging import Complaint

_OF_TEXTS: Final = frozenset({BodyKind.FORM, BodyKind.MULTIPART})


def refused_of(effect: Send, operation: Operation, resolver: Resolver) -> Iterator[str]:
    """Yield what the operation refuses, one note for each part."""
    for what, complaint in (*_of_parameters(effect, resolver), *_of_body(effect, operation, resolver)):
        named = f"`{'/'.join(complaint.path)}` of {what}" if complaint.path else what
        yield f"{named} {complaint.message}, as the description has it"


def _of_parameters(effect: Send, resolver: Resolver) -> Iterator[tuple[str, Complaint]]:
    steps = () if effect.asked is None else effect.asked.step.parameters
    written = {(each.name, each.location): known_part(each.value) for each in steps}
    for described, value in effect.parameters:
        if described.schema is None or described.content_type is not None:
            continue
        judging = Judging(Parts(resolver), as_text=True, is_needed=described.required)
        told = {
            each.message
            for each in judging.complaints(described.schema, written.get((described.name, described.location), ""))
        }
        for each in judging.complaints(described.schema, _as_judged(value)):
            if each.is_refused and each.message not in told:
                yield f"{described.location} parameter `{described.name}`", each


def _of_body(effect: Send, operation: Operation, resolver: Resolver) -> Iterator[tuple[str, Complaint]]:
    content_type = header(effect.request.headers, "content-type") or ""
    described, kind = describe_body(content_type, operation), kind_of_body(content_type)
    body = None if effect.asked is None else effect.asked.step.step.request_body
    if described is None or described.schema is None or kind not in {BodyKind.JSON, *_OF_TEXTS} or body is None:
        return
    judging = Judging(Parts(resolver), as_text=kind in _OF_TEXTS, is_partial=operation.method == "PATCH")
    payload = _as_judged(effect.request.payload)
    # a form that is written as a text has no members to judge
    is_text = kind in _OF_TEXTS and isinstance(payload, str)
    if payload is ABSENT or body.payload is None or is_text:
        return
    known = known_payload(body, kind)
    apart = (each for put in known.apart for each in judging.complaints_at(put.pointer, described.schema, put.value))
    told = {(each.path, each.message) for each in (*judging.complaints(described.schema, known.value), *apart)}
    for each in judging.complaints(described.schema, payload):
        if each.is_refused and (each.path, each.message) not in told:
            yield "the body", each


def _as_judged(value: JsonValue) -> JsonValue:
    """Return a value of which a schema can say something: of bytes it cannot."""
    match value:
        case dict():
            return {name: _as_judged(member) for name, member in value.items()}
        case list():
            return [_as_judged(each) for each in value]
        case File() | EncodedBytes():
            return Open.ANY
        case TextOfBytes():
            return str(value)
        case _:
            return value
