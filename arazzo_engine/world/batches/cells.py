r"""The cells of CSV, as RFC 4180 has them, each with its place in the text.

Decides where a record ends and what a cell holds, and nothing about what that means. The library of Python knows no
columns of characters, and reads the rest of a file into a quote that nobody closes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.world.batches.rows import LARGEST_ROW, MalformedRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.world.batches.rows import Lines

# RFC 4180, section 2: `escaped = DQUOTE *(TEXTDATA / COMMA / CR / LF / 2DQUOTE) DQUOTE`, `non-escaped = *TEXTDATA`
_CELL: Final = lazy_pattern(r'"((?:[^"]|"")*+)"|([^",\r\n]*)')
_QUOTE: Final = b'"'


class Cell(Struct, frozen=True):
    """What a cell holds, and at which character of its record it begins."""

    text: str
    offset: int


def take_record(lines: Lines) -> bytes:
    """Return the lines of the next record: within quotes, one goes on over line ends."""
    record = lines.next()
    is_open = record.count(_QUOTE) % 2 == 1
    parts = [record]
    size = len(record)
    while is_open and size <= LARGEST_ROW and (line := lines.next()):
        parts.append(line)
        size += len(line)
        is_open = line.count(_QUOTE) % 2 == 0
    return b"".join(parts).rstrip(b"\r\n")


def cells_of(record: str) -> list[Cell]:
    r"""Return the cells of a record; raises ``MalformedRow``.

    >>> [each.text for each in cells_of('a,"b, ""c"" d",')]
    ['a', 'b, "c" d', '']
    """
    return list(_cells(record))


def _cells(record: str) -> Iterator[Cell]:
    start = 0
    while True:
        match = _CELL.match(record, start)
        assert match is not None  # noqa: S101 - an empty cell always is one
        quoted, plain = match.groups()
        yield Cell(plain if quoted is None else quoted.replace('""', '"'), start)
        end = match.end()
        if end == len(record):
            return
        if record[end] != ",":
            raise _misplaced(record, start, end)
        start = end + 1


def _misplaced(record: str, start: int, end: int) -> MalformedRow:
    if record[end] == '"' and end == start:
        return malformed_at(record, end, "has a quote that is not closed", "close it, or write each quote twice")
    if record[end] in "\r\n":
        return malformed_at(record, end, "has a line end outside of quotes", "put the value in quotes")
    if record[start] == '"':
        return malformed_at(record, end, "has text behind a closing quote", "write a quote within quotes twice")
    return malformed_at(record, end, "has a quote within a value without quotes", "put the whole value in quotes")


def malformed_at(record: str, offset: int, message: str, fix: str) -> MalformedRow:
    """Return the problem at a character of a record."""
    before = record[:offset]
    return MalformedRow(message, before.count("\n"), offset - before.rfind("\n"), fix)
