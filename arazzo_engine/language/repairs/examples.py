"""Repairs of criteria whose condition is a whole example value: the RFC 9535 filter that holds for that value only.

``length()`` says how many members an object or elements an array has, so that nothing can be there that the example
does not have. Empty objects and arrays have the same length, so an example with one in it is not repaired.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.language.messages.payloads import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

_MOST_PARTS: Final = 200


class _NoFilterError(Exception):
    pass


def filter_example(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``context`` and ``condition: {"a":1}`` is ``$[?length($) == 1 && $['a'] == 1]``."""
    text = criterion.get("condition")
    if not isinstance(text, str) or text.lstrip()[:1] not in {"{", "["} or criterion.get("type", "simple") != "simple":
        return None
    if not isinstance(criterion.get("context"), str):
        return None
    try:
        parts = list(_parts(parse_json(text), "$", 0))
    except (MalformedText, _NoFilterError, RecursionError):
        return None
    if len(parts) > _MOST_PARTS:
        return None
    return {**criterion, "type": "jsonpath", "condition": f"$[?{' && '.join(parts)}]"}


def _parts(value: JsonValue, place: str, count: int) -> Iterator[str]:
    if count > _MOST_PARTS:
        raise _NoFilterError
    match value:
        case dict() | list() if not value:
            raise _NoFilterError
        case dict():
            yield f"length({place}) == {len(value)}"
            for name, member in value.items():
                yield from _parts(member, f"{place}[{_string(name)}]", count + len(value))
        case list():
            yield f"length({place}) == {len(value)}"
            for index, element in enumerate(value):
                yield from _parts(element, f"{place}[{index}]", count + len(value))
        case str():
            yield f"{place} == {_string(value)}"
        case _:
            yield f"{place} == {json.dumps(value)}"


def _string(text: str) -> str:
    # RFC 9535, section 2.3.1.1: a name in single quotes; what JSON escapes is escaped the same way
    if "{$" in text:
        raise _NoFilterError
    return "'" + json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
