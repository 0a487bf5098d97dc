"""The lines of a recording: JSON objects, each with a seal over itself and all before it.

Decides what is whole, what was cut off and what was changed. A seal proves nothing against somebody who makes new ones:
it says that the lines are those that were written. What is in a line is not known here.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_DIGITS: Final = 32
_SEALED: Final = lazy_pattern(rb',"seal":"([0-9a-f]{%d})"\}\Z' % _DIGITS)


class Sealing(Struct):
    """Seals one line after the other."""

    last: str = ""

    def line(self, written: bytes) -> bytes:
        """Return the line of the JSON of an object, with its end."""
        self.last = _seal(self.last, written)
        return b"".join((written[:-1], b',"seal":"', self.last.encode("ascii"), b'"}\n'))


class ReadLines(Struct, frozen=True):
    """The lines of a text that are whole; ``is_torn`` when it ends in the middle of one."""

    values: Sequence[dict[str, Any]]
    is_torn: bool = False


class ChangedLineError(Exception):
    """A line is not what was written; ``number`` counts from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(f"line {number}")
        self.number = number


def encode(value: dict[str, Any]) -> bytes:
    """Return the JSON of an object, whatever texts and numbers are in it."""
    try:
        return msgspec.json.encode(value)
    except (UnicodeEncodeError, OverflowError, ValueError, TypeError):
        # half characters, and numbers of more digits than a machine's
        return json.dumps(value, default=msgspec.to_builtins).encode()


def read_lines(content: bytes) -> ReadLines:
    """Return the lines of a recording; raises ``ChangedLineError`` for the first one that was not written so."""
    values = tuple(read_each(_split(content)))
    is_open = bool(content) and not content.endswith(b"\n")
    return ReadLines(values, is_torn=is_open and len(values) == content.count(b"\n"))


def read_each(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Yield the lines of a recording that are whole, one by one; raises the same when it comes to it."""
    last = ""
    for number, line in enumerate(lines, 1):
        # what a checkout has done to the ends of lines changes nothing that is said
        whole = line.removesuffix(b"\n").removesuffix(b"\r")
        last = _checked(whole, last)
        if last:
            yield _object(whole, number)
        elif line.endswith(b"\n"):
            raise ChangedLineError(number)


def _object(line: bytes, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        # sealed by somebody else
        raise ChangedLineError(number) from error
    if not isinstance(value, dict):
        raise ChangedLineError(number)
    return value


def _split(content: bytes) -> Iterator[bytes]:
    """Yield lines with their ends, one by one."""
    start = 0
    while start < len(content):
        end = content.find(b"\n", start) + 1 or len(content)
        yield content[start:end]
        start = end


def _checked(line: bytes, before: str) -> str:
    """Return the seal of a line, ``""`` when it is not the one that it should have."""
    found = _SEALED.search(line)
    if found is None:
        return ""
    seal = _seal(before, line[: found.start()] + b"}")
    return seal if seal.encode("ascii") == found[1] else ""


def _seal(before: str, written: bytes) -> str:
    return hashlib.blake2b(written, key=before.encode("ascii"), digest_size=_DIGITS // 2).hexdigest()
