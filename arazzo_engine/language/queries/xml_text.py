"""XML as text: read without entities, types or files, and written back with a value in another place.

Decides which XML is read at all: no entities of its own, bounded size and depth. What is looked for in it is
not known here.
"""

from __future__ import annotations

import itertools
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from xml.etree.ElementTree import ElementTree, TreeBuilder

import defusedxml.minidom
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from arazzo_engine.documents.depth import DEEPEST
from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree.ElementTree import Element

_LONGEST: Final = 5_000_000
_DECLARATION: Final = lazy_pattern(r"\s*<\?xml\s[^>]*\?>\s*")
# XML 1.0, section 2.2: "Char"
_NO_CHARACTER: Final = lazy_pattern(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
# Unicode, section 23.5: characters for private use
_PRIVATE: Final = range(0xE000, 0xF900)

# an element by its number in document order, and the name of one of its attributes with its namespace
Spot: TypeAlias = tuple[int, tuple[str | None, str] | None]


class XmlDocument:
    """A parsed text, with the prefixes that it declares, the outermost first."""

    def __init__(self, tree: ElementTree, prefixes: dict[str, str]) -> None:
        self.tree = tree
        self.prefixes = prefixes

    @cached_property
    def _numbers(self) -> dict[int, int]:
        """Which element is which, by its identity."""
        return {id(each): number for number, each in enumerate(_elements(self.tree))}

    def number_of(self, element: Element) -> int:
        """Return which element it is, in document order."""
        return self._numbers[id(element)]

    @cached_property
    def _parents(self) -> frozenset[int]:
        return frozenset(id(each) for each in _elements(self.tree) if any(isinstance(child.tag, str) for child in each))

    def has_elements(self, element: object) -> bool:
        """Whether there are elements in an element."""
        return id(element) in self._parents


def parse_xml(text: str) -> XmlDocument:
    """Return the document that a text is; raises ``EvaluationError`` when it is no XML, or XML that is not read."""
    if len(text) > _LONGEST:
        raise EvaluationError(f"the XML is longer than {_LONGEST} characters")
    builder = _Builder()
    parser = DefusedXMLParser(target=builder)
    try:
        parser.feed(text.lstrip("\ufeff"))
        root = parser.close()
    except DefusedXmlException as error:
        raise EvaluationError("the XML declares entities in its document type, and none is read") from error
    except (ParseError, ValueError) as error:
        raise EvaluationError(f"the context is not XML: {error}") from error
    return XmlDocument(ElementTree(root), builder.prefixes)


def set_in_xml(text: str, spots: Iterable[Spot], value: str) -> str:
    """Return the text with the content of elements and attributes replaced, and everything else as it was.

    Raises ``EvaluationError`` when the value has characters that XML cannot hold, or makes it too long.
    """
    spots = tuple(spots)
    if len(text) + len(value) * len(spots) > _LONGEST:
        raise EvaluationError(f"the XML would be longer than {_LONGEST} characters")
    if _NO_CHARACTER.search(value):
        raise EvaluationError("the value has characters that XML cannot hold")
    document = defusedxml.minidom.parseString(text.lstrip("\ufeff"))
    elements = document.getElementsByTagName("*")
    for number, attribute in spots:
        element = elements[number]
        if attribute is not None:
            element.getAttributeNodeNS(*attribute).value = value
            continue
        # taking them out one by one would look for each of them
        element.childNodes.clear()
        element.appendChild(document.createTextNode(value))
    references = _stand_in(document)
    declaration = _DECLARATION.match(text.lstrip("\ufeff"))
    written = "".join(each.toxml() for each in document.childNodes).translate(references)
    return (declaration[0] if declaration else "") + written


def _stand_in(document: Any) -> dict[int, str]:  # noqa: ANN401 - the library's documents have no type
    """Put other characters in the place of those that only a reference keeps, and return what to write for them."""
    # XML 1.0, section 2.11: a line break is read as "a single #xA character"; section 3.3.3: in an attribute, "for a
    # white space character (#x20, #xD, #xA, #x9), append a space character (#x20) to the normalized value"
    used = set(document.toxml())
    free = [*itertools.islice((number for number in _PRIVATE if chr(number) not in used), 3)]
    if len(free) < 3:  # noqa: PLR2004 - one for each character that is written as a reference
        raise EvaluationError("the XML uses every character that is for private use, and none stands for a line break")
    tab, line_feed, carriage_return = free
    others = {9: tab, 10: line_feed, 13: carriage_return}
    for element in document.getElementsByTagName("*"):
        for attribute in element.attributes.values():
            attribute.value = attribute.value.translate(others)
        for child in element.childNodes:
            if child.nodeType == child.TEXT_NODE:
                child.data = child.data.translate({13: carriage_return})
    return {tab: "&#9;", line_feed: "&#10;", carriage_return: "&#13;"}


class _Builder(TreeBuilder):
    """Builds the tree, counts its depth, and remembers the prefixes."""

    def __init__(self) -> None:
        super().__init__(insert_comments=True, insert_pis=True)
        self.prefixes: dict[str, str] = {}
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Any:  # noqa: ANN401 - an element
        self._depth += 1
        if self._depth > DEEPEST:
            raise EvaluationError(f"the XML nests deeper than {DEEPEST} elements")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Any:  # noqa: ANN401 - an element
        self._depth -= 1
        return super().end(tag)

    def start_ns(self, prefix: str, uri: str) -> None:
        """Remember a prefix: the outermost declaration is the one that a query can use."""
        self.prefixes.setdefault(prefix or "", uri)


def _elements(tree: ElementTree) -> Iterable[Element]:
    # the tag of a comment or an instruction is a function
    return (each for each in tree.iter() if not callable(each.tag))
