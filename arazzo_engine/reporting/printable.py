"""Text from documents and servers made safe for a terminal: no control character gets through."""

from __future__ import annotations

import re
from typing import Final

# control characters, and those that change the direction of text and so can disguise it
_UNSAFE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


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
