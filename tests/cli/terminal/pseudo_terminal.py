"""A real pseudo-terminal with a command in it, and a small reader of what the command writes there.

The reader knows what the engine writes, and no more: text, line feeds, returns, cursor up, both erasures, and emphasis.
What it does not know is an error, so that nothing is shown that no test has looked at.
"""

from __future__ import annotations

import os
import pty
import re
import struct
import subprocess
import sys
import termios
import threading
import unicodedata
from dataclasses import dataclass, field
from fcntl import ioctl
from typing import TYPE_CHECKING, Any, Final

import places

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_PART: Final = re.compile(r"\x1b\[(?P<number>[0-9;]*)(?P<what>[A-Za-z])|\r|\n|[^\x1b\r\n]+|\x1b.")
# nothing of the environment that the test runs in decides how a screen looks
_SAYS_SOMETHING: Final = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM", "LC_ALL")


@dataclass
class Screen:
    """What a terminal shows, with everything that has scrolled out of it above."""

    columns: int
    lines: int
    rows: list[str] = field(default_factory=lambda: [""])
    at: tuple[int, int] = (0, 0)
    top: int = 0

    def write(self, text: str) -> None:
        """Show what a command wrote."""
        for part in _PART.finditer(text):
            if part["what"] is not None:
                self._control(part["what"], int(part["number"].partition(";")[0] or 1))
            elif part[0] == "\r":
                self.at = (self.at[0], 0)
            elif part[0] == "\n":
                self._down()
            else:
                assert not part[0].startswith("\x1b"), f"the reader does not know {part[0]!r}"
                self._put(part[0])

    def _control(self, what: str, number: int) -> None:
        row, column = self.at
        match what:
            case "m":
                pass
            case "A":
                self.at = (max(self.top, row - number), column)
            case "K":
                self.rows[row] = _cut(self.rows[row], column)
            case "J":
                self.rows[row] = _cut(self.rows[row], column)
                del self.rows[row + 1 :]
            case _:
                raise AssertionError(f"the reader does not know CSI {what}")

    def _down(self) -> None:
        row = self.at[0] + 1
        if row == len(self.rows):
            self.rows.append("")
        self.top = max(self.top, row - self.lines + 1)
        self.at = (row, self.at[1])

    def _put(self, text: str) -> None:
        for character in text:
            width = _width(character)
            if self.at[1] + width > self.columns:
                self._down()
                self.at = (self.at[0], 0)
            row, column = self.at
            line = self.rows[row].ljust(column)
            self.rows[row] = _cut(line, column) + character + line[len(_cut(line, column)) + 1 :]
            self.at = (row, column + width)

    def resize(self, columns: int, lines: int) -> None:
        """Become narrower or wider, as terminals do that show a long line in several."""
        row, column = self.at
        before = [each for line in self.rows[:row] for each in _wrapped(line, columns)]
        last = _wrapped(self.rows[row], columns)
        after = [each for line in self.rows[row + 1 :] for each in _wrapped(line, columns)]
        self.rows = [*before, *last, *after]
        self.at = (len(before) + min(column // columns, len(last) - 1), column % columns)
        self.columns, self.lines = columns, lines
        self.top = max(0, self.at[0] - lines + 1)

    @property
    def text(self) -> str:
        """All that is shown, and what has scrolled away, without spaces at the ends."""
        return "\n".join(line.rstrip() for line in self.rows).rstrip("\n") + "\n"


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _cut(line: str, columns: int) -> str:
    kept, taken = "", 0
    for character in line:
        taken += _width(character)
        if taken > columns:
            break
        kept += character
    return kept


def _wrapped(line: str, columns: int) -> list[str]:
    return [line[start : start + columns] for start in range(0, max(1, len(line)), columns)]


class Terminal:
    """A command in a pseudo-terminal of a size; ``text`` is all that it wrote. It may read what is typed, too."""

    def __init__(
        self,
        arguments: Sequence[str],
        size: tuple[int, int],
        given: Mapping[str, str] | None = None,
        *,
        reads: bool = False,
        **options: Any,
    ) -> None:
        self.size = size
        self.text = ""
        self._main, terminal = pty.openpty()
        self._set_size(size)
        environment = {name: value for name, value in os.environ.items() if name not in _SAYS_SOMETHING}
        environment |= {"TERM": "xterm-256color", "PYTHONPATH": str(places.ROOT), **(given or {})}
        command = [sys.executable, "-m", "arazzo_engine", *arguments]
        options |= {"stdin": terminal} if reads else {}
        self.process = subprocess.Popen(command, env=environment, stdout=terminal, stderr=terminal, **options)
        os.close(terminal)
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _set_size(self, size: tuple[int, int]) -> None:
        ioctl(self._main, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def _read(self) -> None:
        # a terminal that nobody holds open any more says so with an error
        while True:
            try:
                chunk = os.read(self._main, 65_536)
            except OSError:
                break
            with self._changed:
                self.text += chunk.decode("utf-8", errors="replace")
                self._changed.notify_all()

    def until(self, holds: Callable[[str], bool], seconds: float = 20.0) -> str:
        """Wait until what was written is as it should be, and return it."""
        with self._changed:
            assert self._changed.wait_for(lambda: holds(self.text), seconds), self.text
            return self.text

    def resize(self, columns: int, lines: int) -> None:
        """Change the size of the terminal."""
        self._set_size((columns, lines))

    def type(self, text: str) -> None:
        """Type something, which the terminal shows where its cursor is."""
        os.write(self._main, text.encode())

    def end(self) -> str:
        """Wait until the command has ended, and return all that it wrote."""
        self.process.wait(timeout=30)
        self._reader.join(timeout=30)
        os.close(self._main)
        return self.text

    def shown(self) -> str:
        """Return what the terminal shows when the command has ended."""
        screen = Screen(*self.size)
        screen.write(self.end())
        return screen.text
