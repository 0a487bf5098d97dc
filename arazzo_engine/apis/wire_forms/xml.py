"""XML bodies: an object becomes elements and attributes by the ``xml`` hints of its schema.

Decides which elements and attributes there are, and what they are called. How they are written is decided by
``markup``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.schemas import Shape
from arazzo_engine.apis.wire_forms.markup import NIL, Element, Name, Node, Text, element_text, malformed
from arazzo_engine.language.expressions.strings import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.schemas import Xml
    from arazzo_engine.documents.values import JsonValue

_UNDESCRIBED: Final = Shape()
_DEEPEST: Final = 64


def xml_document(value: JsonValue, shape: Shape | None, encoding: str = "UTF-8") -> str:
    """Return the document of a value, with a declaration; raises ``ArazzoError`` (``request-body-malformed``)."""
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{xml_text(value, shape)}'


def xml_text(value: JsonValue, shape: Shape | None) -> str:
    """Return the element that a value is; raises ``ArazzoError`` (``request-body-malformed``)."""
    shape = shape or _UNDESCRIBED
    # "name": "Replaces the name of the element/attribute used for the described schema property"; the root has no
    # property, so it bears the name of its component
    name = shape.xml.name or shape.name
    if isinstance(value, list) and name and not shape.wraps:
        # a list has no element of its own unless it is described, and a document has one
        element = _name(name, shape.xml)
        inner = shape.items.name if shape.items is not None and shape.items.name else name
        return element_text(Element(element, content=tuple(_items(value, shape, inner, 0))))
    nodes = list(_nodes(name, value, shape, 0))
    if len(nodes) != 1 or not isinstance(nodes[0], Element):
        fix = "describe one element around it, or give the XML as a string"
        raise malformed("the payload would not be one element, as an XML document is", fix)
    if not nodes[0].name.local:
        fix = "name it by `xml: { name: … }` in the schema, or give the XML as a string"
        raise malformed("the schema does not say what the root element is called", fix)
    return element_text(nodes[0])


def _nodes(name: str, value: JsonValue, shape: Shape, depth: int) -> Iterator[Node]:
    """Yield what a value is within its parent: an element, several, or none; ``name`` is that of its property."""
    if depth > _DEEPEST:
        raise malformed(f"the payload nests deeper than {_DEEPEST} levels")
    own = shape.element_name(name)
    match shape.xml.node_type, value:
        case "text" | "cdata" as kind, _:
            yield Text(_text(value), is_cdata=kind == "cdata")
        case "element", _ if shape.wraps is not None:
            yield _wrapper(_name(own, shape.xml), value, shape.wraps, depth)
        case "element", list():
            # "wrapped": "Signifies whether the array is wrapped"
            yield Element(_name(own, shape.xml), content=tuple(_items(value, shape, own, depth)))
        case _, list():
            yield from _items(value, shape, name, depth)
        case "none", dict():
            yield from _children(value, shape, depth)
        case _, dict():
            content = tuple(_children(value, shape, depth))
            yield Element(_name(own, shape.xml), tuple(_attributes(value, shape)), content)
        case _, None:
            # "For elements, produce an empty element with an `xsi:nil="true"` attribute."
            yield Element(_name(own, shape.xml), ((NIL, "true"),))
        case _:
            yield Element(_name(own, shape.xml), content=(Text(_text(value)),))


def _wrapper(name: Name, value: JsonValue, inner: Shape, depth: int) -> Element:
    is_open = isinstance(value, dict) and inner.xml.node_type == "none"
    attributes = tuple(_attributes(value, inner)) if is_open else ()
    return Element(name, attributes, tuple(_nodes(inner.name or name.local, value, inner, depth + 1)))


def _items(values: list[JsonValue], shape: Shape, name: str, depth: int) -> Iterator[Node]:
    # "To control the exact order of elements, use the `prefixItems` keyword."
    for index, each in enumerate(values):
        yield from _nodes(name, each, shape.at(index) or _UNDESCRIBED, depth + 1)


def _children(value: dict[str, JsonValue], shape: Shape, depth: int) -> Iterator[Node]:
    for name, each in value.items():
        member = shape.of(name) or _UNDESCRIBED
        if member.xml.node_type != "attribute":
            yield from _nodes(name, each, member, depth + 1)


def _attributes(value: dict[str, JsonValue], shape: Shape) -> Iterator[tuple[Name, str]]:
    for name, each in value.items():
        member = shape.of(name) or _UNDESCRIBED
        if member.xml.node_type == "attribute" and each is not None:
            # "For attributes, omit the attribute."
            yield _name(member.element_name(name), member.xml), _text(each)
        elif member.xml.node_type == "none" and isinstance(each, dict):
            # "the nodes corresponding to its subschema(s) are included directly under its parent schema's node"
            yield from _attributes(each, member)


def _name(name: str, xml: Xml) -> Name:
    prefix, sign, local = name.rpartition(":")
    if sign and xml.prefix in {"", prefix}:
        return Name(local, prefix, xml.namespace)
    return Name(name, xml.prefix, xml.namespace)


def _text(value: JsonValue) -> str:
    return "" if value is None else text_of(value)
