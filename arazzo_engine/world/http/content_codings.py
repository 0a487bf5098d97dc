"""Content codings: which ones an answer may come in, and how a packed body is unpacked within a bound.

Decides what ``Accept-Encoding`` says: gzip and deflate always, br and zstd when their libraries are installed. A body
is unpacked as a whole and never beyond the ceiling, so that a small answer cannot unfold without end.
"""

from __future__ import annotations

import zlib
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS


class UnpackingError(Exception):
    """A body is not packed as it claims."""


class TooLargeError(Exception):
    """A body is larger than the ceiling once it is unpacked."""


def unpack(content: bytes, coding: str, ceiling: int) -> bytes:
    """Return the body unpacked; one in a coding that was not asked for stays as it came.

    Raises ``UnpackingError`` and ``TooLargeError``; at most one byte more than ``ceiling`` is ever unpacked.
    """
    unpacker = _UNPACKERS.get(coding.strip().lower())
    if unpacker is None or not content:
        return content
    unpacked = unpacker(content, ceiling + 1)
    if len(unpacked) > ceiling:
        raise TooLargeError
    return unpacked


def _unzip(content: bytes, room: int) -> bytes:
    unpacked = bytearray()
    # RFC 1952, section 2.2: "A gzip file consists of a series of "members""
    while content and len(unpacked) < room:
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
