"""XML bodies: an object becomes elements and attributes by the ``xml`` hints of its schema.

Decides names, namespaces and nesting. Every text is escaped; a name or a character that XML cannot hold is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from arazzo_engine.apis.descriptions.schemas import Shape, Xml
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.expressions.strings import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.values import JsonValue

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NIL: Final = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'
_NAME: Final = re.compile(r"[^\W\d][\w.\-]*")
# XML 1.0, section 2.2, Char
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNDESCRIBED: Final = Shape()
_DEEPEST: Final = 64


def xml_text(value: JsonValue, shape: Shape | None) -> str:
    """Return the document of a value; raises ``ArazzoError`` (``request-body-malformed``)."""
    shape = shape or _UNDESCRIBED
    # "name": "Replaces the name of the element/attribute used for the described schema property"; the root has no
    # property, so it bears the name of its component
    name = shape.xml.name or shape.name
    if not name:
        fix = "name it by `xml: { name: … }` in the schema, or give the XML as a string"
        raise _malformed("the schema does not say what the root element is called", fix)
    if isinstance(value, list):
        return _DECLARATION + _element(name, shape.xml, "".join(_items(value, shape, name, 0)))
    return _DECLARATION + "".join(_node(name, value, shape, 0))


def _node(name: str, value: JsonValue, shape: Shape, depth: int) -> Iterator[str]:
    """Yield what a value is within its parent: an element, several, or none; ``name`` is that of its property."""
    if depth > _DEEPEST:
        raise _malformed(f"the payload nests deeper than {_DEEPEST} levels", "")
    own = shape.xml.name or name
    match shape.xml.node_type, value:
        case "text", _:
            yield _escaped(value)
        case "cdata", _:
            yield f"<![CDATA[{_checked(_text(value)).replace(']]>', ']]]]><![CDATA[>')}]]>"
        case "element", list():
            # "wrapped": "Signifies whether the array is wrapped"
            yield _element(own, shape.xml, "".join(_items(value, shape, own, depth)))
        case _, list():
            yield from _items(value, shape, name, depth)
        case "none", dict():
            yield "".join(_children(value, shape, depth))
        case _, dict():
            yield _element(own, shape.xml, "".join(_children(value, shape, depth)), _attributes(value, shape))
        case _, None:
            yield f"<{_qualified(own, shape.xml)}{_declared(shape.xml)}{_NIL}/>"
        case _:
            yield _element(own, shape.xml, _escaped(value))


def _items(values: list[JsonValue], shape: Shape, name: str, depth: int) -> Iterator[str]:
    items = shape.items or _UNDESCRIBED
    for each in values:
        yield from _node(name, each, items, depth + 1)


def _children(value: dict[str, JsonValue], shape: Shape, depth: int) -> Iterator[str]:
    for name, each in value.items():
        member = shape.of(name) or _UNDESCRIBED
        if member.xml.node_type != "attribute":
            yield from _node(name, each, member, depth + 1)


def _attributes(value: dict[str, JsonValue], shape: Shape) -> str:
    found = []
    for name, each in value.items():
        member = shape.of(name) or _UNDESCRIBED
        if member.xml.node_type == "attribute" and each is not None:
            declared = _declared(member.xml) if member.xml.prefix != shape.xml.prefix else ""
            qualified = _qualified(member.xml.name or name, member.xml)
            found.append(f"{declared} {qualified}={quoteattr(_checked(_text(each)))}")
    return "".join(found)


def _element(name: str, xml: Xml, content: str, attributes: str = "") -> str:
    qualified = _qualified(name, xml)
    start = f"<{qualified}{_declared(xml)}{attributes}"
    return f"{start}>{content}</{qualified}>" if content else f"{start}/>"


def _qualified(name: str, xml: Xml) -> str:
    for each in (name, xml.prefix) if xml.prefix else (name,):
        if not _NAME.fullmatch(each):
            raise _malformed(f"`{each}` cannot be a name in XML", "name it by `xml: { name: … }` in the schema")
    return f"{xml.prefix}:{name}" if xml.prefix else name


def _declared(xml: Xml) -> str:
    if not xml.namespace:
        return ""
    return f" xmlns{':' if xml.prefix else ''}{xml.prefix}={quoteattr(_checked(xml.namespace))}"


def _text(value: JsonValue) -> str:
    return "" if value is None else text_of(value)


def _escaped(value: JsonValue) -> str:
    # XML 1.0, section 2.11: what reads it makes a line feed of a carriage return that is no reference
    return escape(_checked(_text(value)), {"\r": "&#13;"})


def _checked(text: str) -> str:
    if _NOT_IN_XML.search(text):
        raise _malformed("the payload has characters that XML cannot hold", "")
    return text


def _malformed(message: str, fix: str) -> ArazzoError:
    return ArazzoError(diagnose("request-body-malformed", message, fix=fix))
