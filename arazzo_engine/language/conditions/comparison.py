"""Comparing two values as simple conditions do: strings without case, numeric strings as numbers, null with null.

Decides the six operators and what counts as true. Absent has become null before it gets here.
"""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.watch import go_on
from arazzo_engine.language.messages.files import plain
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

_NUMBER: Final = lazy_pattern(r"-?(?:0|[1-9]\d{0,400})(?:\.\d{1,400})?(?:[eE][+-]?\d{1,3})?")


class EvaluationError(Exception):
    """A condition cannot be evaluated, and why. "Then the condition MUST evaluate to *fail*"."""


def is_true(value: JsonValue) -> bool:
    """Whether a value alone passes as a condition: false, null, 0 and the empty string do not."""
    return not (value is None or value is False or value == "" or (is_number(value) and value == 0))


def is_number(value: JsonValue) -> bool:
    """Whether a value is a JSON number; Python's booleans are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def equals(left: JsonValue, right: JsonValue) -> bool:
    """Whether two values are equal."""
    waiting = [(left, right)]
    while waiting:
        one, other = waiting.pop()
        # a value that a run puts together may hold another one again and again
        if one is other:
            continue
        go_on()
        if isinstance(one, dict) and isinstance(other, dict):
            if one.keys() != other.keys():
                return False
            waiting.extend((value, other[name]) for name, value in one.items())
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            waiting.extend(zip(one, other, strict=True))
        elif not _scalars_equal(one, other):
            return False
    return True


def differing(left: JsonValue, right: JsonValue) -> Pointer | None:
    """Return where two JSON values first differ, ``None`` when they are the same: strings with their case.

    Numbers are the same that are equal, as for JSON Schema; an object or array of another size differs as a whole.
    """
    waiting: list[tuple[Pointer, JsonValue, JsonValue]] = [((), left, right)]
    while waiting:
        at, one, other = waiting.pop()
        one, other = plain(one), plain(other)
        go_on()
        if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
            waiting.extend(((*at, name), one[name], other[name]) for name in reversed(one))
        elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            waiting.extend(((*at, str(index)), one[index], other[index]) for index in range(len(one) - 1, -1, -1))
        elif isinstance(one, dict | list) or not _are_same(one, other):
            return at
    return None


def compare_whole(sign: str, left: JsonValue, right: JsonValue) -> bool:
    """Return what ``left sign right`` is where one side is written as a JSON value; raises ``EvaluationError``."""
    if sign in {"==", "!="}:
        return (differing(left, right) is None) is (sign == "==")
    return compare(sign, left, right)


_MEDIA_TYPE: Final = lazy_pattern(r"[\w.+\-]+/[\w.+\-]+\s*(?:;.*)?")


def is_media_type(value: JsonValue) -> bool:
    """Whether a value is a media type, perhaps with parameters."""
    return isinstance(value, str) and _MEDIA_TYPE.fullmatch(value.strip()) is not None


def compare_media_types(sign: str, left: JsonValue, right: JsonValue) -> bool:
    """Return what ``left sign right`` is of two media types: parameters count that both have; spaces never do.

    RFC 9110, section 8.3.1: "The type and subtype tokens are case-insensitive."
    """
    if not (isinstance(left, str) and isinstance(right, str)):
        return compare(sign, left, right)
    one, other = ([part.strip() for part in each.split(";")] for each in (left, right))
    if 1 in {len(one), len(other)}:
        one, other = one[:1], other[:1]
    return compare(sign, ";".join(one), ";".join(other))


def compare(sign: str, left: JsonValue, right: JsonValue) -> bool:
    """Return what ``left sign right`` is, for the six operators.

    Raises ``EvaluationError`` when an order is asked of anything but two numbers or two strings.
    """
    if sign == "==":
        return equals(left, right)
    # the clause on null would make `null != 1` false, its own example needs it true: `!=` is the opposite of `==`
    if sign == "!=":
        return not equals(left, right)
    one, other = _orderable(left, right)
    if (is_number(one) and is_number(other)) or (isinstance(one, str) and isinstance(other, str)):
        return ORDER[sign](one, other)
    raise EvaluationError(f"`{sign}` compares two numbers or two strings, not {_kind(left)} with {_kind(right)}")


ORDER: Final[dict[str, Callable[[JsonValue, JsonValue], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _scalars_equal(left: JsonValue, right: JsonValue) -> bool:
    one, other = _comparable(left, right)
    # in Python True == 1; in JSON they are different
    return type(one) is type(other) and one == other if not is_number(one) else is_number(other) and one == other


def _are_same(one: JsonValue, other: JsonValue) -> bool:
    return is_number(other) and one == other if is_number(one) else type(one) is type(other) and one == other


def _comparable(left: JsonValue, right: JsonValue) -> tuple[JsonValue, JsonValue]:
    left, right = plain(left), plain(right)
    # "Numeric strings SHOULD be coerced to numbers when compared with numeric operators."
    if is_number(left) and isinstance(right, str):
        return left, as_number(right)
    if is_number(right) and isinstance(left, str):
        return as_number(left), right
    # "String comparisons MUST be case-insensitive."
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold(), right.casefold()
    return left, right


def _orderable(left: JsonValue, right: JsonValue) -> tuple[JsonValue, JsonValue]:
    # the values of headers are always strings, and 10 does not come before 9
    if isinstance(left, str) and isinstance(right, str):
        one, other = as_number(left), as_number(right)
        if is_number(one) and is_number(other):
            return one, other
    return _comparable(left, right)


def as_number(text: str) -> JsonValue:
    """Return the number that a text is, or the text when it is none."""
    """Return the number that a text is when it meets one, or the text."""
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        return text
    return float(stripped) if re.search(r"[.eE]", stripped) else int(stripped)


_KINDS: Final[dict[type, str]] = {
    dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null",
}  # fmt: skip


def _kind(value: JsonValue) -> str:
    return _KINDS.get(type(plain(value)), "a number")
