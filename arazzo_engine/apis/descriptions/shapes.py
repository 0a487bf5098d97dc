"""Shapes: what the schema of a body says about how its values are written, references followed once.

Decides nothing about a value. A shape keeps the few keywords that change bytes (binary, names of elements, fixed
values); it is made when an operation is read, so that nothing is loaded while a request is built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.apis.descriptions.fields import text
from arazzo_engine.apis.descriptions.references import Resolver, value_at
from arazzo_engine.apis.descriptions.schemas import Schema, Shape, Xml
from arazzo_engine.documents.values import ABSENT, JsonValue, Value, as_list, as_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DEEPEST: Final = 32
_TOGETHER: Final = ("allOf", "anyOf", "oneOf")


def shape_of(schema: Schema | None, resolver: Resolver) -> Shape | None:
    """Return the shape of a schema; raises ``ArazzoError`` (``reference-not-found``) for a broken reference."""
    return None if schema is None else _Shaper(resolver).shape(schema)


class _Shaper(Struct):
    resolver: Resolver
    known: dict[tuple[str, tuple[str, ...]], Shape] = field(default_factory=dict)

    def shape(self, schema: Schema) -> Shape:
        key = (schema.at.document.uri, schema.at.pointer)
        if key not in self.known:
            shape = self.known[key] = Shape(name=_component_name(schema.value))
            for part in self._parts(schema, 0):
                self._add(shape, part)
        return self.known[key]

    def _parts(self, schema: Schema, depth: int) -> Iterator[Schema]:
        """Yield the schema and those that hold together with it, the own words first."""
        value = schema.value
        if not isinstance(value, dict) or depth > _DEEPEST:
            return
        yield schema
        if isinstance(value.get("$ref"), str):
            place = self.resolver.resolve(self.resolver.target(value["$ref"], schema.at))
            yield from self._parts(Schema(place, value_at(place)), depth + 1)
        for keyword in _TOGETHER:
            for index, part in enumerate(as_list(value.get(keyword))):
                yield from self._parts(Schema(schema.at.child(keyword, index), part), depth + 1)

    def _add(self, shape: Shape, part: Schema) -> None:
        value = part.value
        shape.is_described = shape.is_described or bool(value)
        shape.type = shape.type or _type(value)
        shape.format = shape.format or text(value, "format")
        shape.content_encoding = shape.content_encoding or text(value, "contentEncoding")
        shape.content_media_type = shape.content_media_type or text(value, "contentMediaType")
        shape.fixed = _fixed(value) if shape.fixed is ABSENT else shape.fixed
        shape.xml = _xml(value) if shape.xml == Xml() else shape.xml
        for name, each in as_mapping(value.get("properties")).items():
            if name not in shape.properties:
                shape.properties[name] = self.shape(Schema(part.at.child("properties", name), each))
        if shape.items is None and "items" in value:
            shape.items = self.shape(Schema(part.at.child("items"), value["items"]))
        if shape.additional is None and isinstance(value.get("additionalProperties"), dict):
            place = part.at.child("additionalProperties")
            shape.additional = self.shape(Schema(place, value["additionalProperties"]))


def _component_name(value: JsonValue) -> str:
    reference = text(value, "$ref") if isinstance(value, dict) else ""
    return reference.rpartition("/")[2] if "/schemas/" in reference or "/definitions/" in reference else ""


def _type(value: Mapping[str, JsonValue]) -> str:
    found = value.get("type")
    if isinstance(found, list):
        found = next((each for each in found if each != "null"), "")
    return found if isinstance(found, str) else ""


def _fixed(value: Mapping[str, JsonValue]) -> Value:
    for keyword in ("const", "default"):
        if keyword in value:
            return value[keyword]
    allowed = value.get("enum")
    return allowed[0] if isinstance(allowed, list) and len(allowed) == 1 else ABSENT


def _xml(value: Mapping[str, JsonValue]) -> Xml:
    xml = value.get("xml")
    if not isinstance(xml, dict):
        return Xml()
    node_type = text(xml, "nodeType")
    if not node_type and xml.get("attribute") is True:
        node_type = "attribute"
    if not node_type and xml.get("wrapped") is True:
        node_type = "element"
    return Xml(text(xml, "name"), text(xml, "namespace"), text(xml, "prefix"), node_type)
