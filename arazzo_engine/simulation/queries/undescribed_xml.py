"""XML of which the description says nothing, or no more than that it is a text: written by what its step asks of it.

Decides the name of its root, and what in it is an attribute. What is in it is decided by whoever asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.schemas import Shape, Xml
from arazzo_engine.apis.wire_forms.xml import xml_text
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.messages.payloads import is_xml
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.language.templates import Selector
from arazzo_engine.simulation.queries.xpath import of_local_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.documents.values import Value
    from arazzo_engine.language.objects import Criterion
    from arazzo_engine.language.queries.compiling import QueryTemplate
    from arazzo_engine.language.templates import Template
    from arazzo_engine.simulation.answers import Draft

_XML: Final = "application/xml"
# what the root is called where nobody says
_UNNAMED: Final = "root"


def with_root(draft: Draft, criteria: Iterable[Criterion], outputs: Iterable[Template]) -> Draft:
    """Return a draft of XML with the root which criteria and outputs name, where the description says nothing of it."""
    if not _is_undescribed(draft):
        return draft
    texts = [(each.type.version, of_local_names(each.text)) for each in (*_asked_by(criteria), *_selected_by(outputs))]
    if not texts:
        return draft
    from arazzo_engine.language.queries.xpath import names_in  # noqa: PLC0415 - few answers are XML

    found = [(text, names_in(version, text)) for version, text in texts]
    roots = {root for _, names in found for root in names.roots}
    elements = {text[start:end] for text, names in found for start, end in names.spans}
    attributes = {name for _, names in found for name in names.attributes} - elements
    if len(roots) > 1 or not (elements or attributes):
        return draft
    body: Value = draft.body if draft.body is ABSENT else {}
    shape = _shape(next(iter(roots), _UNNAMED), attributes)
    return replace(draft, content_type=draft.content_type or _XML, body=body, schema=None, shape=shape)


def as_element(body: Value, draft: Draft) -> Value:
    """Return the root with a text in it, where nobody describes the root: by itself, a text is a whole document."""
    is_of_root = draft.shape is not None and draft.schema is None
    return xml_text(body, draft.shape) if is_of_root and isinstance(body, str) and body[:1] != "<" else body


def _is_undescribed(draft: Draft) -> bool:
    if draft.is_given or not (is_xml(draft.content_type) or not draft.content_type):
        return False
    return draft.body is ABSENT or (isinstance(draft.body, str) and draft.body.lstrip()[:1] != "<")


def _asked_by(criteria: Iterable[Criterion]) -> Iterator[QueryTemplate]:
    yield from (each.query for each in criteria if each.query is not None and each.asks_body_by(Language.XPATH))


def _selected_by(outputs: Iterable[Template]) -> Iterator[QueryTemplate]:
    for each in outputs:
        match each:
            case Selector(context=context, query=query):
                if query.type.type is Language.XPATH and context.expression.is_of_answer_body:
                    yield query
            case _:
                pass


def _shape(root: str, attributes: Iterable[str]) -> Shape:
    """Return the shape of an element in which, at any depth, what is named like an attribute is one."""
    named = {name: Shape(xml=Xml(node_type="attribute")) for name in attributes}
    within = Shape(properties=named)
    within.additional = within.items = within
    return Shape(xml=Xml(root), properties=named, additional=within)
