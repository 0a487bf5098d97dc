"""What a URI without a fragment names, a document or a schema in one that has an ``$id``, and what an anchor names.

Decides the base URI that a reference is resolved against. Documents are searched for an ``$id`` or an anchor only when
a reference cannot mean anything else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urldefrag, urljoin

from arazzo_engine.documents.document import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

_HAS_SELF: Final = re.compile(r"3\.2\..*")
_ANCHORS: Final = ("$anchor", "$dynamicAnchor")


def resource_of(place: Place) -> tuple[str, Place]:
    """Return the base URI at a place, and the place of the document or schema that has it."""
    document = place.document
    base, root = document_base(document), document.root()
    for end in range(1, len(place.pointer) + 1):
        above = Place(document, place.pointer[:end])
        name = _text_at(document, (*above.pointer, "$id"))
        if name is not None:
            # JSON Schema 2020-12, section 8.2.1: "The "$id" keyword identifies a schema resource with its canonical
            # URI" and is "the base URI against which any relative URI references in the schema [are] resolved"
            base, root = urldefrag(urljoin(base, name)).url, above
    return base, root


def document_base(document: Document) -> str:
    """Return the base URI of a document."""
    version, name = _text_at(document, ("openapi",)), _text_at(document, ("$self",))
    if version is None or name is None or not _HAS_SELF.fullmatch(version):
        return document.uri
    # "the self-assigned URI of this document, which also serves as its base URI"
    return urldefrag(urljoin(document.uri, name)).url


def find_resource(document: Document, uri: str) -> Place | None:
    """Return the place in a document that a URI without a fragment names, ``None`` when it names another document."""
    if uri in {document.uri, document_base(document)}:
        return document.root()
    if "$id" not in document.text:
        return None
    found = (place for place, value in _objects(document.root()) if isinstance(value.get("$id"), str))
    return next((place for place in found if resource_of(place)[0] == uri), None)


def find_anchor(resource: Place, name: str) -> Place | None:
    """Return the place of the schema that an anchor names within a document or a schema."""
    for place, value in _objects(resource):
        if name in [value.get(keyword) for keyword in _ANCHORS] and resource_of(place)[1] == resource:
            return place
    return None


def _text_at(document: Document, pointer: Pointer) -> str | None:
    value = document.content.at(pointer)
    return value if isinstance(value, str) else None


def _objects(root: Place) -> Iterator[tuple[Place, dict[str, JsonValue]]]:
    waiting: list[tuple[Pointer, JsonValue]] = [(root.pointer, root.document.content.at(root.pointer))]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, dict):
            yield Place(root.document, pointer), value
            waiting.extend(((*pointer, name), each) for name, each in value.items())
        elif isinstance(value, list):
            waiting.extend(((*pointer, str(index)), each) for index, each in enumerate(value))
