"""What the body and the headers of an answer can be, by the responses of an operation that count.

Decides by media type: the one that a request accepts, of which JSON is described by its schema, and text and XML are
read as one text. What is described without a schema is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.schemas.alternatives import all_types, all_values, exemplified, typed, types_of
from arazzo_engine.language.expressions.strings import text_of
from arazzo_engine.language.messages.payloads import is_event_stream, is_xml, media_type
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.apis.descriptions.operations import MediaType, Operation, ResponseDescription
    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.apis.schemas.alternatives import Alternatives, Known
    from arazzo_engine.documents.document import Place

_LIST: Final = frozenset({"array"})
_OBJECT: Final = frozenset({"object"})
# RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5
_BODILESS: Final = frozenset({"204", "205", "304"})
_OF_BYTES: Final = frozenset({"image", "audio", "video", "font"})
_BYTES: Final = frozenset({"application/pdf", "application/zip", "application/gzip"})
TEXTS: Final = frozenset({BodyKind.FORM, BodyKind.TEXT, BodyKind.XML})


def body_of(responses: Sequence[ResponseDescription], at: Place, schemas: Alternatives) -> Known:
    """Return what is known of the body of an answer; ``at`` is the place of what describes it."""
    if text_media_type(responses) is not None:
        return typed("string", at)
    # beside JSON, a text or bytes have no parts, and nobody means a part of them
    described = [each for response in responses for each in response.media_types if _is_json(each)]
    found = [_described(each, at, schemas) for each in described]
    return tuple(alternative for each in found for alternative in each) if all(found) else ()


def _described(media_type: MediaType, at: Place, schemas: Alternatives) -> Known:
    if media_type.schema is not None:
        return schemas.of((media_type.schema,))
    return exemplified(media_type.examples[0], at) if media_type.examples else ()


def accepting(operation: Operation, accept: str) -> Operation:
    """Return the operation with the answers of the one media type that is accepted, where it has such answers.

    Of several ones it is XML, where that is the first: elsewhere JSON is, which is taken first anyway.
    """
    first, *others = accept.split(",")
    wanted = media_type(first) if not others or is_xml(first) else ""
    if not any(_are_several(each, wanted) for each in operation.responses):
        return operation
    return replace(operation, responses=tuple(_accepted(each, wanted) for each in operation.responses))


def _are_several(described: ResponseDescription, wanted: str) -> bool:
    names = [media_type(each.name) for each in described.media_types]
    return wanted in names and len(names) > 1


def _accepted(described: ResponseDescription, wanted: str) -> ResponseDescription:
    kept = tuple(each for each in described.media_types if media_type(each.name) == wanted)
    return replace(described, media_types=kept or described.media_types)


def contradicts_example(media_type: MediaType, schemas: Alternatives) -> bool:
    """Whether a list is described, and each example is an object, or the other way round."""
    known = () if media_type.schema is None or not media_type.examples else schemas.of((media_type.schema,))
    types = all_types(known) - {"null"} if known else frozenset()
    shown = frozenset(type_ for example in media_type.examples for type_ in types_of(example))
    return len(types) == 1 and (types, shown) in ((_LIST, _OBJECT), (_OBJECT, _LIST))


def text_media_type(responses: Sequence[ResponseDescription]) -> str | None:
    """Return the first media type when every one of the answers is read as a text."""
    named = [each.name for response in responses for each in response.media_types]
    return named[0] if named and all(map(_is_text, named)) else None


def why_without_body(responses: Sequence[ResponseDescription]) -> str:
    """Return why an answer has no body to look into, as it follows "and"; nothing where it may have one."""
    statuses = [each.status for each in responses]
    if statuses and _BODILESS.issuperset(statuses):
        return f"{listed(statuses)}, which the operation documents, has none"
    names = types_of_bytes(responses)
    return f"it is described as {listed(names)}, which is bytes" if names else ""


def types_of_bytes(responses: Sequence[ResponseDescription]) -> tuple[str, ...]:
    """Return the media types when every one of the answers is bytes, and no text that has parts."""
    names = tuple(dict.fromkeys(media_type(each.name) for response in responses for each in response.media_types))
    are_bytes = all(each in _BYTES or each.partition("/")[0] in _OF_BYTES for each in names)
    return names if are_bytes and all(each.media_types for each in responses) else ()


def only_json(responses: Sequence[ResponseDescription]) -> tuple[str, ...]:
    """Return the media types when every one of the answers is JSON and nothing else."""
    named = tuple(each.name for response in responses for each in response.media_types)
    are_json = all("*" not in each and kind_of_body(each) is BodyKind.JSON for each in named)
    return named if are_json and all(each.media_types for each in responses) else ()


def header_of(name: str, responses: Sequence[ResponseDescription], at: Place, schemas: Alternatives) -> Known:
    """Return what is known of a header: it is a text, whatever its schema says."""
    listed = [all_values(schemas.of((schema,))) for schema in _schemas_of_header(name, responses)]
    if not listed or None in listed:
        return typed("string", at)
    return typed("string", at, tuple(text_of(value) for each in listed for value in each or ()))


def header_names(responses: Sequence[ResponseDescription]) -> tuple[str, ...]:
    """Return the names of the headers that answers are described to have."""
    return tuple(dict.fromkeys(name for each in responses for name in each.headers))


def _schemas_of_header(name: str, responses: Sequence[ResponseDescription]) -> Iterator[Schema]:
    for response in responses:
        for each, schema in response.headers.items():
            # RFC 9110, section 5.1: "Field names are case-insensitive"
            if each.lower() == name.lower() and schema is not None:
                yield schema


def _is_text(name: str) -> bool:
    # its events are read as a list
    return "*" not in name and kind_of_body(name) in TEXTS and not is_event_stream(name)


def _is_json(media_type: MediaType) -> bool:
    return "*" in media_type.name or kind_of_body(media_type.name) is BodyKind.JSON
