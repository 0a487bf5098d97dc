"""The bytes of a request's body: as they are, or in pieces of which some are read from a file while they are sent.

Decides how long a body is and what it consists of. Nothing here knows a media type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from arazzo_engine.language.messages.files import File, Held, base64_of, base64_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class InBase64(Struct, frozen=True):
    """A file of which the base64 stands in a body."""

    file: File


Piece: TypeAlias = bytes | File | InBase64


class Pieces(Struct, frozen=True):
    """A body with files in it. It can be read again and again, each time from the first byte."""

    pieces: tuple[Piece, ...]

    def __len__(self) -> int:
        return sum(map(_size, self.pieces))

    def __bytes__(self) -> bytes:
        return b"".join(self.chunks())

    def check(self) -> None:
        """Raise ``ChangedError`` when a file is not what it was."""
        for piece in self.pieces:
            if isinstance(piece, File | InBase64):
                (piece.file if isinstance(piece, InBase64) else piece).source.check()

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes; raises ``ChangedError`` before the last of a file that has changed."""
        for piece in self.pieces:
            yield from _chunks(piece)


Content: TypeAlias = bytes | Pieces


def joined(pieces: Iterable[Piece | Content]) -> Content:
    """Return pieces as one body: bytes when none of them is read while it is sent."""
    found: list[Piece] = []
    # what is kept and stands together is put together once
    kept: list[bytes] = []
    for piece in _flat(pieces):
        here = _in_memory(piece)
        if here is not None:
            kept.append(here)
            continue
        if kept:
            found.append(b"".join(kept))
            kept.clear()
        found.append(piece)
    if kept:
        found.append(b"".join(kept))
    match found:
        case []:
            return b""
        case [bytes() as whole]:
            return whole
        case _:
            return Pieces(tuple(found))


def size_in_memory(content: Content) -> int:
    """Return how many bytes of a body are kept, and not read while it is sent."""
    if not isinstance(content, Pieces):
        return len(content)
    return sum(len(here) for here in map(_in_memory, content.pieces) if here is not None)


def chunks_of(content: Content) -> Iterator[bytes]:
    """Yield the bytes of a body, in pieces."""
    if isinstance(content, Pieces):
        yield from content.chunks()
    elif content:
        yield content


def _flat(pieces: Iterable[Piece | Content]) -> Iterator[Piece]:
    for piece in pieces:
        if isinstance(piece, Pieces):
            yield from piece.pieces
        else:
            yield piece


def _in_memory(piece: Piece) -> bytes | None:
    match piece:
        case bytes():
            return piece
        case File(source=Held(data=data)):
            return data
        case InBase64(file=File(source=Held(data=data))):
            return b"".join(base64_of([data]))
        case _:
            return None


def _size(piece: Piece) -> int:
    match piece:
        case bytes():
            return len(piece)
        case File():
            return piece.size
        case InBase64():
            return base64_size(piece.file.size)


def _chunks(piece: Piece) -> Iterator[bytes]:
    match piece:
        case bytes():
            yield piece
        case File():
            yield from piece.source.chunks()
        case InBase64():
            yield from base64_of(piece.file.source.chunks())
