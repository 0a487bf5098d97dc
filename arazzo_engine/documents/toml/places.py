"""Where each key and each value of a text in TOML stands, for diagnostics only: speed is no concern.

The text has been read already, so nothing is refused here, and what is known to follow is not looked for. Of tables in
a list, which all have one name, a path means the last.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

Path: TypeAlias = tuple[str, ...]

_BETWEEN: Final = lazy_pattern(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANK: Final = lazy_pattern(r"[ \t]*")
_STRING: Final = lazy_pattern(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")'
    r"|'''.*?'{3,5}(?!')"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE: Final = lazy_pattern(r"[A-Za-z0-9_-]+")
_SCALAR: Final = lazy_pattern(r"[^,\]}#\n]*[^,\]}#\s]")


class Spot(Struct, frozen=True):
    """A key and its value in the text: the first character of each, and the one after its last."""

    key: tuple[int, int]
    value: tuple[int, int]


def spots_of(text: str) -> dict[Path, Spot]:
    r"""Return where the keys and values of a text stand, by their paths; elements of lists by their numbers.

    >>> spots_of('[a]\nb.c = [1, 2]')["a", "b", "c"]
    Spot(key=(4, 7), value=(10, 16))
    """
    scan = _Scan(text)
    scan.read_document()
    return scan.found


class _Scan(Struct):
    text: str
    at: int = 0
    found: dict[Path, Spot] = field(default_factory=dict)

    def read_document(self) -> None:
        table: Path = ()
        self._skip(_BETWEEN)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._read_header()
            else:
                self._read_pair(table)
            self._skip(_BETWEEN)

    def _read_header(self) -> Path:
        start = self.at
        self.at += 2 if self.text.startswith("[[", start) else 1
        named, place = self._read_key()
        for length in range(1, len(named) + 1):
            self.found.setdefault(named[:length], Spot(place, place))
        self.at = self.text.index("]", self.at)
        while self.text.startswith("]", self.at):
            self.at += 1
        return named

    def _read_pair(self, table: Path) -> None:
        named, key = self._read_key()
        self.at += 1  # the sign between them
        self._skip(_BLANK)
        path = (*table, *named)
        start = self.at
        self._read_value(path)
        for length in range(len(table) + 1, len(path) + 1):
            self.found.setdefault(path[:length], Spot(key, (start, self.at)))
        self.found[path] = Spot(key, (start, self.at))

    def _read_key(self) -> tuple[Path, tuple[int, int]]:
        """Read a key of one or more parts, up to the sign after it."""
        self._skip(_BLANK)
        start = self.at
        parts, end = [], self.at
        while True:
            parts.append(self._read_part())
            end = self.at
            self._skip(_BLANK)
            if not self.text.startswith(".", self.at):
                return tuple(parts), (start, end)
            self.at += 1
            self._skip(_BLANK)

    def _read_part(self) -> str:
        written = self._take(_BARE if self.text[self.at] not in "\"'" else _STRING)
        return str(tomllib.loads(f"x={written}")["x"]) if written[0] in "\"'" else written

    def _read_value(self, path: Path) -> None:
        match self.text[self.at]:
            case "[":
                for index in self._members("]"):
                    self._read_element((*path, str(index)))
            case "{":
                for _ in self._members("}"):
                    self._read_pair(path)
            case '"' | "'":
                self._take(_STRING)
            case _:
                self._take(_SCALAR)

    def _read_element(self, path: Path) -> None:
        start = self.at
        self._read_value(path)
        self.found[path] = Spot((start, self.at), (start, self.at))

    def _members(self, end: str) -> Iterator[int]:
        """Yield the number of each member between two brackets, when it is there to be read."""
        self.at += 1
        self._skip(_BETWEEN)
        index = 0
        while not self.text.startswith(end, self.at):
            yield index
            index += 1
            self._skip(_BETWEEN)
            if self.text.startswith(",", self.at):
                self.at += 1
                self._skip(_BETWEEN)
        self.at += 1

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        written = "" if match is None else match[0]
        # what no pattern knows is passed over, so that the scan ends on any text
        self.at += max(1, len(written))
        return written or " "

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        self.at = self.at if match is None else match.end()
