"""XML as a value: elements and attributes become members by the ``xml`` hints of the schema.

Decides which names are which members, the reverse of what ``wire_forms`` writes. Texts stay texts, whatever type the
schema has for them, and what the schema does not know becomes a member of the element's own name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.schemas import Shape
from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.xml_text import parse_xml
from arazzo_engine.world.contracts.schemas.bundles import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from arazzo_engine.documents.values import JsonValue

_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TEXTS: Final = frozenset({"text", "cdata"})
_UNDESCRIBED: Final = Shape()


class NotXmlError(Exception):
    """A body that is not the XML that it claims to be."""


def read_xml(text: str, shape: Shape | None) -> JsonValue:
    """Return the value of an XML text; raises ``NotXmlError`` and ``UnreadableError``."""
    try:
        root = parse_xml(text).tree.getroot()
    except EvaluationError as error:
        if "document type" in str(error) or "longer" in str(error):
            raise UnreadableError("XML that is not read") from error
        raise NotXmlError from error
    shape = shape or _UNDESCRIBED
    if root is None or (shape.xml.name and _local(root.tag) != shape.xml.name):
        raise NotXmlError
    return _elements_of(root, shape) if _is_list(shape) else _value(root, shape)


def _value(element: Element, shape: Shape) -> JsonValue:
    if element.get(_NIL) in {"true", "1"}:
        return None
    children = list(_elements(element))
    attributes = [name for name in element.attrib if name != _NIL]
    is_object = bool(shape.properties) or shape.type == "object"
    has_text = any(each.xml.node_type in _TEXTS for each in shape.properties.values())
    if not children and not attributes and not has_text and not (is_object and not (element.text or "").strip()):
        return element.text or ""
    return dict(_members(element, shape))


def _members(element: Element, shape: Shape) -> Iterator[tuple[str, JsonValue]]:
    known: set[str] = set()
    for name, member in shape.properties.items():
        own = member.element_name(name)
        if member.xml.node_type == "attribute":
            yield from ((name, text) for key, text in element.attrib.items() if _local(key) == own)
        elif member.xml.node_type in _TEXTS:
            yield name, element.text or ""
        else:
            found = [each for each in _elements(element) if _local(each.tag) in _names(name, member)]
            known.update(_local(each.tag) for each in found)
            yield from _member(name, member, found)
    described = {each.element_name(name) for name, each in shape.properties.items()}
    yield from (
        (_local(key), text) for key, text in element.attrib.items() if _local(key) not in described and key != _NIL
    )
    rest = [each for each in _elements(element) if _local(each.tag) not in known]
    for tag in dict.fromkeys(_local(each.tag) for each in rest):
        values = [_value(each, shape.additional or _UNDESCRIBED) for each in rest if _local(each.tag) == tag]
        yield tag, values[0] if len(values) == 1 else values


def _member(name: str, member: Shape, found: list[Element]) -> Iterator[tuple[str, JsonValue]]:
    if not _is_list(member):
        # more than one of what is no list is told as the list that it is
        values = [_value(each, member) for each in found]
        yield from [(name, values[0] if len(values) == 1 else values)] if values else []
    elif member.xml.node_type == "element":
        # "wrapped": "Signifies whether the array is wrapped"
        yield from ((name, _elements_of(wrapper, member)) for wrapper in found[:1])
    elif found:
        yield name, [_value(each, member.at(index) or _UNDESCRIBED) for index, each in enumerate(found)]


def _names(name: str, member: Shape) -> frozenset[str]:
    if _is_list(member) and member.xml.node_type != "element":
        return frozenset(each.element_name(name) for each in (*member.prefix, member.items or _UNDESCRIBED))
    return frozenset({member.element_name(name)})


def _elements_of(element: Element, shape: Shape) -> list[JsonValue]:
    return [_value(each, shape.at(index) or _UNDESCRIBED) for index, each in enumerate(_elements(element))]


def _is_list(shape: Shape) -> bool:
    return shape.type == "array" or (not shape.type and bool(shape.items or shape.prefix))


def _elements(element: Element) -> Iterator[Element]:
    # the tag of a comment or an instruction is a function
    return (each for each in element if not callable(each.tag))


def _local(name: str) -> str:
    return name.rpartition("}")[2]
