"""What a URI without a fragment names, a document or a schema in one that has an ``$id``, and what an anchor names.

Decides the base URI that a reference is resolved against. Documents are searched for an ``$id`` or an anchor only when
a reference cannot mean anything else.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.document import Place
from arazzo_engine.documents.uris import resolve_uri, without_fragment
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

_HAS_SELF: Final = lazy_pattern(r"3\.2\..*")
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
            base, root = without_fragment(resolve_uri(base, name)), above
    return base, root


def document_base(document: Document) -> str:
    """Return the base URI of a document."""
    version, name = _text_at(document, ("openapi",)), _text_at(document, ("$self",))
    if version is None or name is None or not _HAS_SELF.fullmatch(version):
        return document.uri
    # "the self-assigned URI of this document, which also serves as its base URI"
    return without_fragment(resolve_uri(document.uri, name))


def find_resource(document: Document, uri: str) -> Place | None:
    """Return the place in a document that a URI without a fragment names, ``None`` when it names another document."""
    if uri in {document.uri, document_base(document)}:
        return document.root()
    return _named(document).get((uri, "")) if "$id" in document.text else None


def find_anchor(resource: Place, name: str) -> Place | None:
    """Return the place of the schema that an anchor names within a document or a schema with an ``$id``."""
    return _named(resource.document).get((resource_of(resource)[0], name))


@lru_cache(maxsize=16)
def _named(document: Document) -> dict[tuple[str, str], Place]:
    """Return the schemas of a document that have a name: their URI, and their anchor if that is the name."""
    found: dict[tuple[str, str], Place] = {}
    waiting: list[tuple[Pointer, JsonValue, str]] = [((), document.value, document_base(document))]
    while waiting:
        pointer, value, base = waiting.pop()
        members = as_mapping(value)
        if pointer and isinstance(members.get("$id"), str):
            base = without_fragment(resolve_uri(base, members["$id"]))
            found.setdefault((base, ""), Place(document, pointer))
        for anchor in filter(None, map(members.get, _ANCHORS)):
            found.setdefault((base, str(anchor)), Place(document, pointer))
        elements = enumerate(value) if isinstance(value, list) else members.items()
        waiting.extend(((*pointer, str(token)), each, base) for token, each in elements)
    return found


def _text_at(document: Document, pointer: Pointer) -> str | None:
    value = document.content.at(pointer)
    return value if isinstance(value, str) else None
