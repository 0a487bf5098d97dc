"""Multipart bodies: one part for each member or element, with its own content type and headers.

Decides the parts and the boundary. The boundary is made from the content, so that the same payload is the same bytes,
and never occurs in it.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import FORM_DATA, JSON, OCTETS, BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import MediaType
from arazzo_engine.apis.descriptions.schemas import Shape
from arazzo_engine.apis.wire_forms.binary import Content, read_content
from arazzo_engine.apis.wire_forms.content_types import first_concrete
from arazzo_engine.apis.wire_forms.forms import styled_pieces
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.messages.payloads import media_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.descriptions.operations import Encoding
    from arazzo_engine.apis.wire_forms.forms import Writer
    from arazzo_engine.documents.values import JsonValue

_UNSENDABLE: Final = re.compile("[\r\n\0]")
# HTML, multipart/form-data encoding algorithm: what a name cannot hold as it is
_IN_NAMES: Final = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


class Part(Struct, frozen=True):
    """One part, its headers in order."""

    headers: tuple[tuple[str, str], ...]
    content: bytes


def parts_of(payload: JsonValue, content_type: str, description: MediaType | None, write: Writer) -> Iterator[Part]:
    """Yield the parts of an object, named after its members, or of an array, which have no names."""
    described = description or MediaType(content_type)
    shape = described.shape or Shape()
    if isinstance(payload, list):
        for index, value in enumerate(payload):
            encodings = described.prefix_encoding
            encoding = encodings[index] if index < len(encodings) else described.item_encoding
            yield _part(None, value, _Member(shape.items, encoding), write)
        return
    for name, value in payload.items():
        member = _Member(shape.of(name), described.encoding.get(name))
        if member.encoding is not None and member.encoding.style and media_type(content_type) == FORM_DATA:
            yield from _styled_parts(name, value, member.encoding)
            continue
        # "each schema property, or each element of a schema array property, takes a section in the payload"
        elements = value if isinstance(value, list) else [value]
        inner = member.of_element() if isinstance(value, list) else member
        for each in elements:
            yield _part(name, each, inner, write)


class _Member(Struct, frozen=True):
    shape: Shape | None
    encoding: Encoding | None

    def of_element(self) -> _Member:
        return _Member(self.shape.items if self.shape is not None else None, self.encoding)


def _styled_parts(name: str, value: JsonValue, encoding: Encoding) -> Iterator[Part]:
    for piece, texts, sign in styled_pieces(name, value, encoding):
        between = {"%20": " ", "%7C": "|"}.get(sign, sign)
        yield Part((_disposition(piece, ""), *encoding.headers.items()), between.join(texts).encode())


def _part(name: str | None, value: JsonValue, member: _Member, write: Writer) -> Part:
    allowed = None if member.encoding is None else member.encoding.content_type
    file = _file(value, member)
    if file is not None:
        kind = first_concrete(allowed, file.media_type) or _declared(member) or OCTETS
        content, filename = file.data, file.filename or name or "file"
    else:
        kind = first_concrete(allowed) or _default_type(value, member)
        described = MediaType(kind, shape=_named(member.shape, name))
        content = write("" if value is None else value, kind or "text/plain", described)
        filename = ""
    given = {} if member.encoding is None else member.encoding.headers
    headers = [] if name is None or _has(given, "content-disposition") else [_disposition(name, filename)]
    headers += [("Content-Type", kind)] if kind else []
    return Part((*headers, *given.items()), content)


def _named(shape: Shape | None, name: str | None) -> Shape:
    """Return the shape with the name that a root element of XML bears when nothing else names it."""
    shape = shape or Shape()
    return shape if shape.name or name is None else replace(shape, name=name)


def _file(value: JsonValue, member: _Member) -> Content | None:
    """Return the bytes of a value that is sent as a file, ``None`` for any other."""
    if not isinstance(value, str):
        return None
    shape = member.shape
    if shape is not None and (shape.is_binary or (shape.format == "" and not shape.is_described)):
        return read_content(value)
    kind = first_concrete(None if member.encoding is None else member.encoding.content_type)
    is_encoded = shape is not None and bool(shape.content_encoding)
    is_bytes = bool(kind) and kind_of_body(kind) is BodyKind.BINARY and not is_encoded
    return read_content(value) if is_bytes else None


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


def _disposition(name: str, filename: str) -> tuple[str, str]:
    value = f'form-data; name="{name.translate(_IN_NAMES)}"'
    return "Content-Disposition", f'{value}; filename="{filename.translate(_IN_NAMES)}"' if filename else value


def choose_boundary(parts: tuple[Part, ...], given: str | None) -> str:
    """Return a boundary that no part contains: the given one, or one made from the parts."""
    if given is not None:
        if any(given.encode("latin-1", errors="replace") in _whole(part) for part in parts):
            message = "the boundary that `contentType` names occurs in the content"
            raise ArazzoError(diagnose("request-body-malformed", message, fix="leave the boundary to the engine"))
        return given
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(_whole(part)).to_bytes(8, "big") + _whole(part))
    boundary = f"arazzo-{digest.hexdigest()[:32]}"
    while any(boundary.encode() in _whole(part) for part in parts):
        digest.update(b"again")
        boundary = f"arazzo-{digest.hexdigest()[:32]}"
    return boundary


def join_parts(parts: tuple[Part, ...], boundary: str) -> bytes:
    """Return the body.

    "multipart-body := [preamble CRLF] dash-boundary transport-padding CRLF body-part *encapsulation close-delimiter"
    (RFC 2046, section 5.1.1).
    """
    delimiter = f"--{boundary}".encode("latin-1", errors="replace")
    body = b"".join(delimiter + b"\r\n" + _whole(part) + b"\r\n" for part in parts)
    return body + delimiter + b"--\r\n"


def _whole(part: Part) -> bytes:
    lines = [f"{name}: {value}" for name, value in part.headers]
    # RFC 9110, section 5.5: "Field values containing CR, LF, or NUL characters are invalid and dangerous"
    if any(_UNSENDABLE.search(line) for line in lines):
        message = "the description gives a part of the body a header that no message can hold"
        raise ArazzoError(diagnose("value-unsendable", message))
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + part.content
