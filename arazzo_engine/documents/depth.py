"""How deep a JSON value nests, found without recursion: the value may be deeper than Python's stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

# what is read may nest this deep, far below where Python's stack ends: documents, inputs and messages alike
DEEPEST: Final = 200


def nests_deeper(value: JsonValue, limit: int) -> bool:
    """Return whether more than ``limit`` objects and arrays stand inside each other in ``value``."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(limit):
        if not level:
            return False
        level = [child for container in level for child in _containers(container)]
    return bool(level)


def _containers(container: JsonValue) -> list[JsonValue]:
    children = container.values() if type(container) is dict else container
    return [child for child in children if type(child) is dict or type(child) is list]
