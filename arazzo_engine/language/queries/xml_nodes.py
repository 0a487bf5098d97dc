"""Queries of XML, which is text in a message: judged, selected with, and replaced at.

Decides when an XPath criterion passes, what an XML node is as a JSON value, and which nodes can be replaced. What a
query selects is decided by ``xpath``, what XML is read by ``xml_text``.
"""

from __future__ import annotations

import math
from copy import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import tostring

from elementpath import AttributeNode, DocumentNode, ElementNode, TextNode, XPathFunction, XPathNode

from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.conditions.judgements import Judgement, show_value
from arazzo_engine.language.expressions.strings import text_of
from arazzo_engine.language.messages.files import plain
from arazzo_engine.language.queries.work import bounded_work, spend
from arazzo_engine.language.queries.xml_text import XmlDocument, parse_xml, set_in_xml
from arazzo_engine.language.queries.xpath import XPath

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.queries.xml_text import Spot

_MOST_DIGITS: Final = 1_000
_CHARACTERS_OF_WORK: Final = 16
_NO_NAMESPACE: Final = "an unprefixed name is in no namespace, and the XML declares a default one: write `*:name`"


class XmlQuery:
    """An XPath of one version."""

    def __init__(self, version: str, text: str) -> None:
        self._query = XPath(version, text)

    def judge(self, context: JsonValue) -> Judgement:
        """Judge a context.

        "Type conversion MUST follow the Effective Boolean Value (EBV) semantics defined by the XPath version".
        """
        document = _parse(context)
        items, passed = self._query.evaluate(document)
        if passed is None:
            raise EvaluationError("the result of the XPath has no effective boolean value")
        return Judgement(passed, _explain(items, context, document))

    def select(self, context: JsonValue) -> tuple[JsonValue, ...]:
        """Return the items of the result as JSON values."""
        document = _parse(context)
        items, _ = self._query.evaluate(document)
        with bounded_work():
            return tuple(context if isinstance(item, DocumentNode) else _value(item, document) for item in items)

    def replace(self, payload: JsonValue, value: JsonValue) -> JsonValue:
        """Return the payload with the content of the selected elements and attributes replaced by the value's text.

        Raises ``EvaluationError`` when nothing is selected, or what cannot be replaced.
        """
        document = _parse(payload)
        items, _ = self._query.evaluate(document)
        if not items:
            raise EvaluationError(f"selects nothing in {show_value(payload)}{_hint(document)}")
        return set_in_xml(payload, [_spot(item, document) for item in items], text_of(plain(value)))


def _parse(context: JsonValue) -> XmlDocument:
    # "Invalid context (e.g., applying JSONPath to non-JSON data)"
    if not isinstance(context, str):
        raise EvaluationError("the context is not XML: it is no text")
    return parse_xml(context)


def _explain(items: list[Any], context: JsonValue, document: XmlDocument) -> str:
    match items:
        case []:
            return f"selects nothing in {show_value(context)}{_hint(document)}"
        case [XPathNode() as node]:
            return f"selects {show_value(node.string_value)}"
        case [item]:
            return f"is {_show(item, document)}"
        case _:
            return f"selects {len(items)} nodes"


def _show(item: Any, document: XmlDocument) -> str:  # noqa: ANN401 - an item of the library
    return str(item) if isinstance(item, float) and not math.isfinite(item) else show_value(_value(item, document))


def _hint(document: XmlDocument) -> str:
    return f" ({_NO_NAMESPACE})" if "" in document.prefixes else ""


def _value(item: Any, document: XmlDocument) -> JsonValue:  # noqa: ANN401 - an item of the library
    """Return an item as JSON: an element with elements in it stays XML, any other node is its text."""
    match item:
        case ElementNode() if document.has_elements(item.value):
            return _write(item.value)
        case XPathNode():
            return item.string_value
        case XPathFunction():
            raise EvaluationError("the result of the XPath is a function, a map or an array, which is no value here")
        case float() if not math.isfinite(item):
            raise EvaluationError(f"the result of the XPath is {item}, which JSON cannot hold")
        case Decimal() if item and item.adjusted() > _MOST_DIGITS:
            raise EvaluationError(f"the result of the XPath has more than {_MOST_DIGITS} digits")
        case Decimal():
            return int(item) if item == item.to_integral_value() else float(item)
        case bool() | int() | float() | str():
            return item
        case _:
            return str(item)


def _write(element: Any) -> str:  # noqa: ANN401 - the library says no more of what a node holds
    copied = copy(element)
    copied.tail = None
    written = str(tostring(copied, encoding="unicode"))
    # an element stands in each of those around it
    spend(len(written) // _CHARACTERS_OF_WORK)
    return written


def _spot(item: Any, document: XmlDocument) -> Spot:  # noqa: ANN401 - an item of the library
    element: Any = (
        item.value if isinstance(item, ElementNode) else getattr(getattr(item, "parent", None), "value", None)
    )
    match item:
        case ElementNode():
            return document.number_of(element), None
        case AttributeNode():
            namespace, _, name = str(item.name).rpartition("}")
            return document.number_of(element), (namespace.removeprefix("{") or None, name)
        case TextNode() if not document.has_elements(element):
            return document.number_of(element), None
        case _:
            raise EvaluationError("selects what cannot be replaced: only elements, their text and attributes can be")
