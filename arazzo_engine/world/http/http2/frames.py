"""Frames of HTTP/2, taken apart as they come: which are for one request, and which close the connection.

Decides where a frame ends, and no more: what frames mean together is for h2. One kind is kept from it: after a GOAWAY,
h2 takes nothing any more, and the answer to a request that the server has begun to process is still to come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.world.http.failures import ChannelError, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

# RFC 9113, section 4.1: "All frames begin with a fixed 9-octet header followed by a variable-length frame payload."
_HEAD: Final = 9
# section 4.2: "Values greater than 2^14 (16,384) MUST NOT be sent unless the receiver has set a larger value"
_LARGEST: Final = 16_384
# section 6.8
_GOAWAY: Final = 0x07
_RESERVED: Final = 0x7FFFFFFF


class GoAway(Struct, frozen=True):
    """The server takes no further requests; ``last`` is the highest stream that it may have processed."""

    last: int
    code: int


class Frames:
    """Takes bytes, however they are cut, and gives whole frames: those that close the connection are read."""

    def __init__(self) -> None:
        self._left = bytearray()

    def feed(self, content: bytes) -> Iterator[GoAway | bytes]:
        """Yield the frames that are complete now."""
        self._left += content
        while (size := self._size()) is not None and len(self._left) >= size:
            frame = bytes(self._left[:size])
            del self._left[:size]
            yield _go_away(frame) if frame[3] == _GOAWAY and size >= _HEAD + 8 else frame

    def _size(self) -> int | None:
        """Return how long the next frame is, its head included; ``None`` when that is not known yet."""
        if len(self._left) < _HEAD:
            return None
        length = int.from_bytes(self._left[:3])
        if length > _LARGEST:
            raise ChannelError(Trouble.BROKEN_OFF, "what it sent is no HTTP/2")
        return _HEAD + length


def _go_away(frame: bytes) -> GoAway:
    last, code = (int.from_bytes(frame[start : start + 4]) for start in (_HEAD, _HEAD + 4))
    return GoAway(last & _RESERVED, code)
