r"""The characters of ECMA-262's patterns: what ``\d``, ``\w``, ``\s`` and ``.`` match, and how a character is written.

Decides which characters a class has, and how each stands in a pattern of another engine. Knows nothing of patterns.
"""

from __future__ import annotations

from typing import Final, TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]

LAST: Final = 0x10FFFF
_DIGITS: Final[Ranges] = ((0x30, 0x39),)
_WORDS: Final[Ranges] = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
# "WhiteSpace" and "LineTerminator" of ECMA-262, section 12
_SPACES: Final[Ranges] = (
    (0x09, 0x0D),
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
)
LINE_TERMINATORS: Final[Ranges] = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))


def _others(ranges: Ranges) -> Ranges:
    starts = (0, *(last + 1 for _, last in ranges))
    ends = (*(first - 1 for first, _ in ranges), LAST)
    return tuple((start, end) for start, end in zip(starts, ends, strict=True) if start <= end)


CLASSES: Final[dict[str, Ranges]] = {
    "d": _DIGITS,
    "D": _others(_DIGITS),
    "w": _WORDS,
    "W": _others(_WORDS),
    "s": _SPACES,
    "S": _others(_SPACES),
}


def escape(char: str) -> str:
    """Return a character as text for RE2 and ``regex`` alike, inside and outside a class."""
    if char == "_" or (char.isascii() and char.isalnum()):
        return char
    if ord(char) < 0x20 or ord(char) == 0x7F:  # noqa: PLR2004 - the control characters
        return f"\\x{ord(char):02x}"
    return "\\" + char if char.isascii() else char


def write_class(ranges: Ranges, *, negated: bool = False) -> str:
    """Return a class of the characters in some ranges, or of all others."""
    return f"[{'^' if negated else ''}{write_ranges(ranges)}]"


def write_ranges(ranges: Ranges) -> str:
    """Return what stands in a class for some ranges of characters."""
    each = (escape(chr(first)) + ("" if first == last else "-" + escape(chr(last))) for first, last in ranges)
    return "".join(each)
