"""Durations as other formats write them: a text with its unit, or a number whose unit the name of the field has.

Decides how many seconds they are, and nothing of a bare number that may be of milliseconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

_DURATION: Final = lazy_pattern(
    r"\s*(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?)\s*"
)
# ISO 8601
_ISO: Final = lazy_pattern(r"PT(?=\d)(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?")
_SECONDS: Final = {"ms": 0.001, "milli": 0.001, "s": 1, "m": 60, "h": 3600}
_NUMBER: Final = lazy_pattern(r"\d{1,9}(?:\.\d{1,3})?")
_IN_NAME: Final = lazy_pattern(r"(?P<ms>ms|millis|milliseconds?)$|(?P<m>mins?|minutes)$|(?:secs?|seconds?)$")
# few wait longer between two attempts, and few shorter than so many milliseconds
_MOST_SECONDS: Final = 60


def seconds_in(text: str) -> float | None:
    """Return how many seconds a text with a unit says, ``None`` where it has none.

    >>> seconds_in("500ms"), seconds_in("PT1M"), seconds_in("5")
    (0.5, 60.0, None)
    """
    if match := _ISO.fullmatch(text.strip()):
        return sum(float(each or 0) * unit for each, unit in zip(match.groups(), (3600, 60, 1), strict=True))
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    unit = next(unit for unit in ("milli", "ms", "h", "m", "s") if match[2].startswith(unit))
    return float(match[1]) * _SECONDS[unit]


def seconds_of(word: str, value: JsonValue) -> float | None:
    """Return how many seconds a field says, ``None`` where nobody can tell; ``word`` is its name without signs.

    >>> seconds_of("delayms", 500), seconds_of("delay", "2s"), seconds_of("delay", 5), seconds_of("delay", 500)
    (0.5, 2.0, 5.0, None)
    """
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return seconds_in(value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    number, unit = float(value), _IN_NAME.search(word)
    if unit is not None:
        return number * (0.001 if unit["ms"] else 60 if unit["m"] else 1)
    return number if 0 <= number <= _MOST_SECONDS else None


def whole(number: float) -> int | float:
    """Return a number without a fraction of nothing.

    >>> whole(2.0), whole(0.5)
    (2, 0.5)
    """
    return int(number) if number.is_integer() else round(number, 3)
