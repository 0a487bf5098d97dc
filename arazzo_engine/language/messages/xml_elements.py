"""Parts of an XML body that a JSON Pointer names: a token is the name of an element, or of an attribute, or an index.

Decides what a pointer names there: elements by their local names, of several with one name the one at an index, and
the text of an element that has no others in it. A description names the content of the root element; the root's own
name may stand before that. What is no XML, or XML that is not read, has no parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.values import ABSENT, Value
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from xml.etree.ElementTree import Element

    from arazzo_engine.documents.pointers import Pointer

_LONGEST: Final = 5_000_000
_INDEX: Final = lazy_pattern(r"0|[1-9][0-9]{0,9}")


def read_xml(text: str) -> Element | None:
    """Return the root element of a text, ``None`` when it is no XML, or XML with entities of its own."""
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415 - few answers are XML

    from defusedxml import DefusedXmlException  # noqa: PLC0415 - few answers are XML
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415 - few answers are XML

    if len(text) > _LONGEST:
        return None
    try:
        root: Element = fromstring(text.lstrip("\ufeff"))
    except (DefusedXmlException, ParseError, ValueError):
        return None
    return root


def part_of_xml(root: Element, pointer: Pointer) -> Value:
    """Return what a pointer names in a document, ``ABSENT`` when that is nothing, or an element with others in it."""
    found = _within(root, pointer)
    return _within(root, pointer[1:]) if found is ABSENT and pointer[:1] == (_name(root.tag),) else found


def _within(element: Element, pointer: Pointer) -> Value:
    if not pointer:
        return ABSENT if len(element) else element.text or ""
    token, rest = pointer[0], pointer[1:]
    named = [each for each in element if _name(each.tag) == token]
    if named:
        return _within(named[0], rest) if len(named) == 1 else _among(named, rest)
    if _INDEX.fullmatch(token):
        return _at_index(element, int(token), rest)
    attributes = (value for name, value in element.attrib.items() if _name(name) == token.removeprefix("@"))
    return next(attributes, ABSENT) if not rest else ABSENT


def _among(elements: Sequence[Element], pointer: Pointer) -> Value:
    """Return what is named in several elements of one name: of the one at an index, or the texts of all."""
    if not pointer:
        return _texts(elements)
    index = int(pointer[0]) if _INDEX.fullmatch(pointer[0]) else len(elements)
    return _within(elements[index], pointer[1:]) if index < len(elements) else ABSENT


def _texts(elements: Iterable[Element]) -> Value:
    texts = [_within(each, ()) for each in elements]
    return ABSENT if ABSENT in texts else [each for each in texts if isinstance(each, str)]


def _at_index(element: Element, index: int, rest: Pointer) -> Value:
    """Return what is named at an index where a list may be one element alone, or the elements within one."""
    own = _within(element, rest) if index == 0 else ABSENT
    elements = [*element]
    is_list = bool(elements) and len({each.tag for each in elements}) == 1
    return _within(elements[index], rest) if own is ABSENT and is_list and index < len(elements) else own


def _name(name: str) -> str:
    return name.rpartition("}")[2]
