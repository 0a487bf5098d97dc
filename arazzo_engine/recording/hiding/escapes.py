"""A character in place of another one, escaped as that one was: to the number of backslashes and the case of digits.

Decides which of the ways to escape a character was used: as itself, as the bytes of its UTF-8, as what these are in
ISO 8859-1, as two halves.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

# each way: what stands before the digits, the digits, what stands behind them, and whether they are hexadecimal
_UNIT: Final = lazy_pattern(
    r"(?P<head>\\*u)(?P<u>[0-9a-fA-F]{4})|(?P<head8>\\*U)(?P<u8>[0-9a-fA-F]{8})|(?P<head2>\\+x)(?P<u2>[0-9a-fA-F]{2})"
    r"|(?P<percent>%(?:25)*)(?P<byte>[0-9a-fA-F]{2})|(?P<hash>&#0*)(?P<decimal>\d+)(?P<end>;)"
    r"|(?P<hashx>&#[xX]0*)(?P<hexadecimal>[0-9a-fA-F]+)(?P<endx>;)|(?P<plain>.)",
    re.DOTALL,
)
_LAST_OF_LATIN_1: Final = 0xFF


def written_like(written: str, other: str) -> str:
    """Return a character as another one is written, which takes as many bytes."""
    found = list(_UNIT.finditer(written))
    units = _units(other, len(found), is_bytes=found[0]["percent"] is not None)
    if units is None:
        return other
    return "".join(_write(each, unit) for each, unit in zip(found, units, strict=True))


def _units(other: str, count: int, *, is_bytes: bool) -> list[int] | None:
    """Return what a character is written as in so many units, ``None`` when it is not written in so many."""
    encoded = list(other.encode("utf-8", errors="replace"))
    halves = other.encode("utf-16-be", errors="surrogatepass")
    pairs = [halves[at] << 8 | halves[at + 1] for at in range(0, len(halves), 2)]
    whole = [] if is_bytes and ord(other) > _LAST_OF_LATIN_1 else [ord(other)]
    ways = [encoded, whole] if is_bytes else [whole, encoded, pairs]
    return next((each for each in ways if len(each) == count), None)


def _write(found: re.Match[str], unit: int) -> str:
    if found["plain"] is not None:
        return chr(unit)
    if found["decimal"] is not None:
        return f"{found['hash']}{unit};"
    form = next(name for name in _FORMS if found[name] is not None)
    head = next(found[name] for name in _HEADS if found[name] is not None)
    made = _FORMS[form](unit)
    return head + (made.upper() if _is_upper(found[form], form) else made) + (found["endx"] or "")


def _is_upper(digits: str, form: str) -> bool:
    """Whether digits are written with capitals; where none of them is a letter, as is usual."""
    return digits.upper() == digits if form == "byte" else digits.upper() == digits != digits.lower()


_FORMS: Final[dict[str, Callable[[int], str]]] = {
    "u": "{:04x}".format,
    "u8": "{:08x}".format,
    "u2": "{:02x}".format,
    "byte": "{:02x}".format,
    "hexadecimal": "{:x}".format,
}
_HEADS: Final = ("head", "head8", "head2", "percent", "hashx")
