"""Forms: ``application/x-www-form-urlencoded``, member by member, as the Encoding Object says or as APIs take them.

Decides the pairs. Styles are those of query parameters, and ``styles`` knows them; how a value with a media type of its
own is written is for the caller to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from arazzo_engine.apis.descriptions.operations import Encoding, In, MediaType, ParameterDescription
from arazzo_engine.apis.wire_forms.content_types import first_concrete
from arazzo_engine.apis.wire_forms.percent_encoding import encode_form, encode_reserved_in_query
from arazzo_engine.apis.wire_forms.styles import nested_pieces, pieces
from arazzo_engine.language.expressions.strings import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.apis.descriptions.schemas import Shape
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.contents import Content

    # what writes the bytes of a value within a body, by its media type and what the operation says of it
    Writer: TypeAlias = Callable[[JsonValue, str, MediaType | None], Content]


def form_members(members: dict[str, JsonValue], description: MediaType | None, write: Writer) -> Iterator[str]:
    """Yield the pairs of a form, ``name=value`` each."""
    for name, value in members.items():
        encoding = None if description is None else description.encoding.get(name)
        shape = None if description is None or description.shape is None else description.shape.of(name)
        if encoding is not None and encoding.style:
            yield from _styled(name, value, encoding)
        elif encoding is not None and first_concrete(encoding.content_type):
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
        yield f"{encode_form(piece)}={sign.join(map(encode, texts))}"


def _typed(name: str, value: JsonValue, description: MediaType, write: Writer) -> Iterator[str]:
    # "for array - the default is defined based on the inner type": each element is a value of its own
    for each in value if isinstance(value, list) else [value]:
        text = bytes(write(each, description.name, description)).decode("utf-8", errors="replace")
        yield f"{encode_form(name)}={encode_form(text)}"


def _plain(name: str, value: JsonValue, shape: Shape | None) -> Iterator[str]:
    """Yield the pairs of a member that has no Encoding Object.

    OpenAPI's default for an object is JSON text. APIs that take nested forms read brackets and seldom say so, so
    brackets it is; those that do take JSON describe a string, or say ``contentType: application/json``.
    """
    is_nested = isinstance(value, dict | list)
    if not is_nested or (shape is not None and shape.type == "string"):
        yield f"{encode_form(name)}={encode_form('' if value is None else text_of(value))}"
    elif isinstance(value, list) and not any(isinstance(each, dict | list) for each in value):
        texts = ("" if each is None else text_of(each) for each in value)
        yield from (f"{encode_form(name)}={encode_form(each)}" for each in texts)
    else:
        yield from (f"{encode_form(piece)}={encode_form(text)}" for piece, (text, *_), _ in nested_pieces(name, value))
