"""How much work it is to hold a value to a schema: references can make it double at every turn.

Decides what is too much, before a validator that would not come back is started. It counts the schemas that a
validator looks at, and counts each pair of a schema and a value once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.documents.watch import go_on
from arazzo_engine.validation.inputs.subschemas import Root, subschemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.values import JsonValue

_MOST: Final = 1_000_000
_DEEPEST: Final = 200
_OF_MEMBERS: Final = frozenset({"additionalProperties", "patternProperties", "unevaluatedProperties", "propertyNames"})
_OF_ELEMENTS: Final = frozenset({"items", "contains", "unevaluatedItems"})
_NOT_APPLIED: Final = frozenset({"$defs", "definitions", "contentSchema"})


def is_too_much(root: Root, value: JsonValue) -> bool:
    """Whether holding the value to the schema would take too long, or nest too deep."""
    if not root.has_references:
        return False
    return _Work(root).of(root.value, value, 0) > _MOST


class _Work(Struct):
    root: Root
    known: dict[tuple[int, int], int] = field(default_factory=dict)

    def of(self, schema: JsonValue, value: JsonValue, depth: int) -> int:
        if not isinstance(schema, dict):
            return 1
        if depth > _DEEPEST:
            return _MOST + 1
        pair = id(schema), id(value)
        if pair not in self.known:
            go_on()
            # a schema that comes back to itself with the same value is refused elsewhere
            self.known[pair] = 1
            self.known[pair] = 1 + sum(self.of(each, part, depth + 1) for each, part in self._applied(schema, value))
        return self.known[pair]

    def _applied(self, schema: dict[str, JsonValue], value: JsonValue) -> Iterator[tuple[JsonValue, JsonValue]]:
        yield from ((each, value) for each in self.root.referred(schema))
        for tokens, each in subschemas(schema):
            yield from ((each, part) for part in _parts_of(value, tokens))


def _parts_of(value: JsonValue, tokens: tuple[str | int, ...]) -> Iterator[JsonValue]:
    """Yield the parts of a value that a subschema is held against."""
    name = tokens[0]
    if name in _NOT_APPLIED:
        return
    if name == "properties":
        if isinstance(value, dict) and tokens[1] in value:
            yield value[str(tokens[1])]
    elif name == "prefixItems":
        if isinstance(value, list) and int(tokens[1]) < len(value):
            yield value[int(tokens[1])]
    elif name in _OF_MEMBERS:
        yield from value.values() if isinstance(value, dict) else ()
    elif name in _OF_ELEMENTS:
        yield from value if isinstance(value, list) else ()
    else:
        yield value
