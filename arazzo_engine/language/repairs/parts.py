"""Repairs of how a part of a value is named after an expression: by JSONPath, half a pointer, or for every element.

What is written is a JSON Pointer where it names one part, a selector that gives one where it counts from the end, and
one that gives a list where it names a part of every element. What stands before is an expression that names something;
where two could, nothing is repaired.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.language.expressions.mistakes import is_length
from arazzo_engine.language.templates import ALL, LENGTH, ONE, SELECTS
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

_MESSAGE: Final = lazy_pattern(r"\$(?:request\.body|response\.body|message\.payload)")
_NAMED: Final = lazy_pattern(
    r"\$(?:inputs|outputs|steps\.[\w\-]+\.outputs|workflows\.[\w\-]+\.(?:inputs|outputs))\.[\w\-]+(?:\.[\w\-]+)*"
)
# where a part begins: a pointer, a JSONPath, or a mixture of the two
_PART: Final = lazy_pattern(
    r"(?:[/.]?\[(?:(?P<index>-?\d+)|(?P<each>\*?)|'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\")\])"
    r"|(?:[/.](?P<star>\*))(?![^/.\[])"
    r"|(?:[/.](?P<name>[\w\-@]+))"
)
# what may stand between an expression and the first part of its value
_JOINT: Final = lazy_pattern(r"(?:\.?#?/?\$(?=[.\[])|\.?#{1,2}/?(?=[/\[.])|\.?#(?=[\w\-])|)")
# what stands in brackets within it is no end of a filter, nor is what stands in quotes
_FILTER: Final = lazy_pattern(r"""\[\?(?:[^\[\]'"]|'[^']*'|"[^"]*"|\[[^\[\]]*\])+\]""")
_MOST_PARTS: Final = 50
_PLAIN: Final = lazy_pattern(r"[A-Za-z_]\w*")
# in a pointer that parses: what is no name of a member anywhere; a count of votes may be called `-1`, and has no parts
_ODD: Final = lazy_pattern(r"/\*(?=/|$)|\[(?:-?\d+|\*|)\]|\[\?|/\d+\.[A-Za-z_]|/-[1-9]\d*(?=/)")
_FROM_END: Final = lazy_pattern(r"-[1-9]\d*")


class _Every(Struct, frozen=True):
    """A part that stands for every element."""


class _FromEnd(Struct, frozen=True):
    """A part that is counted from the end of a list, as ``-1``."""

    index: str


_Parts: TypeAlias = "tuple[str | _Every | _FromEnd, ...]"


def names_oddly(text: str) -> bool:
    """Whether a pointer has what no member is called: ``*``, ``[0]``, ``[?``, ``0.id``, ``-1/id``."""
    pointer = text.partition("#")[2]
    return bool(pointer) and _ODD.search(pointer) is not None


def name_part(text: str, names: Names) -> str | None:
    """``$response.body$.a[0]`` is ``$response.body#/a/0``: a part is named by a JSON Pointer."""
    found = _reading(text, names)
    if found is None or found.query:
        return None
    return f"{found.base}#{render_pointer(found.pointer)}"


def name_every(text: str, names: Names) -> dict[str, JsonValue] | None:
    """``$response.body.a[*].id`` is a selector of every ``id``, which gives a list."""
    found = _reading(text, names)
    if found is None or not any(isinstance(each, _Every) for each in found.query):
        return None
    return _selector(found, ALL)


def name_one(text: str, names: Names) -> dict[str, JsonValue] | None:
    """``$response.body.a[?(@.b == 'c')].id`` is a selector of the one element that a filter passes."""
    if "[?" not in text or (names.know_text(text) and not names_oddly(text)):
        return None
    found = [*filter(None, (_one_of(text, base) for base in _bases(text, names)))]
    return found[0] if len(found) == 1 else None


def name_last(text: str, names: Names) -> dict[str, JsonValue] | None:
    """``$response.body.a[-1].id`` is a selector of the ``id`` of the last element."""
    found = _reading(text, names)
    if found is None or not found.query or any(isinstance(each, _Every) for each in found.query):
        return None
    return _selector(found, ONE)


def _selector(found: _Reading, gives: str) -> dict[str, JsonValue]:
    context = f"{found.base}#{render_pointer(found.pointer)}" if found.pointer else found.base
    selector = "$" + "".join(map(_segment, found.query))
    return {"context": context, "selector": selector, "type": "jsonpath", SELECTS: gives}


def name_length(text: str, names: Names) -> dict[str, JsonValue] | None:
    """``$response.body.items.length`` is how long ``$response.body#/items`` is, or what an object there says of it."""
    value = text.removesuffix(".length")
    if value == text or names.know_text(text):
        return None
    if value not in _bases(value, names):
        found = _reading(value, names)
        if found is None or found.query:
            return None
        value = f"{found.base}#{render_pointer(found.pointer)}"
    return {"context": value, "selector": "", "type": "jsonpointer", SELECTS: LENGTH}


def _one_of(text: str, base: str) -> dict[str, JsonValue] | None:
    joint = _JOINT.match(text, len(base))
    start = len(base) if joint is None else joint.end()
    begin = text.find("[?", start)
    before, filtered = _parts(text[:begin], start), _filtered(text[begin:])
    if before is None or filtered is None or not all(isinstance(each, str) for each in before):
        return None
    query = "".join(map(_segment, before)) + filtered
    return {"context": base, "selector": f"${query}", "type": "jsonpath", SELECTS: ONE}


def _filtered(text: str) -> str | None:
    """Return a filter and the parts behind it as JSONPath has them, ``None`` when there is another filter."""
    match = _FILTER.match(text)
    after = None if match is None else _parts(text, match.end())
    # what begins with `$` within a filter may be meant as an expression
    if match is None or after is None or "$" in match[0] or not all(isinstance(each, str) for each in after):
        return None
    return match[0] + "".join(map(_segment, after))


class _Reading(Struct, frozen=True):
    """An expression, the parts after it that name one place, and those from the first that no pointer has."""

    base: str
    pointer: tuple[str, ...]
    query: _Parts


def _reading(text: str, names: Names) -> _Reading | None:
    """Return the only way to read a text that names a part in a way which no expression has."""
    if (names.know_text(text) and not names_oddly(text)) or is_length(text):
        return None
    found = [*_readings(text, names)]
    if len(found) != 1:
        return None
    base, parts = found[0]
    first = next((index for index, each in enumerate(parts) if not isinstance(each, str)), len(parts))
    return _Reading(base, tuple(map(str, parts[:first])), parts[first:])


def _readings(text: str, names: Names) -> Iterator[tuple[str, _Parts]]:
    for base in _bases(text, names):
        parts = _parts(text, len(base))
        if parts:
            yield base, parts


def _bases(text: str, names: Names) -> Iterator[str]:
    """Yield the expressions that a text begins with, and that name something."""
    message = _MESSAGE.match(text)
    if message is not None:
        yield message[0]
        return
    match = _NAMED.match(text)
    ends = () if match is None else (each.end() for each in re.finditer(r"[^.]+(?=\.|$)", match[0]))
    yield from (text[:end] for end in ends if names.know_text(text[:end]))


def _parts(text: str, start: int) -> _Parts | None:
    joint = _JOINT.match(text, start)
    position = start if joint is None else joint.end()
    if joint is not None and joint[0].endswith("#") and text[position : position + 1] not in "/.[":
        text = f"{text[:position]}/{text[position:]}"  # `#a` for `#/a`
    found: list[str | _Every | _FromEnd] = []
    while position < len(text) and len(found) < _MOST_PARTS:
        match = _PART.match(text, position)
        if match is None:
            return None
        if match["each"] is not None or match["star"]:
            found.append(_Every())
        else:
            named = next(each for each in match.group("index", "single", "double", "name") if each is not None)
            is_last = match["name"] is not None and match.end() == len(text)
            is_back = match.lastgroup in {"index", "name"} and _FROM_END.fullmatch(named) and not is_last
            found.append(_FromEnd(named) if is_back else named)
        position = match.end()
    return tuple(found) if position == len(text) else None


def _segment(part: str | _Every | _FromEnd) -> str:
    if isinstance(part, _Every):
        return "[*]"
    if isinstance(part, _FromEnd):
        return f"[{part.index}]"
    if part.isdecimal():
        return f"[{part}]"
    quoted = part.replace("\\", "\\\\").replace("'", "\\'")
    return f".{part}" if _PLAIN.fullmatch(part) else f"['{quoted}']"
