"""A schema of a description as one that stands by itself, as the inputs of a workflow need it.

Decides how far references are followed: what refers to itself, or goes too deep, may be anything. Keywords that only
OpenAPI knows are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.schemas.parts import Parts, UnreadSchemaError
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.values import as_list, as_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.documents.values import Value

_DEEPEST: Final = 6
_KEPT: Final = (
    *("type", "format", "enum", "const", "pattern", "minLength", "maxLength", "minimum", "maximum", "multipleOf"),
    *("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "required", "description", "title"),
    *("exclusiveMinimum", "exclusiveMaximum", "contentEncoding", "contentMediaType"),
)
_BOUNDS: Final = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))


class Plain(Struct):
    """Makes schemas that stand by themselves."""

    resolver: Resolver

    def schema(self, schema: Schema | None, depth: int = 0) -> dict[str, Any]:
        """Return the schema with everything that it refers to in it, empty where it may be anything."""
        if schema is None or depth > _DEEPEST:
            return {}
        try:
            parts = tuple(Parts(self.resolver).together(schema))
        except UnreadSchemaError:
            return {}
        plain: dict[str, Any] = {}
        for part in parts:
            self._take(part, plain, depth)
        return _fitting(plain)

    def members(self, schema: Schema | None) -> Mapping[str, Schema]:
        """Return the schemas of the members of an object, those of ``allOf`` among them."""
        return {name: each for part in self._parts(schema) for name, each in _properties(part)}

    def required(self, schema: Schema | None) -> tuple[str, ...]:
        """Return the members that an object must have."""
        named = (name for part in self._parts(schema) for name in as_list(as_mapping(part.value).get("required")))
        return tuple(dict.fromkeys(name for name in named if isinstance(name, str)))

    def elements(self, schema: Schema | None) -> Schema | None:
        """Return the schema of the elements of a list, ``None`` when it is none."""
        for part in self._parts(schema):
            value = as_mapping(part.value)
            if isinstance(value.get("items"), dict):
                return Schema(part.at.child("items"), value["items"])
        return None

    def has_alternatives(self, schema: Schema | None) -> bool:
        """Whether the schema has alternatives, or says nothing of what it is."""
        values = [as_mapping(part.value) for part in self._parts(schema)]
        return not values or any("oneOf" in each or "anyOf" in each or "not" in each for each in values)

    def part_of(self, operation: Operation, *tokens: str) -> Value:
        """Return what stands in an operation below some names, references followed; nothing where they lead nowhere."""
        place = operation.at
        try:
            for token in tokens:
                place = self.resolver.resolve(place).child(token)
            return value_at(self.resolver.resolve(place))
        except ArazzoError:
            return None

    def _parts(self, schema: Schema | None) -> tuple[Schema, ...]:
        if schema is None:
            return ()
        try:
            return tuple(Parts(self.resolver).together(schema))
        except UnreadSchemaError:
            return ()

    def _take(self, part: Schema, plain: dict[str, Any], depth: int) -> None:
        value = as_mapping(part.value)
        for keyword in _KEPT:
            if keyword == "required":
                plain["required"] = [*plain.get("required", ()), *as_list(value.get("required"))]
            elif keyword in value:
                plain.setdefault(keyword, value[keyword])
        for name, each in _properties(part):
            plain.setdefault("properties", {})[name] = self.schema(each, depth + 1)
        items = value.get("items")
        if isinstance(items, dict) and "items" not in plain:
            plain["items"] = self.schema(Schema(part.at.child("items"), items), depth + 1)
        if value.get("nullable") is True:
            plain["nullable"] = True
        for keyword in ("oneOf", "anyOf"):
            listed = as_list(value.get(keyword))
            if listed:
                plain[keyword] = [
                    self.schema(Schema(part.at.child(keyword, at), each), depth + 1) for at, each in enumerate(listed)
                ]


def _properties(part: Schema) -> Iterator[tuple[str, Schema]]:
    for name, each in as_mapping(as_mapping(part.value).get("properties")).items():
        yield name, Schema(part.at.child("properties", name), each)


def _fitting(plain: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of OpenAPI 3.0 as one of JSON Schema: what may be null, and what is excluded from bounds."""
    if plain.pop("nullable", False) and isinstance(plain.get("type"), str):
        plain["type"] = [plain["type"], "null"]
        if "enum" in plain and None not in plain["enum"]:
            plain["enum"] = [*plain["enum"], None]
    for keyword, bound in _BOUNDS:
        if isinstance(plain.get(keyword), bool) and plain.pop(keyword) and bound in plain:
            plain[keyword] = plain.pop(bound)
    plain["required"] = [each for each in dict.fromkeys(plain.get("required", ())) if isinstance(each, str)]
    return {keyword: value for keyword, value in plain.items() if value != []}
