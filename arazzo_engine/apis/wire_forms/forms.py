"""Forms: ``application/x-www-form-urlencoded``, member by member, as the Encoding Object says or as APIs take them.

Decides the pairs. Styles are those of query parameters, and ``styles`` knows them; how a value with a media type of its
own is written is for the caller to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Encoding, In, MediaType, ParameterDescription
from arazzo_engine.apis.wire_forms.content_types import first_concrete
from arazzo_engine.apis.wire_forms.percent_encoding import encode_form, encode_reserved_in_query
from arazzo_engine.apis.wire_forms.styles import join_texts, nested_pieces, pieces
from arazzo_engine.language.expressions.strings import text_of
from arazzo_engine.language.messages.payloads import is_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.schemas import Shape
    from arazzo_engine.apis.wire_forms.written import Writer
    from arazzo_engine.documents.values import JsonValue


def form_members(members: dict[str, JsonValue], description: MediaType | None, write: Writer) -> Iterator[str]:
    """Yield the pairs of a form, ``name=value`` each."""
    for name, value in members.items():
        encoding = None if description is None else description.encoding.get(name)
        shape = None if description is None or description.shape is None else description.shape.of(name)
        if encoding is not None and encoding.style:
            yield from _styled(name, value, encoding)
        elif encoding is not None and _is_said(encoding):
            yield from _typed(name, value, MediaType(first_concrete(encoding.content_type), shape=shape), write)
        else:
            yield from _plain(name, value, shape)


def styled_pieces(name: str, value: JsonValue, encoding: Encoding) -> list[tuple[str, tuple[str, ...], str]]:
    """Return the pieces of a member whose Encoding Object names a style."""
    described = ParameterDescription(encoding.at, name, In.QUERY, style=encoding.style, explode=encoding.explode)
    return pieces(described, value)


def _styled(name: str, value: JsonValue, encoding: Encoding) -> Iterator[str]:
    encode = encode_reserved_in_query if encoding.allow_reserved else encode_form
    for piece, texts, sign in styled_pieces(name, value, encoding):
        yield f"{encode_form(piece)}={join_texts(name, map(encode, texts), sign)}"


def _typed(name: str, value: JsonValue, description: MediaType, write: Writer) -> Iterator[str]:
    # "property values of the array type MUST be handled by applying the given Encoding Object to produce one encoded
    # value per array item"
    shape = description.shape
    is_list = isinstance(value, list)
    inner = replace(description, shape=shape.items) if is_list and shape is not None else description
    for each in value if is_list else [value]:
        content = write("" if each is None and not is_json(inner.name) else each, inner.name, inner).content
        yield f"{encode_form(name)}={encode_form(bytes(content))}"


def _plain(name: str, value: JsonValue, shape: Shape | None) -> Iterator[str]:
    """Yield the pairs of a member that has no Encoding Object.

    OpenAPI's default for an object is JSON text. APIs that take nested forms read brackets and seldom say so, so
    brackets it is; those that do take JSON describe a string, or say ``contentType: application/json``.
    """
    if not isinstance(value, dict | list) or _is_of_text(shape):
        yield f"{encode_form(name)}={encode_form('' if value is None else text_of(value))}"
    elif isinstance(value, list) and not _nests(value):
        texts = ("" if each is None else text_of(each) for each in value)
        yield from (f"{encode_form(name)}={encode_form(each)}" for each in texts)
    else:
        yield from (f"{encode_form(piece)}={encode_form(text)}" for piece, (text, *_), _ in nested_pieces(name, value))


def _is_of_text(shape: Shape | None) -> bool:
    """Whether a member is a text and nothing else, so that an object in it is JSON; else it goes by what it is."""
    return shape is not None and shape.types == {"string"}


def _nests(value: JsonValue) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(each, dict | list) for each in value))


def _has_texts(value: JsonValue) -> bool:
    """Whether anything of a value is sent: brackets around nothing are nothing."""
    match value:
        case dict():
            return any(map(_has_texts, value.values()))
        case list():
            return any(map(_has_texts, value))
        case _:
            return True


def in_brackets(payload: JsonValue, description: MediaType | None) -> list[str]:
    """Return the members of a form that stand in brackets though their description does not say so."""
    if not isinstance(payload, dict):
        return []
    described = MediaType("") if description is None else description
    shapes = {} if described.shape is None else {name: described.shape.of(name) for name in payload}
    return [
        name
        for name, value in payload.items()
        if _nests(value)
        and _has_texts(value)
        and not _is_said(described.encoding.get(name))
        and not _is_of_text(shapes.get(name))
    ]


def _is_said(encoding: Encoding | None) -> bool:
    return encoding is not None and bool(encoding.style or first_concrete(encoding.content_type))
