"""What a YAML scalar is: the core schema of YAML 1.2.2, section 10.3.2, and nothing of YAML 1.1.

So ``no``, ``12:30``, ``1_000``, dates and ``=`` are strings. Numbers that JSON cannot hold are refused by the caller's
choice of words: here they are a ``ValueError`` with a sentence.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.values import JsonValue

TAG_PREFIX: Final = "tag:yaml.org,2002:"

# YAML 1.2.2, section 10.3.2: the regular expressions of "Tag Resolution" in the core schema
_WORDS: Final[dict[str, JsonValue]] = {
    **dict.fromkeys(("null", "Null", "NULL", "~", "")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER: Final = lazy_pattern(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = lazy_pattern(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = lazy_pattern(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
# What anything but a string can begin with: most scalars are strings, and are known as such by one look
_FIRST: Final = frozenset(["", *"~nNtTfF-+.0123456789"])
_BASES: Final = {"0o": 8, "0x": 16}
# Python refuses to print integers of more than 4,300 digits, in whatever base they were written
_MOST_DIGITS: Final = 3_500


def resolve_plain(text: str) -> JsonValue:
    """Return the value of a plain scalar without a tag; raises ``ValueError`` for a number that JSON cannot hold."""
    if text[:1] not in _FIRST:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return _float(text)
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"`{text}`: a number must be finite in JSON")
    return text


def resolve_tagged(text: str, tag: str) -> JsonValue:
    """Return the value of a scalar with an explicit tag; raises ``ValueError`` when it has none in JSON."""
    read = _TAGGED.get(tag.removeprefix(TAG_PREFIX)) if tag.startswith(TAG_PREFIX) else None
    if read is None:
        raise ValueError(f"the tag `{tag.replace(TAG_PREFIX, '!!')}` has no meaning in JSON")
    return read(text)


def _integer(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError(f"a number has more than {_MOST_DIGITS:,} digits")
    base = _BASES.get(text[:2], 10)
    return int(text if base == 10 else text[2:], base)  # noqa: PLR2004 - ten is ten


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"`{text[:20]}`: a number must be finite in JSON")
    return number


def _expecting(kind: type, name: str) -> Callable[[str], JsonValue]:
    def read(text: str) -> JsonValue:
        value = resolve_plain(text)
        if type(value) is not kind:
            raise ValueError(f"`{text[:40]}` has the tag `!!{name}`, but is something else")
        return value

    return read


def _tagged_float(text: str) -> float:
    value = resolve_plain(text)
    if type(value) not in {int, float}:
        raise ValueError(f"`{text[:40]}` has the tag `!!float`, but is something else")
    return _float(str(value))


_TAGGED: Final[dict[str, Callable[[str], JsonValue]]] = {
    "str": str,
    "null": _expecting(type(None), "null"),
    "bool": _expecting(bool, "bool"),
    "int": _expecting(int, "int"),
    "float": _tagged_float,
}
# tags of test tools and templates that say what `!!int` and its like say
_LOCAL: Final = {
    **{f"!{name}": name for name in ("int", "float", "bool")},
    "!integer": "int",
    "!number": "float",
    "!boolean": "bool",
}


def instead_of_tag(text: str, tag: str) -> str:
    """Return how a scalar with a tag of another tool is written, empty where its value is not known.

    >>> instead_of_tag("14", "!int"), instead_of_tag("14", "!secret")
    ('write `14`, without the tag and without quotes', '')
    """
    name = _LOCAL.get(tag)
    if name is None:
        return ""
    try:
        _TAGGED[name](text)
    except ValueError:
        return ""
    return f"write `{text}`, without the tag and without quotes"
