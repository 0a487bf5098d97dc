"""Multipart bodies: one part for each member or element, with its own content type and headers.

Decides the parts. How they become one body is decided by ``boundaries``.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import FORM_DATA, JSON, OCTETS, BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import Encodings, MediaType
from arazzo_engine.apis.descriptions.schemas import Shape
from arazzo_engine.apis.wire_forms.binary import certain_file, likely_file, read_content
from arazzo_engine.apis.wire_forms.boundaries import Part
from arazzo_engine.apis.wire_forms.content_types import first_concrete, part_media_type
from arazzo_engine.apis.wire_forms.forms import styled_pieces
from arazzo_engine.apis.wire_forms.styles import join_texts
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.messages.contents import InBase64, joined
from arazzo_engine.language.messages.files import EncodedBytes, File, Notation, leaves_in
from arazzo_engine.language.messages.payloads import is_json, media_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.descriptions.operations import Encoding
    from arazzo_engine.apis.wire_forms.written import Writer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.contents import Content

# by what others name a part, and what it holds
_NAMED_BY: Final = ("name", "key")
_HELD_BY: Final = ("value", "content", "contents", "file", "src", "path", "filename")
# HTML, multipart/form-data encoding algorithm: what a name cannot hold as it is
_IN_NAMES: Final = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


def parts_of(payload: JsonValue, content_type: str, description: MediaType | None, write: Writer) -> Iterator[Part]:
    """Yield the parts of an object, named after its members, or of an array, which have no names."""
    described = description or MediaType(content_type)
    shape = described.shape or Shape()
    is_form = media_type(content_type) == FORM_DATA
    if isinstance(payload, dict):
        for name, value in payload.items():
            member = _Member(shape.of(name), described.encoding.get(name))
            yield from _parts(name, value, member, write) if not is_form else _form_parts(name, value, member, write)
        return
    for index, value in enumerate(payload):
        member = _Member(shape.at(index), described.encoding_at(index))
        if not is_form:
            yield _part(None, value, member, write)
            continue
        # "`multipart/form-data` content may also be modelled as an array, with one item per part, in order (where each
        # item consists of an object containing the name/value pair)"
        if not isinstance(value, dict):
            message = f"a part of `{FORM_DATA}` has no name"
            fix = "give an object, or a list of objects with one member each"
            raise ArazzoError(diagnose("request-body-malformed", message, fix=fix))
        _check_described(value, member)
        for name, each in value.items():
            yield from _form_parts(name, each, _Member(member.shape and member.shape.of(name), member.encoding), write)


def _check_described(part: dict[str, JsonValue], member: _Member) -> None:
    """Refuse a part that is described as HTTP libraries do, by its name and its value: these would be two fields."""
    is_named = any(isinstance(part.get(each), str) for each in _NAMED_BY)
    known = () if member.shape is None else (each for each in part if member.shape.of(each) is not None)
    if is_named and any(each in part for each in _HELD_BY) and not any(known):
        named = next(part[each] for each in _NAMED_BY if isinstance(part.get(each), str))
        held = next(each for each in _HELD_BY if each in part)
        message = (
            f"a part of `{FORM_DATA}` has the fields `{'`, `'.join(part)}`, and may be meant as the field `{named}`"
        )
        fix = f"write `{{{named}: …}}`, with what `{held}` has, in an object or in a list"
        raise ArazzoError(diagnose("request-body-malformed", message, fix=fix))


class Holding(Enum):
    """What a part holds: bytes, a text that holds bytes, or any other value."""

    BYTES = "bytes"
    BASE64 = "base64"
    VALUE = "value"


def holding_of(description: MediaType, name: str, *, is_list: bool) -> Holding:
    """Return what is described of a part, or of each of those that a list becomes."""
    shape = description.shape.of(name) if description.shape is not None else None
    described = _Member(shape, description.encoding.get(name))
    member = described.of_element() if is_list else described
    if member.is_base64:
        return Holding.BASE64
    is_styled = member.encoding is not None and bool(member.encoding.style)
    return Holding.BYTES if member.is_bytes and not is_styled else Holding.VALUE


def _form_parts(name: str, value: JsonValue, member: _Member, write: Writer) -> Iterator[Part]:
    is_styled = member.encoding is not None and bool(member.encoding.style)
    if member.encoding is not None and is_styled and not any(map(certain_file, leaves_in(value))):
        yield from _styled_parts(name, value, member.encoding)
    else:
        yield from _parts(name, value, member, write)


def _parts(name: str, value: JsonValue, member: _Member, write: Writer) -> Iterator[Part]:
    # "each schema property, or each element of a schema array property, takes a section in the payload"; a list whose
    # elements are described by position is one multipart body within the other
    is_list = isinstance(value, list) and not member.is_nested_list(value)
    inner = member.of_element() if is_list else member
    # null is no file, not even an empty one
    for each in value if is_list else [value]:
        if each is not None or not inner.is_file:
            yield _part(name, each, inner, write)


class _Member(Struct, frozen=True):
    shape: Shape | None
    encoding: Encoding | None

    @property
    def is_json(self) -> bool:
        """Whether its media type is JSON."""
        return self.encoding is not None and is_json(first_concrete(self.encoding.content_type))

    @property
    def is_bytes(self) -> bool:
        """Whether it is described as bytes."""
        if self.shape is not None and self.shape.is_binary:
            return True
        kind = first_concrete(None if self.encoding is None else self.encoding.content_type)
        is_encoded = self.shape is not None and bool(self.shape.content_encoding)
        return bool(kind) and kind_of_body(kind) is BodyKind.BINARY and not is_encoded

    @property
    def is_file(self) -> bool:
        """Whether a file is described, in base64 too, or several."""
        return (
            self.is_bytes
            or self.is_base64
            or (self.shape is not None and self.shape.items is not None and self.of_element().is_file)
        )

    @property
    def is_text(self) -> bool:
        """Whether it is described as a text."""
        return self.shape is not None and self.shape.type == "string"

    @property
    def is_base64(self) -> bool:
        """Whether it is described as a text that holds bytes."""
        return self.shape is not None and self.shape.is_base64

    @property
    def is_multipart(self) -> bool:
        """Whether it is a multipart body of its own."""
        kind = first_concrete(None if self.encoding is None else self.encoding.content_type)
        return bool(kind) and kind_of_body(kind) is BodyKind.MULTIPART

    def is_nested_list(self, value: list[JsonValue]) -> bool:
        """Whether a list is a multipart body, and not each of its elements."""
        encoding = self.encoding
        is_by_position = encoding is not None and bool(encoding.prefix_encoding or encoding.item_encoding)
        of_each = list if is_by_position else (list, dict)
        return self.is_multipart and not (value and all(isinstance(each, of_each) for each in value))

    def of_element(self) -> _Member:
        return _Member(self.shape.items if self.shape is not None else None, self.encoding)


def _styled_parts(name: str, value: JsonValue, encoding: Encoding) -> Iterator[Part]:
    for piece, texts, sign in styled_pieces(name, value, encoding):
        # "URI percent-encoding MUST NOT be applied"
        text = join_texts(name, texts, unquote(sign))
        yield Part((_disposition(piece, ""), *encoding.headers.items()), text.encode())


def _part(name: str | None, value: JsonValue, member: _Member, write: Writer) -> Part:
    allowed = None if member.encoding is None else member.encoding.content_type
    file = None if member.is_multipart and not isinstance(value, File) else _file(value, member)
    if file is not None:
        kind, content = _written_file(file, allowed, member)
        filename = file.name or name or ""
    else:
        kind = first_concrete(allowed) or _default_type(value, member)
        body = write(
            "" if value is None and not is_json(kind) else value, kind or "text/plain", _within(kind, member, name)
        )
        # a multipart body within another one has a boundary of its own
        kind, content, filename = kind and body.content_type, body.content, ""
    given = {} if member.encoding is None else member.encoding.headers
    is_placed = (name is None and not filename) or _has(given, "content-disposition")
    headers = [] if is_placed else [_disposition(name, filename)]
    headers += [("Content-Type", kind)] if kind else []
    return Part((*headers, *given.items()), content)


def _within(kind: str, member: _Member, name: str | None) -> MediaType:
    """Return what is said of a part as of a body."""
    own = member.encoding
    shape = _named(member.shape, name)
    if own is None:
        return MediaType(kind, shape=shape)
    encodings = {each: getattr(own, each) for each in Encodings.__struct_fields__}
    return MediaType(kind, shape=shape, **encodings)


def _written_file(file: File, allowed: str | None, member: _Member) -> tuple[str, Content]:
    if file.notation is Notation.BASE64 and member.is_base64:
        # "if the property is a type: string with a contentEncoding, the default Content-Type is
        # application/octet-stream": who gives base64 where base64 is asked for means it
        return first_concrete(allowed) or OCTETS, joined([InBase64(file)])
    return part_media_type(allowed or _declared(member), file.media_type) or OCTETS, joined([file])


def _named(shape: Shape | None, name: str | None) -> Shape:
    """Return the shape with the name that a root element of XML bears when nothing else names it."""
    shape = shape or Shape()
    return shape if shape.name or name is None else replace(shape, name=name)


def _file(value: JsonValue, member: _Member) -> File | None:
    """Return the bytes of a value that is sent as a file, ``None`` for any other."""
    if isinstance(value, File):
        return value
    if not isinstance(value, str):
        return None
    if member.is_base64:
        file = None if isinstance(value, EncodedBytes) else certain_file(value)
        return None if file is None else file.in_base64()
    if member.is_bytes:
        return read_content(value)
    # JSON holds a `data:` URL as a string
    if member.is_json and not isinstance(value, EncodedBytes):
        return None
    return certain_file(value) if member.is_text else likely_file(value)


def _declared(member: _Member) -> str:
    return member.shape.content_media_type if member.shape is not None else ""


def _default_type(value: JsonValue, member: _Member) -> str:
    # "If the property is a primitive, or an array of primitive values, the default Content-Type is text/plain; if the
    # property is complex, or an array of complex values, the default Content-Type is application/json; if the property
    # is a type: string with a contentEncoding, the default Content-Type is application/octet-stream"
    if isinstance(value, dict | list):
        return JSON
    if member.shape is not None and member.shape.content_encoding:
        return OCTETS
    # RFC 7578, section 4.4: "it defaults to "text/plain"", and browsers leave it out
    return ""


def _has(headers: Iterable[str], name: str) -> bool:
    return any(each.lower() == name for each in headers)


def _disposition(name: str | None, filename: str) -> tuple[str, str]:
    # RFC 2183, section 2.2: "Bodyparts can be designated `attachment' to indicate that they are separate"
    value = "attachment" if name is None else f'form-data; name="{name.translate(_IN_NAMES)}"'
    return "Content-Disposition", f'{value}; filename="{filename.translate(_IN_NAMES)}"' if filename else value
