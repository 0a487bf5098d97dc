"""How deep a JSON value nests. Everything that walks a value by recursion relies on this bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

# Real descriptions nest less than 40 deep; Python's own limit is about 1,000 calls
DEEPEST: Final = 200


def is_too_deep(value: JsonValue, brackets: int) -> bool:
    """Whether a value nests deeper than ``DEEPEST``; its text has that many opening brackets, which may settle it."""
    if brackets <= DEEPEST:
        return False
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [child for each in level if isinstance(each, dict | list) for child in _children(each)]
        if not level:
            return False
    return True


def _children(value: JsonValue) -> list[JsonValue]:
    children = value.values() if isinstance(value, dict) else value
    return [child for child in children if isinstance(child, dict | list)]
