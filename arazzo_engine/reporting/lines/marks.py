"""The marks of a screen, and what stands for them where only ASCII can be written.

Each has one column either way, so that what is laid out stays so.
"""

from __future__ import annotations

from typing import Final

PASSED: Final = "✓"
FAILED: Final = "✗"
DOUBTED: Final = "?"
PAUSED: Final = "‖"
OPENED: Final = "▸"
LED: Final = "→"
BETWEEN: Final = " · "
FULL: Final = "━"
EMPTY: Final = "─"
FRAMES: Final = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"

_IN_ASCII: Final = str.maketrans(
    {PASSED: "+", FAILED: "x", PAUSED: "=", OPENED: ">", LED: ">", FULL: "#", EMPTY: "-", "·": "-", "…": "~", "│": "|"}
    | dict(zip(FRAMES, r"|/-\|/-\|/", strict=True))
)


def in_ascii(text: str) -> str:
    """Return a text with its marks in ASCII; what else is not in it is left to the encoding.

    >>> in_ascii("✓ charge · 33 ms")
    '+ charge - 33 ms'
    """
    return text if text.isascii() else text.translate(_IN_ASCII)
