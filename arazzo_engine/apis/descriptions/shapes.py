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
    return None if schema is None else _Shaper(resolver).whole(schema)


class _Shaper(Struct):
    """Makes shapes; those that ``wait`` are known, and nothing is said in them yet: schemas may lead on very far."""

    resolver: Resolver
    waiting: list[tuple[Shape, Schema]] = field(default_factory=list)
    known: dict[tuple[str, tuple[str, ...]], Shape] = field(default_factory=dict)
    of_3_2: dict[str, bool] = field(default_factory=dict)

    def whole(self, schema: Schema) -> Shape:
        """Return the shape of a schema, and all that it leads to."""
        found = self.shape(schema)
        while self.waiting:
            shape, described = self.waiting.pop()
            if self._refers(described):
                self._refer(shape, described)
            for part in self._parts(described, 0):
                self._add(shape, part)
        return found

    def shape(self, schema: Schema) -> Shape:
        """Return a shape in which something is said when the whole is made."""
        key = (schema.at.document.uri, schema.at.pointer)
        if key not in self.known:
            self.known[key] = Shape(name=_component_name(schema))
            self.waiting.append((self.known[key], schema))
        return self.known[key]

    def _refers(self, schema: Schema) -> bool:
        """Whether another schema has the element. OpenAPI 3.2: `nodeType` is "`none` if `$ref` [...] is present"."""
        uri = schema.at.document.uri
        if not text(as_mapping(schema.value), "$ref") or _node_type(schema) not in {"", "none", "element"}:
            return False
        if uri not in self.of_3_2:
            version = value_at(schema.at.document.root().child("openapi"))
            self.of_3_2[uri] = isinstance(version, str) and version.startswith("3.2")
        return self.of_3_2[uri]

    def _refer(self, shape: Shape, schema: Schema) -> None:
        """Take the name of the element from where a reference leads, or keep an element of its own around that one."""
        target = self._target(schema)
        if _node_type(schema) == "element":
            shape.wraps = self.shape(target)
            return
        while self._refers(target) and _node_type(target) != "element":
            target = self._target(target)
        shape.name = _component_name(target) or shape.name
        shape.names_itself = bool(shape.name)

    def _target(self, schema: Schema) -> Schema:
        place = self.resolver.target(text(as_mapping(schema.value), "$ref"), schema.at)
        # what leads from one to the other without an end is refused
        self.resolver.resolve(place)
        return Schema(place, value_at(place))

    def _parts(self, schema: Schema, depth: int) -> Iterator[Schema]:
        """Yield the schema and those that hold together with it, the own words first."""
        value = schema.value
        if not isinstance(value, dict) or depth > _DEEPEST:
            return
        yield schema
        if isinstance(value.get("$ref"), str):
            yield from self._parts(self._target(schema), depth + 1)
        for keyword in _TOGETHER:
            for index, part in enumerate(as_list(value.get(keyword))):
                yield from self._parts(Schema(schema.at.child(keyword, index), part), depth + 1)

    def _add(self, shape: Shape, part: Schema) -> None:
        value = part.value
        shape.is_described = shape.is_described or bool(value)
        shape.type = shape.type or _type(value)
        shape.types |= _types(value)
        shape.format = shape.format or text(value, "format")
        shape.content_encoding = shape.content_encoding or text(value, "contentEncoding")
        shape.content_media_type = shape.content_media_type or text(value, "contentMediaType")
        shape.fixed = _fixed(value) if shape.fixed is ABSENT else shape.fixed
        if shape.xml == Xml() and not (self._refers(part) and _node_type(part) != "element"):
            shape.xml = _xml(value)
        for name, each in as_mapping(value.get("properties")).items():
            if name not in shape.properties:
                shape.properties[name] = self.shape(Schema(part.at.child("properties", name), each))
        if shape.items is None and "items" in value:
            shape.items = self.shape(Schema(part.at.child("items"), value["items"]))
        if not shape.prefix:
            places = [part.at.child("prefixItems", index) for index in range(len(as_list(value.get("prefixItems"))))]
            shape.prefix = [self.shape(Schema(place, value_at(place))) for place in places]
        if shape.additional is None and isinstance(value.get("additionalProperties"), dict):
            place = part.at.child("additionalProperties")
            shape.additional = self.shape(Schema(place, value["additionalProperties"]))


def _component_name(schema: Schema) -> str:
    reference = text(as_mapping(schema.value), "$ref")
    pointer = tuple(reference.split("/")) if reference else schema.at.pointer
    return str(pointer[-1]) if len(pointer) > 1 and pointer[-2] in {"schemas", "definitions"} else ""


def _node_type(schema: Schema) -> str:
    return _xml(as_mapping(schema.value)).node_type


def _types(value: Mapping[str, JsonValue]) -> set[str]:
    found = value.get("type")
    return {each for each in (found if isinstance(found, list) else [found]) if isinstance(each, str)} - {"null"}


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
