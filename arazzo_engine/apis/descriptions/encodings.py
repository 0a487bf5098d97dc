"""Encoding Objects: how the properties and parts of a request body are written, with the shape of its schema.

Decides what the writers of bodies are told. It reads only what changes bytes, and only for media types where a schema
does: JSON is the same whatever describes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.fields import elements, flag, members, object_at, text
from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import Encoding, MediaType, default_explode
from arazzo_engine.apis.descriptions.references import Resolver, value_at
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.descriptions.shapes import shape_of
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.expressions.strings import text_of

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Place

# the kinds of body that are written as their schema says
SHAPED: Final = frozenset({BodyKind.FORM, BodyKind.MULTIPART, BodyKind.XML, BodyKind.BINARY})
_FIELDS: Final = frozenset({"encoding", "prefixEncoding", "itemEncoding"})
_STYLED: Final = ("style", "explode", "allowReserved")


def with_shape(media_type: MediaType, resolver: Resolver) -> MediaType:
    """Return the media type with the shape of its schema, when its writer looks at one."""
    if kind_of_body(media_type.name) not in SHAPED and "*" not in media_type.name:
        return media_type
    return replace(media_type, shape=shape_of(media_type.schema, resolver))


def with_encodings(media_type: MediaType, at: Place, resolver: Resolver) -> MediaType:
    """Return the media type at a place with its shape and its Encoding Objects."""
    shaped = with_shape(media_type, resolver)
    return replace(shaped, **_encodings(at, resolver)) if object_at(at).keys() & _FIELDS else shaped


def _encodings(at: Place, resolver: Resolver) -> dict[str, Any]:
    is_there = "itemEncoding" in object_at(at)
    return {
        "encoding": {name: _encoding(place, resolver) for name, place in members(at, "encoding")},
        "prefix_encoding": tuple(_encoding(place, resolver) for place in elements(at, "prefixEncoding")),
        "item_encoding": _encoding(at.child("itemEncoding"), resolver) if is_there else None,
    }


def _encoding(at: Place, resolver: Resolver) -> Encoding:
    value = object_at(at)
    # "If a value is explicitly defined, then the value of contentType (implicit or explicit) SHALL be ignored."
    style = (text(value, "style") or "form") if any(name in value for name in _STYLED) else ""
    fixed: dict[str, str] = {}
    unknown = []
    for name, place in members(at, "headers"):
        # "Content-Type is described separately and SHALL be ignored in this section."
        if name.lower() == "content-type":
            continue
        header = resolver.resolve(place)
        found = _fixed_value(header, resolver)
        if found is not None:
            fixed[name] = found
        elif object_at(header).get("required") is True:
            unknown.append(name)
    return Encoding(
        at=at,
        content_type=text(value, "contentType") or None,
        style=style,
        explode=flag(value, "explode", default=default_explode(style)),
        allow_reserved=value.get("allowReserved") is True,
        headers=fixed,
        open_headers=tuple(unknown),
        # "Applies nested Encoding Objects in the same manner as the Media Type Object's `encoding` field."
        **_encodings(at, resolver),
    )


def _fixed_value(header: Place, resolver: Resolver) -> str | None:
    """Return the value of a part's header: no step can give one, so it is the only one its schema allows."""
    schema = header.child("schema")
    shape = shape_of(Schema(schema, value_at(schema)), resolver)
    found = ABSENT if shape is None else shape.fixed
    return None if found is ABSENT else text_of(found)
