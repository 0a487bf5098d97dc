"""The lines at the bottom of a terminal that are painted over again and again while a run goes on.

Decides what is written so that nothing else on the screen is touched: how many lines of the screen the last picture
takes now, also when the terminal has become narrower since. What the picture shows is given.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.printable import plain
from arazzo_engine.reporting.lines.marks import in_ascii
from arazzo_engine.reporting.lines.widths import width_of

if TYPE_CHECKING:
    from typing import TextIO

# ECMA-48: cursor up (CUU), erase to the end of the line (EL), erase to the end of the screen (ED)
_UP: Final = "\x1b[{}A"
_REST_OF_LINE: Final = "\x1b[K"
_REST_OF_SCREEN: Final = "\x1b[J"
_USUAL: Final = (80, 24)
_NARROWEST: Final = 20
_LOWEST: Final = 4


class Region(Struct):
    """The picture at the bottom, as it was painted last.

    The cursor is left at the beginning of its last line, so that what a person types meanwhile begins no new line.
    """

    stream: TextIO
    has_colours: bool = True
    is_ascii: bool = False
    _painted: list[str] = field(default_factory=list)
    _columns: int = 0

    def size(self) -> tuple[int, int]:
        """Return how many columns and lines the terminal has now."""
        try:
            columns, lines = os.get_terminal_size(self.stream.fileno())
        except (OSError, ValueError):
            columns, lines = _USUAL
        return max(_NARROWEST, columns or _USUAL[0]), max(_LOWEST, lines or _USUAL[1])

    def paint(self, lines: list[str]) -> None:
        """Put lines in the place of those that were painted last; each must fit the terminal."""
        columns, _ = self.size()
        if lines == self._painted and columns == self._columns:
            return
        self._write(f"{self._back(columns)}{self._picture(lines)}{_REST_OF_SCREEN}\r")
        self._painted, self._columns = lines, columns

    def above(self, text: str) -> None:
        """Write text that stays, above the picture."""
        columns, _ = self.size()
        kept = "\r\n".join(f"{line}{_REST_OF_LINE}" for line in text.split("\n"))
        self._write(f"{self._back(columns)}{kept}\r\n{_REST_OF_SCREEN}{self._picture(self._painted)}\r")
        self._columns = columns

    def leave(self, lines: list[str]) -> None:
        """Put lines in the place of the picture that stay, and begin a new line behind them."""
        columns, _ = self.size()
        kept = "".join(f"{line}{_REST_OF_LINE}\r\n" for line in lines)
        self._write(f"{self._back(columns)}{kept}{_REST_OF_SCREEN}")
        self._painted = []

    def _back(self, columns: int) -> str:
        """Return what leads the cursor to the beginning of the picture."""
        # a terminal that is narrower now shows a line in several
        lines = sum(max(1, -(-width_of(plain(each)) // columns)) for each in self._painted[:-1])
        return "\r" + (_UP.format(lines) if lines > 0 else "")

    def _picture(self, lines: list[str]) -> str:
        return "\r\n".join(f"{line}{_REST_OF_LINE}" for line in lines)

    def _write(self, text: str) -> None:
        if not self.has_colours:
            text = plain(text)
        self.stream.write(in_ascii(text) if self.is_ascii else text)
        self.stream.flush()
