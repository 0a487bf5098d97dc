"""The shape of a JSON Schema: which of its members are schemas themselves, and which schemas hold together.

Knows the keywords of 2020-12 and follows references within one document. It never looks into ``enum``, ``const``,
``default`` or ``examples``, whose members are data; a schema that leads back to itself is visited once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

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


def together(schema: JsonValue, root: JsonValue) -> Iterator[dict[str, JsonValue]]:
    """Yield the schema and every schema that must hold with it: what it refers to, and ``allOf``."""
    return _closure([schema], root, lambda part: as_list(part.get("allOf")))


def all_that_apply(schemas: Iterable[JsonValue], root: JsonValue) -> Iterator[dict[str, JsonValue]]:
    """Yield every schema that may have a say about the instance of these: alternatives and conditions too."""

    def following(part: dict[str, JsonValue]) -> list[JsonValue]:
        lists = [each for name in ("allOf", "anyOf", "oneOf") for each in as_list(part.get(name))]
        conditions = [part.get(name) for name in _ALTERNATIVES]
        return [*lists, *conditions, *as_mapping(part.get("dependentSchemas")).values()]

    return _closure(list(schemas), root, following)


def target(reference: JsonValue, root: JsonValue) -> JsonValue:
    """Return the schema that a reference within the document names, ``None`` when there is none."""
    if not isinstance(reference, str) or not reference.startswith("#"):
        return None
    if reference == "#" or reference.startswith("#/"):
        try:
            found = resolve_pointer(root, parse_pointer(unquote(reference[1:])))
        except ValueError:
            return None
        return found if isinstance(found, dict | bool) else None
    anchors = ("$anchor", "$dynamicAnchor")
    named = (schema for _, schema in every_schema(root) if reference[1:] in [schema.get(each) for each in anchors])
    return next(named, None)


def _closure(
    schemas: list[JsonValue], root: JsonValue, following: Callable[[dict[str, JsonValue]], list[JsonValue]]
) -> Iterator[dict[str, JsonValue]]:
    seen: set[int] = set()
    waiting = schemas[::-1]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict) and id(part) not in seen:
            seen.add(id(part))
            yield part
            waiting.extend(reversed(following(part)))
            waiting.extend(target(part[name], root) for name in REFERENCES if name in part)
