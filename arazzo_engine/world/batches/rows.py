"""The rows of a batch, read one after the other: JSON lines or CSV, from a file or from stdin.

Decides what a row is and where it stands, and never holds more than one. A row that cannot be read has the reason in
place of its inputs, and the next one is read all the same. Rows may hold secrets: no part of their text is shown.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Protocol

from msgspec import Struct, field

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Location, diagnose
from arazzo_engine.typed import Silent
from arazzo_engine.world.loading.disk_files import is_taken, is_there

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from arazzo_engine.language.expressions.scope import Values

STDIN: Final = "-"
# in bytes: what is longer is no row, but a file of another kind
LARGEST_ROW: Final = 16_000_000
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Row(Silent, frozen=True):
    """One row: its number, the line on which it begins, its inputs or why it has none.

    ``content`` is what it was read from, ``places`` finds where each of its inputs stands.
    """

    number: int
    line: int
    content: bytes
    inputs: Values = field(default_factory=dict)
    problem: Diagnostic | None = None
    places: Callable[[], Mapping[str, Location]] = dict


class Read(Struct, frozen=True):
    """What a reader makes of the text of a row: its inputs, and what finds their places."""

    inputs: Values
    places: Callable[[], Mapping[str, Location]] = dict


class MalformedRow(Exception):  # noqa: N818 - a finding on its way to becoming a diagnostic
    """The text of a row cannot be read: what is wrong, at which line below the first and at which column, and a fix."""

    def __init__(self, message: str, below: int, column: int, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.below = below
        self.column = column
        self.fix = fix


class Reader(Protocol):
    """Reads the rows of one form."""

    def begin(self, lines: Lines) -> None:
        """Read what stands before the rows; raises ``ArazzoError`` (``rows-unreadable``)."""
        ...

    def take(self, lines: Lines) -> bytes:
        """Return the text of the next row, ``b""`` when there is none."""
        ...

    def read(self, text: str, line: int) -> Read:
        """Return what stands in a row; raises ``MalformedRow``."""
        ...


class Lines:
    """The lines of a stream, counted; one that is too long is cut, and the rest of it is left out."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self.name = name
        self.number = 0
        self._pushed: bytes | None = None

    def next(self) -> bytes:
        """Return the next line with its end, ``b""`` when there is none."""
        self.number += 1
        if self._pushed is not None:
            line, self._pushed = self._pushed, None
            return line
        line = self._stream.readline(LARGEST_ROW + 1)
        if self.number == 1:
            line = line.removeprefix(_BYTE_ORDER_MARK)
        rest = line
        while len(rest) > LARGEST_ROW and not rest.endswith(b"\n"):
            rest = self._stream.readline(LARGEST_ROW + 1)
        return line

    def peek(self) -> bytes:
        """Return the next line that is not blank, without taking it; blank ones before it are taken."""
        while (line := self.next()) and not line.strip():
            pass
        self.number -= 1
        self._pushed = line
        return line


class Source(Struct, frozen=True):
    """Where the rows of a batch are: the name of a file, or ``-`` for stdin, and how they are read."""

    name: str
    reader: Callable[[bytes, str], Reader]

    @property
    def is_stream(self) -> bool:
        """Whether the rows can be read once only."""
        path = Path(self.name)
        return self.name == STDIN or (is_taken(path) and not is_there(path))

    @property
    def shown(self) -> str:
        """What it is called in messages."""
        return "<stdin>" if self.name == STDIN else self.name

    def rows(self) -> Iterator[Row]:
        """Yield each row; raises ``ArazzoError`` (``rows-unreadable``) when there can be none."""
        with _opened(self) as stream:
            lines = Lines(stream, self.shown)
            reader = self.reader(lines.peek(), self.shown)
            reader.begin(lines)
            yield from _rows(lines, reader)


@contextmanager
def _opened(source: Source) -> Iterator[IO[bytes]]:
    if source.name == STDIN:
        yield sys.stdin.buffer
        return
    try:
        with Path(source.name).open("rb") as stream:
            yield stream
    except OSError as error:
        message = f"the rows cannot be read: {source.name}: {error.strerror}"
        raise ArazzoError(diagnose("rows-unreadable", message, fix="name an existing file with `--each`")) from error


def _rows(lines: Lines, reader: Reader) -> Iterator[Row]:
    number = 0
    while lines.peek():
        number += 1
        line = lines.number + 1
        content = reader.take(lines)
        try:
            read = reader.read(_decoded(content), line)
        except MalformedRow as malformed:
            yield Row(number, line, content, problem=_problem(malformed, number, line, lines.name))
        else:
            yield Row(number, line, content, read.inputs, places=read.places)


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST_ROW:
        raise MalformedRow(f"is longer than {LARGEST_ROW:,} bytes", 0, 1, "give one row on each line")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        start = before.rfind(b"\n") + 1
        column = len(before[start:].decode("utf-8")) + 1
        raise MalformedRow("is not UTF-8 text", before.count(b"\n"), column, "save the file as UTF-8") from None


def _problem(malformed: MalformedRow, number: int, line: int, name: str) -> Diagnostic:
    location = Location(name, line + malformed.below, malformed.column)
    return diagnose("row-malformed", f"row {number:,} {malformed.message}", location, fix=malformed.fix)
