"""Bodies as a person reads them: texts as they are, and of bytes how many they are, in base64 or by their digest.

Decides what of a body is a text, and how much of the rest is shown. Masking is left to whoever prints it.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.wire_forms.content_types import boundary_of
from arazzo_engine.language.messages.charsets import charset_of
from arazzo_engine.language.messages.contents import InBase64, Pieces, joined
from arazzo_engine.language.messages.files import LARGEST_SHOWN, ChangedError, File

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.contents import Content, Piece


# RFC 8259, section 8.1: "MUST be encoded using UTF-8"
_IN_UTF_8: Final = frozenset({BodyKind.JSON, BodyKind.SEQUENCE, BodyKind.FORM})


def body_text(content: Content, content_type: str) -> str:
    """Return a body as text, with the bytes in it described."""
    charset = charset_of_body(content_type)
    boundary = (boundary_of(content_type) or "").encode("latin-1", errors="replace")
    known = _known(content)
    pieces = known.pieces if isinstance(known, Pieces) else (known,)
    return "".join(_piece(each, charset, boundary) for each in pieces)


def described_bytes(content: Content, content_type: str) -> JsonValue:
    """Return what is known of a body that is no text, as JSON; ``None`` for a text, or for one with texts in it."""
    known = _known(content)
    match known:
        case Pieces(pieces=(File() as file,)):
            return {"length": file.size, "sha256": file.digest}
        case bytes() if not boundary_of(content_type) and _as_text(known, charset_of_body(content_type)) is None:
            is_large = len(known) > LARGEST_SHOWN
            shown = {"sha256": _digest(known)} if is_large else {"base64": base64.b64encode(known).decode("ascii")}
            return {"length": len(known), **shown}
        case _:
            return None


def charset_of_body(content_type: str) -> str:
    """Return the charset that a body of this type is written in: JSON and forms are in UTF-8, whatever it names.

    >>> charset_of_body("application/json; charset=latin-1"), charset_of_body("text/plain; charset=latin-1")
    ('utf-8', 'iso8859-1')
    """
    return "utf-8" if kind_of_body(content_type) in _IN_UTF_8 else charset_of(content_type) or "utf-8"


def bytes_text(content: bytes, what: str = "", largest: int = LARGEST_SHOWN) -> str:
    """Return how many bytes there are, and which; of many, their digest."""
    is_large = len(content) > largest
    shown = f"sha256 {_digest(content)}" if is_large else f"base64 {base64.b64encode(content).decode('ascii')}"
    return f"<{len(content):,} byte{'' if len(content) == 1 else 's'}{what}, {shown}>"


def _known(content: Content) -> Content:
    """Return a body with its small files read: they are shown whole."""
    return joined(map(_read, content.pieces)) if isinstance(content, Pieces) else content


def _read(piece: Piece) -> Content:
    file = piece.file if isinstance(piece, InBase64) else piece
    if isinstance(file, bytes) or file.size > LARGEST_SHOWN:
        return joined([piece])
    try:
        return bytes(joined([piece]))
    except ChangedError:
        return joined([piece])


def _piece(piece: Piece, charset: str, boundary: bytes) -> str:
    match piece:
        case File():
            return piece.summary()
        case InBase64():
            return f"base64 of {piece.file.summary()}"
        case bytes():
            text = _as_text(piece, charset)
            if text is not None:
                return text
            return "".join(_sections(piece, charset, boundary)) if boundary else bytes_text(piece)


def _sections(content: bytes, charset: str, boundary: bytes) -> Iterator[str]:
    """Yield a multipart body, part by part."""
    delimiter = b"--" + boundary
    for index, section in enumerate(content.split(delimiter)):
        head, empty, rest = section.partition(b"\r\n\r\n")
        yield delimiter.decode("latin-1") if index else ""
        yield (head + empty).decode("utf-8", errors="replace")
        data = rest.removesuffix(b"\r\n")
        text = _as_text(data, charset)
        yield bytes_text(data) if text is None else text
        yield rest[len(data) :].decode("ascii")


def _as_text(content: bytes, charset: str) -> str | None:
    try:
        return content.decode(charset)
    except UnicodeDecodeError:
        return None


def _digest(content: bytes) -> str:
    from hashlib import sha256  # noqa: PLC0415 - loads OpenSSL, which few need

    return sha256(content).hexdigest()
