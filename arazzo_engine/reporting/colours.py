"""Colours of a terminal, as ECMA-48 writes them.

Every text is coloured here; who prints takes the colours out where nobody can see them.
"""

from __future__ import annotations

from typing import Final

_CODES: Final = {"red": 31, "green": 32, "yellow": 33}
_BOLD: Final = "\x1b[1m"
_RESET: Final = "\x1b[0m"


def bold(text: str, colour: str = "") -> str:
    r"""Return bold text, in a colour if one is named.

    >>> bold("no", "red")
    '\x1b[31m\x1b[1mno\x1b[0m'
    """
    code = f"\x1b[{_CODES[colour]}m" if colour else ""
    return f"{code}{_BOLD}{text}{_RESET}"
