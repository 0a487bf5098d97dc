"""The shape of a JSON Schema: which of its members are schemas themselves, and which schemas hold together.

Knows the keywords of 2020-12 and follows references within one document. It never looks into ``enum``, ``const``,
``default`` or ``examples``, whose members are data; a schema that leads back to itself is visited once.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from msgspec import Struct

from arazzo_engine.apis.linking.reach import Reach
from arazzo_engine.documents.pointers import parse_pointer, resolve_pointer
from arazzo_engine.documents.values import as_list, as_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arazzo_engine.documents.values import JsonValue

_SINGLE: Final = (
    "additionalProperties",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
)
_LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS: Final = ("$defs", "definitions", "dependentSchemas", "patternProperties", "properties")
REFERENCES: Final = ("$ref", "$dynamicRef")
# what also speaks of the instance itself, though it need not hold
_ALTERNATIVES: Final = ("if", "then", "else", "not")


def subschemas(schema: dict[str, JsonValue]) -> Iterator[tuple[tuple[str | int, ...], JsonValue]]:
    """Yield the schemas directly in a schema, each with the tokens that lead to it."""
    for name in _SINGLE:
        if name in schema:
            yield (name,), schema[name]
    for name in _LISTS:
        yield from (((name, index), each) for index, each in enumerate(as_list(schema.get(name))))
    for name in _MAPS:
        yield from (((name, key), each) for key, each in as_mapping(schema.get(name)).items())


def every_schema(root: JsonValue) -> Iterator[tuple[tuple[str | int, ...], dict[str, JsonValue]]]:
    """Yield a schema and all schemas below it, once each, with the tokens that lead to them."""
    seen: set[int] = set()
    waiting: list[tuple[tuple[str | int, ...], JsonValue]] = [((), root)]
    while waiting:
        path, schema = waiting.pop()
        if isinstance(schema, dict) and id(schema) not in seen:
            seen.add(id(schema))
            yield path, schema
            waiting.extend(((*path, *tokens), each) for tokens, each in subschemas(schema))


class Root(Struct, frozen=True, dict=True, eq=False):
    """A whole schema, in which references lead somewhere."""

    value: JsonValue

    def target(self, reference: JsonValue) -> JsonValue:
        """Return the schema that a reference within the document names, ``None`` when there is none."""
        if not isinstance(reference, str) or not reference.startswith("#"):
            return None
        if reference == "#" or reference.startswith("#/"):
            try:
                found = resolve_pointer(self.value, parse_pointer(unquote(reference[1:])))
            except ValueError:
                return None
            return found if isinstance(found, dict | bool) else None
        return self._by_anchor.get(reference[1:])

    @cached_property
    def has_references(self) -> bool:
        """Whether any schema in it refers to another one."""
        return any(name in schema for _, schema in every_schema(self.value) for name in REFERENCES)

    def leads_back(self, part: dict[str, JsonValue], other: JsonValue) -> bool:
        """Whether a schema says of its instance what a part, which refers to it, says: neither would ever end."""
        return self._of_one_instance.leads_back(id(part), id(other))

    @cached_property
    def _by_anchor(self) -> dict[str, JsonValue]:
        named: dict[str, JsonValue] = {}
        for _, schema in every_schema(self.value):
            for anchor in anchors_of(schema):
                named.setdefault(anchor, schema)
        return named

    @cached_property
    def _of_one_instance(self) -> Reach[int]:
        ways: dict[int, tuple[int, ...]] = {}
        waiting: list[JsonValue] = [part for _, part in every_schema(self.value)]
        while waiting:
            part = waiting.pop()
            if isinstance(part, dict) and id(part) not in ways:
                following = [*_all_alternatives(part), *self.referred(part)]
                ways[id(part)] = tuple(map(id, following))
                waiting.extend(following)
        return Reach(ways)

    def referred(self, part: dict[str, JsonValue]) -> list[JsonValue]:
        """Return the schemas that a schema refers to."""
        return [self.target(part[name]) for name in REFERENCES if name in part]


def anchors_of(schema: dict[str, JsonValue]) -> Iterator[str]:
    """Yield the names by which a schema can be referred to."""
    for name in ("$anchor", "$dynamicAnchor"):
        if isinstance(anchor := schema.get(name), str):
            yield anchor


def together(schema: JsonValue, root: Root) -> Iterator[dict[str, JsonValue]]:
    """Yield the schema and every schema that must hold with it: what it refers to, and ``allOf``."""
    return _closure([schema], root, lambda part: as_list(part.get("allOf")))


def all_that_apply(schemas: Iterable[JsonValue], root: Root) -> Iterator[dict[str, JsonValue]]:
    """Yield every schema that may have a say about the instance of these: alternatives and conditions too."""
    return _closure(list(schemas), root, _all_alternatives)


def _all_alternatives(part: dict[str, JsonValue]) -> list[JsonValue]:
    lists = [each for name in ("allOf", "anyOf", "oneOf") for each in as_list(part.get(name))]
    conditions = [part.get(name) for name in _ALTERNATIVES]
    return [*lists, *conditions, *as_mapping(part.get("dependentSchemas")).values()]


def _closure(
    schemas: list[JsonValue], root: Root, following: Callable[[dict[str, JsonValue]], list[JsonValue]]
) -> Iterator[dict[str, JsonValue]]:
    seen: set[int] = set()
    waiting = schemas[::-1]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict) and id(part) not in seen:
            seen.add(id(part))
            yield part
            waiting.extend(reversed(following(part)))
            waiting.extend(root.referred(part))
