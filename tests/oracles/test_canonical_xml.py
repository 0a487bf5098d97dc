"""XML as another library reads and writes it, in canonical form."""

from __future__ import annotations

import importlib
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from arazzo_engine.apis.descriptions.operations import MediaType
from arazzo_engine.apis.descriptions.schemas import Shape, Xml
from arazzo_engine.apis.wire_forms.bodies import write_body

if TYPE_CHECKING:
    from collections.abc import Callable

etree: Final[Any] = importlib.import_module("lxml.etree")  # it has no types of its own

# what XML can hold, and no carriage return: a parser makes a line feed of one that is written as it is
_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=8
)
_NAMES = st.sampled_from(["a", "b", "c-d", "é", "_e", "f.g"])
_NAMESPACES = st.sampled_from(["", "http://e/s", "http://e/t"])
_ROOT = Xml(name="root")


@st.composite
def _described(draw: st.DrawFn, depth: int = 0) -> tuple[Shape, Any, Any]:
    """Return a shape, a value of it, and what writes the same into an element of lxml."""
    namespace = draw(_NAMESPACES)
    xml = Xml(namespace=namespace, prefix=f"p{depth}" if namespace else "")
    shape = Shape(xml=xml)
    if depth > 2 or (depth and draw(st.booleans())):
        text = draw(_TEXTS)
        return shape, text, lambda element: setattr(element, "text", text or None)
    fill: list[Callable[[Any], object]] = []
    value = {}
    for name in draw(st.lists(_NAMES, unique=True, max_size=3)):
        if draw(st.booleans()):
            text = draw(_TEXTS)
            shape.properties[name], value[name] = Shape(xml=Xml(node_type="attribute")), text
            fill.append(partial(_set, name, text))
            continue
        shape.properties[name], value[name], within = draw(_described(depth + 1))
        fill.append(partial(_fill_child, name, shape.properties[name].xml, within))
    return shape, value, lambda element: [each(element) for each in fill]


def _set(name: str, text: str, element: Any) -> None:
    element.set(name, text)


def _fill_child(name: str, xml: Xml, within: Callable[[Any], object], parent: Any) -> None:
    within(_child(parent, name, xml))


def _child(parent: Any, name: str, xml: Xml) -> Any:
    tag = f"{{{xml.namespace}}}{name}" if xml.namespace else name
    return etree.SubElement(parent, tag, nsmap={xml.prefix: xml.namespace} if xml.namespace else None)


@given(_described(), st.sampled_from(["application/xml", "text/xml; charset=utf-16", "application/xml; charset=utf-8"]))
@settings(max_examples=150, deadline=None)
def test_xml_is_in_canonical_form_what_another_library_writes(drawn: tuple[Shape, Any, Any], content_type: str) -> None:
    shape, value, fill = drawn
    assume(isinstance(value, dict))
    shape.xml = _ROOT
    expected = etree.Element("root")
    fill(expected)
    body = write_body(value, content_type, MediaType(name=content_type, shape=shape))
    found = etree.fromstring(bytes(body.content))
    assert etree.tostring(found, method="c14n") == etree.tostring(expected, method="c14n")


@pytest.mark.parametrize("text", ["\r", "a\r\nb", "\n", "]]>", "&#13;", "\t"])
def test_white_space_and_signs_of_xml_are_read_as_they_were(text: str) -> None:
    shape = Shape(
        xml=_ROOT, properties={"at": Shape(xml=Xml(node_type="attribute")), "c": Shape(xml=Xml(node_type="element"))}
    )
    body = write_body({"at": text, "c": text}, "application/xml", MediaType(name="application/xml", shape=shape))
    root = etree.fromstring(bytes(body.content))
    assert (root.get("at"), root.findtext("c")) == (text, text)
