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
from arazzo_engine.apis.wire_forms.binary import certain_file, likely_file, read_content
from arazzo_engine.apis.wire_forms.content_types import first_concrete, part_media_type
from arazzo_engine.apis.wire_forms.forms import styled_pieces
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.messages.contents import InBase64, Pieces, chunks_of, joined
from arazzo_engine.language.messages.files import EncodedBytes, File, Notation, files_in
from arazzo_engine.language.messages.payloads import is_json, media_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.descriptions.operations import Encoding
    from arazzo_engine.apis.wire_forms.forms import Writer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.contents import Content, Piece

_UNSENDABLE: Final = re.compile("[\r\n\0]")
# HTML, multipart/form-data encoding algorithm: what a name cannot hold as it is
_IN_NAMES: Final = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


class Part(Struct, frozen=True):
    """One part, its headers in order."""

    headers: tuple[tuple[str, str], ...]
    content: Content


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
        is_styled = member.encoding is not None and member.encoding.style and media_type(content_type) == FORM_DATA
        if member.encoding is not None and is_styled and not any(files_in(value)):
            yield from _styled_parts(name, value, member.encoding)
            continue
        # "each schema property, or each element of a schema array property, takes a section in the payload"
        elements = value if isinstance(value, list) else [value]
        inner = member.of_element() if isinstance(value, list) else member
        # null is no file, not even an empty one
        yield from (_part(name, each, inner, write) for each in elements if each is not None or not inner.is_file)


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
        kind, content = _written_file(file, allowed, member)
        filename = file.name or name or ""
    else:
        kind = first_concrete(allowed) or _default_type(value, member)
        described = MediaType(kind, shape=_named(member.shape, name))
        content = write("" if value is None else value, kind or "text/plain", described)
        filename = ""
    given = {} if member.encoding is None else member.encoding.headers
    is_placed = (name is None and not filename) or _has(given, "content-disposition")
    headers = [] if is_placed else [_disposition(name, filename)]
    headers += [("Content-Type", kind)] if kind else []
    return Part((*headers, *given.items()), content)


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
    if not isinstance(value, str) or member.is_base64:
        return None
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


def choose_boundary(parts: tuple[Part, ...], given: str | None) -> str:
    """Return a boundary that no part contains: the given one, or one made from the parts."""
    wholes = [joined([_head(part), part.content]) for part in parts]
    if given is not None:
        if any(_holds(whole, given.encode("latin-1", errors="replace")) for whole in wholes):
            message = "the boundary that `contentType` names occurs in the content"
            raise ArazzoError(diagnose("request-body-malformed", message, fix="leave the boundary to the engine"))
        return given
    digest = hashlib.sha256()
    for whole in wholes:
        digest.update(len(whole).to_bytes(8, "big"))
        for known in _known(whole):
            digest.update(known)
    boundary = f"arazzo-{digest.hexdigest()[:32]}"
    # no file holds what is made from its own digest
    while any(boundary.encode() in known for whole in wholes for known in _known(whole)):
        digest.update(b"again")
        boundary = f"arazzo-{digest.hexdigest()[:32]}"
    return boundary


def _known(whole: Content) -> Iterator[bytes]:
    """Yield the bytes of a part, and of a file in it the digest."""
    for piece in whole.pieces if isinstance(whole, Pieces) else (whole,):
        match piece:
            case bytes():
                yield piece
            case File(digest=digest) | InBase64(file=File(digest=digest)):
                yield digest.encode()


def _holds(whole: Content, boundary: bytes) -> bool:
    rest = b""
    for chunk in chunks_of(whole):
        rest += chunk
        if boundary in rest:
            return True
        rest = rest[-len(boundary) :]
    return False


def join_parts(parts: tuple[Part, ...], boundary: str) -> Content:
    """Return the body.

    "multipart-body := [preamble CRLF] dash-boundary transport-padding CRLF body-part *encapsulation close-delimiter"
    (RFC 2046, section 5.1.1).
    """
    delimiter = f"--{boundary}".encode("latin-1", errors="replace")

    def pieces() -> Iterator[Piece | Content]:
        for part in parts:
            yield delimiter + b"\r\n" + _head(part)
            yield part.content
            yield b"\r\n"
        yield delimiter + b"--\r\n"

    return joined(pieces())


def _head(part: Part) -> bytes:
    lines = [f"{name}: {value}" for name, value in part.headers]
    # RFC 9110, section 5.5: "Field values containing CR, LF, or NUL characters are invalid and dangerous"
    if any(_UNSENDABLE.search(line) for line in lines):
        message = "the description gives a part of the body a header that no message can hold"
        raise ArazzoError(diagnose("value-unsendable", message))
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"
