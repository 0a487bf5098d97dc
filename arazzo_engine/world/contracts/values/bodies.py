"""The value that a body is held to its schema as: the payload of a request, or what an answer was read as.

Decides how a body of each kind is read, and which are not. What a schema says of the value is decided by ``judging``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.media_types import FORM_DATA, BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.shapes import shape_of
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.messages.payloads import is_event_stream, media_type, parse_payload
from arazzo_engine.world.contracts.schemas.bundles import UnreadableError
from arazzo_engine.world.contracts.values.readings import EXACT, Wire
from arazzo_engine.world.contracts.values.wires import json_members, wire_of_body
from arazzo_engine.world.contracts.values.xml_bodies import NotXmlError, read_xml

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import MediaType
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.documents.values import JsonValue, Value
    from arazzo_engine.language.messages.contents import Content


# what a body without a byte is, of a kind that may be empty
_EMPTY: Final[dict[BodyKind, JsonValue]] = {BodyKind.SEQUENCE: [], BodyKind.BINARY: ""}


class BodyValue(Struct, frozen=True):
    """A body as a value, and how it stands on the wire."""

    value: JsonValue
    wire: Wire


class NotWhatItClaimsError(Exception):
    """A body that is not of its media type."""


def read_payload(payload: JsonValue, content: Content, content_type: str, described: MediaType) -> BodyValue:
    """Return the body of a request, by the value that it was written from; raises as ``read_body`` does."""
    kind = kind_of_body(content_type)
    is_text = isinstance(payload, str) and kind not in {BodyKind.JSON, BodyKind.TEXT, BodyKind.BINARY}
    if is_text:
        return read_body(bytes(content), content_type, described)
    return BodyValue(payload, wire_of_body(payload, content_type, described))


def read_body(content: bytes, content_type: str, described: MediaType) -> BodyValue:
    """Return a body that came, or was given as a text.

    Raises ``NotWhatItClaimsError``, and ``UnreadableError`` for one that cannot be read.
    """
    if is_event_stream(content_type):
        return BodyValue(_read_value(content, content_type, empty=[]), Wire())
    match kind_of_body(content_type):
        case BodyKind.FORM | BodyKind.MULTIPART as kind:
            value = _read_form(content, content_type, kind, json_members(described))
            return BodyValue(value, wire_of_body(value, content_type, described))
        case BodyKind.XML:
            return BodyValue(_read_xml(content, content_type, described), Wire())
        case BodyKind.TEXT:
            return BodyValue(_read_value(content, content_type, empty=""), Wire())
        case kind:
            return BodyValue(_read_value(content, content_type, _EMPTY.get(kind, ABSENT)), EXACT)


def _read_form(content: bytes, content_type: str, kind: BodyKind, json_names: frozenset[str]) -> JsonValue:
    from arazzo_engine.world.contracts.values.form_bodies import read_form, read_multipart  # noqa: PLC0415 - few bodies are forms

    if kind is BodyKind.FORM:
        return read_form(content, json_names)
    if media_type(content_type) != FORM_DATA:
        raise UnreadableError("a multipart body that is no form")
    return read_multipart(content, content_type, json_names)


def with_its_shape(described: MediaType, resolver: Resolver) -> MediaType:
    """Return a media type with the shape of its schema, when it is XML: an answer is described without."""
    if described.shape is not None or described.schema is None:
        return described
    return type(described)(described.name, described.schema, shape=shape_of(described.schema, resolver))


def _read_value(content: bytes, content_type: str, empty: Value) -> JsonValue:
    parsed = parse_payload(content, content_type)
    if parsed.value is ABSENT and empty is not ABSENT:
        return empty
    # a JSON text that names a member twice has a problem, too, and a value
    if parsed.value is ABSENT or parsed.is_partial or (parsed.problem is not None and isinstance(parsed.value, str)):
        raise NotWhatItClaimsError
    return parsed.value


def _read_xml(content: bytes, content_type: str, described: MediaType) -> JsonValue:
    try:
        return read_xml(str(parse_payload(content, content_type).value), described.shape)
    except NotXmlError as error:
        raise NotWhatItClaimsError from error
