"""Text from documents and servers made safe for a terminal, and the emphasis that the engine adds to it.

No control character of others gets through. Every text is coloured, as ECMA-48 writes it; who prints takes the colours
out where nobody can see them.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.patterns import lazy_pattern

# control characters, and those that change the direction of text and so can disguise it
_UNSAFE: Final = lazy_pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_CODES: Final = {"red": 31, "green": 32, "yellow": 33}
_BOLD: Final = "\x1b[1m"
_DIM: Final = "\x1b[2m"
_RESET: Final = "\x1b[0m"
_EMPHASIS: Final = lazy_pattern("\x1b\\[[0-9]+m")


def printable(text: str) -> str:
    """Return the text with every control character written out; tabs become spaces, line feeds stay."""
    return _UNSAFE.sub(lambda match: ascii(match[0])[1:-1], text.replace("\t", " "))


def in_line(text: str) -> str:
    """Return the text with its line feeds written out, too: what stands within a line never begins another."""
    return printable(text).replace("\n", "\\n")


def one_line(text: str, width: int) -> str:
    """Return the text on one line, cut after ``width`` characters."""
    joined = " ".join(printable(text).split())
    return joined if len(joined) <= width else joined[: width - 1] + "…"


def bold(text: str, colour: str = "") -> str:
    r"""Return bold text, in a colour if one is named.

    >>> bold("no", "red")
    '\x1b[31m\x1b[1mno\x1b[0m'
    """
    code = f"\x1b[{_CODES[colour]}m" if colour else ""
    return f"{code}{_BOLD}{text}{_RESET}"


def dim(text: str) -> str:
    """Return text that stands back, whatever the background is."""
    return f"{_DIM}{text}{_RESET}" if text else ""


def coloured(text: str, colour: str) -> str:
    """Return text in a colour, as bold as it was."""
    return f"\x1b[{_CODES[colour]}m{text}{_RESET}"


def plain(text: str) -> str:
    """Return the text without the emphasis of ``bold`` and the like."""
    return _EMPHASIS.sub("", text)
