"""The parts of a multipart body become one: their heads, and the boundary between them.

Decides the boundary. It is made from the content, so that the same payload is the same bytes, and never occurs in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.messages.contents import InBase64, Pieces, chunks_of, joined
from arazzo_engine.language.messages.files import File
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.language.messages.contents import Content, Piece

_UNSENDABLE: Final = lazy_pattern("[\r\n\0]")


class Part(Struct, frozen=True):
    """One part, its headers in order."""

    headers: tuple[tuple[str, str], ...]
    content: Content


def choose_boundary(parts: tuple[Part, ...], given: str | None) -> str:
    """Return a boundary that no part contains: the given one, or one made from the parts."""
    wholes = [joined([_head(part), part.content]) for part in parts]
    if given is not None:
        if any(_holds(whole, given.encode("latin-1", errors="replace")) for whole in wholes):
            message = "the boundary that `contentType` names occurs in the content"
            raise ArazzoError(diagnose("request-body-malformed", message, fix="leave the boundary to the engine"))
        return given
    import hashlib  # noqa: PLC0415 - only for a body that needs it

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
