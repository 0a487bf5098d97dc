"""Content codings: which ones an answer may come in, and how a packed body is unpacked within a bound.

Decides what ``Accept-Encoding`` says: gzip and deflate always, br and zstd when their libraries are installed. Each
coding is undone as a whole and never beyond the ceiling, so that a small answer cannot unfold without end. An answer
is never lost for its packing: a body that is not packed is read as it came, one that cannot be unpacked is left out,
and both are told.
"""

from __future__ import annotations

import zlib
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS
_GZIP: Final = b"\x1f\x8b"
# each one is undone within the ceiling, and nobody needs many
_MOST: Final = 8
_OWN_ZEROS: Final = 16
_SHOWN: Final = 40
_AS_IT_CAME: Final = "it is read as it came"
_BEGINNINGS: Final = {"gzip": _GZIP, "x-gzip": _GZIP, "zstd": b"\x28\xb5\x2f\xfd"}
_CODINGS: Final = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})
_EXTRA: Final = "`pip install 'arazzo-engine[compression]'`"


class UnpackingError(Exception):
    """A body is not packed as it claims; ``read`` is what stands before bytes that do not belong to it."""

    def __init__(self, read: bytes | None = None) -> None:
        super().__init__()
        self.read = read


class TooLargeError(Exception):
    """A body is larger than the ceiling once it is unpacked."""


class Unpacked(Struct, frozen=True):
    """A body as far as it could be unpacked, and what a reader should know of it."""

    content: bytes
    problem: str | None = None


def unpack(content: bytes, codings: str, ceiling: int) -> Unpacked:
    """Return the body with its codings undone, the last one first, as far as they are what they claim.

    Raises ``TooLargeError``; at most one byte more than ``ceiling`` is ever unpacked at once.
    """
    # RFC 9110, section 8.4: the header "lists the content codings in the order in which they were applied"
    left = [each for each in (name.strip().lower() for name in codings.split(",")) if each not in {"", "identity"}]
    if not content or not left:
        return Unpacked(content)
    if len(left) > _MOST:
        return Unpacked(b"", f"the body is encoded {len(left)} times, and not unpacked: it is left out")
    while content and left:
        try:
            content = _undo(content, left[-1], ceiling)
        except UnpackingError as error:
            return _left_over(content, left[-1], error)
        left.pop()
    return Unpacked(content)


def readable(accepted: str) -> str:
    """Return a value of ``Accept-Encoding`` without the codings that cannot be undone here.

    >>> readable("zip, gzip;q=0.8, *"), readable("")
    ('gzip;q=0.8', 'identity')
    """
    listed = (each.strip() for each in accepted.split(","))
    known = (each for each in listed if each.partition(";")[0].strip().lower() in {"identity", *_UNPACKERS})
    return ", ".join(known) or "identity"


def _undo(content: bytes, coding: str, ceiling: int) -> bytes:
    unpacker = _UNPACKERS.get(coding)
    if unpacker is None:
        raise UnpackingError
    unpacked = _without_padding(unpacker, content, ceiling + 1)
    if len(unpacked) > ceiling:
        raise TooLargeError
    return unpacked


def _left_over(content: bytes, coding: str, error: UnpackingError) -> Unpacked:
    if error.read is not None:
        return Unpacked(error.read, f"the body has bytes behind its end that are no `{coding}`: they are left out")
    if coding not in _CODINGS:
        return Unpacked(
            content, f"the body is encoded as `{one_line(coding, _SHOWN)}`, which is not known: {_AS_IT_CAME}"
        )
    missing = "" if coding in _UNPACKERS else f"; `{coding}` takes the extra `compression` ({_EXTRA})"
    if not _looks_packed(content, coding):
        return Unpacked(content, f"the body claims to be encoded as `{coding}`, and is not: {_AS_IT_CAME}")
    return Unpacked(b"", f"the body is encoded as `{coding}` and cannot be unpacked: it is left out{missing}")


def _looks_packed(content: bytes, coding: str) -> bool:
    if coding in _BEGINNINGS:
        return content.startswith(_BEGINNINGS[coding])
    try:
        content.decode()
    except UnicodeDecodeError:
        return True
    return False


def _without_padding(unpacker: Callable[[bytes, int], bytes], content: bytes, room: int) -> bytes:
    """Unpack a body that may be filled up with zeros, which belong to nothing."""
    try:
        return unpacker(content, room)
    except UnpackingError as error:
        end = len(content.rstrip(b"\0"))
        # what is packed may itself end with zeros, but not with many
        for length in range(end, min(end + _OWN_ZEROS, len(content))):
            with suppress(UnpackingError):
                return unpacker(content[:length], room)
        raise error from None


def _unzip(content: bytes, room: int) -> bytes:
    unpacked = bytearray()
    # RFC 1952, section 2.2: "A gzip file consists of a series of "members""
    while content and len(unpacked) < room:
        if unpacked and not content.startswith(_GZIP):
            raise UnpackingError(bytes(unpacked))
        member = zlib.decompressobj(_GZIP_OR_ZLIB)
        unpacked += _inflate(member, content, room - len(unpacked))
        content = member.unused_data
    return bytes(unpacked)


def _undeflate(content: bytes, room: int) -> bytes:
    try:
        return _inflate(zlib.decompressobj(), content, room)
    except UnpackingError:
        # RFC 9110, section 8.4.1.2: "Some non-conformant implementations send the "deflate" compressed data without the
        # zlib wrapper."
        return _inflate(zlib.decompressobj(-zlib.MAX_WBITS), content, room)


def _inflate(decompressor: zlib._Decompress, content: bytes, room: int) -> bytes:
    try:
        unpacked = decompressor.decompress(content, room)
    except zlib.error as error:
        raise UnpackingError from error
    if not decompressor.eof and len(unpacked) < room:
        raise UnpackingError
    return unpacked


def _unbrotli(content: bytes, room: int) -> bytes:
    import brotli  # noqa: PLC0415 - an extra

    decompressor, unpacked = brotli.Decompressor(), bytearray()
    try:
        unpacked += decompressor.process(content, output_buffer_limit=room)
        while not decompressor.is_finished() and len(unpacked) < room:
            more = decompressor.process(b"", output_buffer_limit=room - len(unpacked))
            if not more:
                raise UnpackingError
            unpacked += more
    except brotli.error as error:
        raise UnpackingError from error
    return bytes(unpacked[:room])


def _unzstd(content: bytes, room: int) -> bytes:
    import zstandard  # noqa: PLC0415 - an extra

    try:
        unpacked = zstandard.ZstdDecompressor().stream_reader(content, read_across_frames=True).read(room)
        while content and len(unpacked) < room:
            # the reader does not tell whether a frame is whole; its size is known to be bounded now
            frame = zstandard.ZstdDecompressor().decompressobj()
            frame.decompress(content)
            if not frame.eof:
                raise UnpackingError
            content = frame.unused_data
    except zstandard.ZstdError as error:
        raise UnpackingError from error
    return unpacked


_INSTALLED: Final[dict[str, Callable[[bytes, int], bytes]]] = {
    **({"br": _unbrotli} if find_spec("brotli") else {}),
    **({"zstd": _unzstd} if find_spec("zstandard") else {}),
}
ACCEPTED: Final = ", ".join(("gzip", "deflate", *_INSTALLED))
_UNPACKERS: Final[dict[str, Callable[[bytes, int], bytes]]] = {
    "gzip": _unzip,
    # RFC 9110, section 8.4.1.3: "A recipient SHOULD consider "x-gzip" to be equivalent to "gzip"."
    "x-gzip": _unzip,
    "deflate": _undeflate,
    **_INSTALLED,
}
