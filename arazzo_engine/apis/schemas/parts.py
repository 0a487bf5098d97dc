"""The schemas that hold together for one value: what a schema refers to, and what it lists in ``allOf``.

Decides how far references are followed: within what is loaded for the operation, never over the network for a check,
and not without end. A schema that cannot be followed says nothing, and nothing is refused by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.apis.descriptions.references import DanglingReferenceError, value_at
from arazzo_engine.apis.descriptions.resources import resource_of
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.uris import WEB, resolve_uri, scheme_of
from arazzo_engine.documents.values import as_list, as_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue

_DEEPEST: Final = 32
_ALTERNATIVES: Final = ("anyOf", "oneOf")
# what speaks of members that it does not require: their names are known all the same
_CONDITIONS: Final = ("if", "then", "else", "not")
_OPENING: Final = ("patternProperties", "propertyNames", "$dynamicRef", "$recursiveRef")


class UnreadSchemaError(Exception):
    """A schema leads somewhere where it is not followed, so it is not known what it refuses."""


class Parts(Struct):
    """Follows the schemas of descriptions; ``left`` counts down those that are looked at, for one workflow.

    ``lost`` are the references of API descriptions that led nowhere, each once, by their document.
    """

    resolver: Resolver
    left: int = 40_000
    lost: dict[tuple[str, str], DanglingReferenceError] = field(default_factory=dict)

    def together(self, schema: Schema, depth: int = 0) -> Iterator[Schema]:
        """Yield the schema and those that hold with it; raises ``UnreadSchemaError``."""
        self.left -= 1
        if depth > _DEEPEST or self.left < 0:
            raise UnreadSchemaError
        yield schema
        value = as_mapping(schema.value)
        if isinstance(value.get("$ref"), str):
            yield from self.together(self.target(value["$ref"], schema), depth + 1)
        for part in listed(schema, "allOf"):
            yield from self.together(part, depth + 1)

    def alternatives(self, parts: tuple[Schema, ...]) -> Iterator[tuple[str, tuple[Schema, ...]]]:
        """Yield each list of schemas of which one must hold, with its keyword."""
        for part in parts:
            for keyword in _ALTERNATIVES:
                schemas = tuple(listed(part, keyword))
                if schemas:
                    yield keyword, schemas

    def names(self, parts: tuple[Schema, ...], depth: int = 0) -> frozenset[str]:
        """Return every name of a member that the schemas know, whichever of their alternatives holds."""
        found: set[str] = set()
        for part in parts:
            value = as_mapping(part.value)
            found.update(as_mapping(value.get("properties")))
            conditions = [Schema(part.at.child(each), value[each]) for each in _CONDITIONS if each in value]
            listed_too = [each for keyword in _ALTERNATIVES for each in listed(part, keyword)]
            depending = [
                Schema(part.at.child("dependentSchemas", name), each)
                for name, each in as_mapping(value.get("dependentSchemas")).items()
            ]
            for schema in (*conditions, *listed_too, *depending):
                if depth > _DEEPEST:
                    raise UnreadSchemaError
                found.update(self.names(tuple(self.together(schema)), depth + 1))
        return frozenset(found)

    def required(self, parts: tuple[Schema, ...]) -> dict[str, Place]:
        """Return the names that a request must have, each with the schema that says so."""
        found: dict[str, Place] = {}
        for part in parts:
            for name in as_list(as_mapping(part.value).get("required")):
                # "If the property has `readOnly` being `true` and is in the `required` list, the `required` will take
                # effect on the response only."
                if isinstance(name, str) and not any(map(self.is_read_only, properties(parts, name))):
                    found.setdefault(name, part.at)
        return found

    def is_read_only(self, schema: Schema) -> bool:
        """Whether a client may not send a member, or it may be so."""
        try:
            return any(as_mapping(part.value).get("readOnly") is True for part in self.together(schema))
        except UnreadSchemaError:
            return True

    def target(self, reference: str, schema: Schema) -> Schema:
        """Return the schema that a reference leads to; raises ``UnreadSchemaError``."""
        if not reference.startswith("#"):
            self._check_loaded(reference, schema)
        try:
            place = self.resolver.target(reference, schema.at)
        except ArazzoError as error:
            # what an Arazzo Description refers to is told where it is read
            if isinstance(error, DanglingReferenceError) and not _is_arazzo(schema):
                self.lost.setdefault((schema.at.document.uri, reference), error)
            raise UnreadSchemaError from error
        return Schema(place, value_at(place))

    def _check_loaded(self, reference: str, schema: Schema) -> None:
        # "Components are scoped to the Arazzo document they are defined in.", and nothing is loaded for its schemas
        if _is_arazzo(schema):
            raise UnreadSchemaError
        uri = resolve_uri(resource_of(schema.at)[0], reference).partition("#")[0]
        if scheme_of(uri) in WEB and uri not in {schema.at.document.uri, resource_of(schema.at)[0]}:
            raise UnreadSchemaError


def _is_arazzo(schema: Schema) -> bool:
    return "arazzo" in as_mapping(schema.at.document.value)


def listed(schema: Schema, keyword: str) -> Iterator[Schema]:
    """Yield the schemas of a list within a schema."""
    for index, each in enumerate(as_list(as_mapping(schema.value).get(keyword))):
        yield Schema(schema.at.child(keyword, index), each)


def has_alternatives(parts: tuple[Schema, ...]) -> bool:
    """Whether one of the schemas lists some of which one must hold."""
    return any(as_list(as_mapping(part.value).get(keyword)) for part in parts for keyword in _ALTERNATIVES)


def is_nullable(parts: tuple[Schema, ...]) -> bool:
    """Whether null is allowed: by ``nullable`` of OpenAPI 3.0, or by ``x-nullable`` before it."""
    values = [as_mapping(part.value) for part in parts]
    return any(value.get(each) is True for value in values for each in ("nullable", "x-nullable"))


def is_open(parts: tuple[Schema, ...]) -> bool:
    """Whether schemas speak of members that they do not name."""
    return any(each in as_mapping(part.value) for part in parts for each in _OPENING)


def is_closed(parts: tuple[Schema, ...]) -> bool:
    """Whether schemas allow no member but those that they name."""
    keywords = ("additionalProperties", "unevaluatedProperties")
    return not is_open(parts) and any(as_mapping(part.value).get(each) is False for part in parts for each in keywords)


def properties(parts: tuple[Schema, ...], name: str) -> Iterator[Schema]:
    """Yield the schemas of a member."""
    named = [part for part in parts if name in as_mapping(as_mapping(part.value).get("properties"))]
    for part in named:
        yield Schema(part.at.child("properties", name), part.value["properties"][name])
    # what holds for the members that no schema names; a pattern may name them all the same
    for part in () if named or is_open(parts) else parts:
        other = as_mapping(part.value).get("additionalProperties")
        if isinstance(other, dict):
            yield Schema(part.at.child("additionalProperties"), other)


def items(parts: tuple[Schema, ...], index: int) -> Iterator[Schema]:
    """Yield the schemas of an element."""
    for part in parts:
        value: dict[str, JsonValue] = as_mapping(part.value)
        prefix = as_list(value.get("prefixItems"))
        if index < len(prefix):
            yield Schema(part.at.child("prefixItems", index), prefix[index])
        elif isinstance(value.get("items"), dict):
            yield Schema(part.at.child("items"), value["items"])
