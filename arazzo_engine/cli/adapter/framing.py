"""Messages of the protocol on a stream: a head with the length, an empty line, and JSON.

Decides what is no message. A stream whose heads cannot be read has no more messages; what is no JSON in its frame
is left out, and told.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

if TYPE_CHECKING:
    from io import IOBase

# an editor sends a few hundred bytes; what is larger is none
_MOST: Final = 10_000_000
_LONGEST_LINE: Final = 8_192
_MOST_LINES: Final = 32
_LENGTH: Final = "content-length"


class Broken(Struct, frozen=True):
    """A frame whose content is no message, and why; the next one can be read."""

    why: str


class Ended(Struct, frozen=True):
    """There are no more messages: the stream was closed, or ``why`` it cannot be read any further."""

    why: str = ""


def read_message(stream: IOBase) -> dict[str, Any] | Broken | Ended:
    """Return the next message of a stream."""
    length = _read_head(stream)
    if isinstance(length, Ended):
        return length
    content = _read_exactly(stream, length)
    if len(content) < length:
        return Ended(f"the stream ended within a message, after {len(content):,} of {length:,} bytes")
    try:
        message = json.loads(content)
    except (ValueError, RecursionError):
        return Broken("a message is no JSON")
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return Broken("a message is no object with a `type`")
    return message


def _read_exactly(stream: IOBase, length: int) -> bytes:
    """Return so many bytes, or fewer where the stream ends; a pipe gives them in pieces."""
    parts: list[bytes] = []
    while length > 0:
        part = stream.read(length)
        if not part:
            break
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _read_head(stream: IOBase) -> int | Ended:
    length: int | None = None
    for number in range(_MOST_LINES):
        line = stream.readline(_LONGEST_LINE)
        if not line:
            return Ended("" if number == 0 else "the stream ended within the head of a message")
        text = line.decode("ascii", errors="replace").strip()
        if not text:
            return Ended("a message has no `Content-Length`") if length is None else length
        name, colon, value = text.partition(":")
        if not colon:
            return Ended("a head has a line that is no `Name: value`")
        if name.strip().lower() == _LENGTH:
            length = int(value) if value.strip().isdecimal() and len(value) <= len(str(_MOST)) + 1 else _MOST + 1
            if length > _MOST:
                return Ended(f"the `Content-Length` of a message is no number up to {_MOST:,}")
    return Ended("the head of a message does not end")


def framed(message: dict[str, Any]) -> bytes:
    """Return a message as it is written to a stream."""
    content = json.dumps(message, ensure_ascii=False).encode("utf-8", errors="backslashreplace")
    return b"Content-Length: %d\r\n\r\n%b" % (len(content), content)
