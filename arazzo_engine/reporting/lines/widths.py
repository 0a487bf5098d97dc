"""How many columns of a terminal a text takes, and texts cut and filled to a width.

Decides it by the East Asian Width of each character; how a terminal of another mind shows one cannot be known.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_WIDE: Final = frozenset("WF")
_NO_WIDTH: Final = frozenset({"Mn", "Me", "Cf"})
GAP: Final = "…"


def width_of(text: str) -> int:
    r"""Return the number of columns that a text without emphasis takes.

    >>> width_of("order"), width_of("注文"), width_of("e\u0301")
    (5, 4, 1)
    """
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.category(character) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def cut(text: str, width: int) -> str:
    """Return a text that takes no more than so many columns, without its end when it is longer.

    >>> cut("order", 5), cut("orders", 5), cut("注文注文", 5)
    ('order', 'orde…', '注文…')
    """
    if width_of(text) <= width:
        return text
    kept, taken = "", len(GAP)
    for character in text:
        taken += _width(character)
        if taken > width:
            break
        kept += character
    return f"{kept}{GAP}" if width > 0 else ""


def cut_beginning(text: str, width: int) -> str:
    """Return the same without its beginning: the end of a path says most.

    >>> cut_beginning("/orders/17/items", 9)
    '…17/items'
    """
    return text if width_of(text) <= width else cut(text[::-1], width)[::-1]


def fill(text: str, width: int) -> str:
    """Return a text with spaces behind it, up to a width."""
    return text + " " * (width - width_of(text))


def fill_before(text: str, width: int) -> str:
    """Return a text with spaces before it, up to a width."""
    return " " * (width - width_of(text)) + text
