"""References of schemas of inputs into a source: by the expression of its URL, or by a URL that it is not at.

Decides where they lead: to the document that the source was read from, wherever that was. So a schema and a step that
name one source mean one document, and what is to be written is the URL that leads there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.uris import WEB, resolve_uri, scheme_of, without_fragment
from arazzo_engine.language.base_uris import base_uri
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.references import Resolver, SourcePlace
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.objects import ArazzoDescription

_OF_SOURCE: Final = lazy_pattern(r"\{\$sourceDescriptions\.(?P<name>[A-Za-z0-9_\-]+)\.url\}(?P<part>#.*)")
_REASON: Final = "a schema refers to another one by `$ref` and a URI"
_MOVED: Final = "that is where the source description was found"


class SourceReference(Struct, frozen=True):
    """Where a reference into a source leads, what is to be written for it, and why."""

    uri: str
    written: str
    reason: str

    def told(self, reference: str, at: Place) -> tuple[Diagnostic, ...]:
        """Return the warning for a reference that is written otherwise in a schema."""
        if reference == self.written:
            return ()
        fix = f"write `$ref: '{self.written}'`"
        message = f"`$ref: {reference}` is read as `$ref: '{self.written}'`: {self.reason}"
        schema = value_at(at)
        edits = [at.written({**schema, "$ref": self.written})] if isinstance(schema, dict) else []
        location = at.child("$ref").location()
        return (diagnose("repaired", message, location, fix=fix, edits=edits, kind=self.reason),)


def into_source(reference: str, description: ArazzoDescription, resolver: Resolver) -> SourceReference | None:
    """Return where a reference leads that is the URL of a source by an expression, or one that a source is not at."""
    base = base_uri(description)
    named = _OF_SOURCE.fullmatch(reference)
    source = description.source(named["name"]) if named else None
    if named and source:
        place = _place(source.name, description, resolver)
        uri, url = (place.uri, place.url) if place else (resolve_uri(base, source.url), source.url)
        return SourceReference(f"{uri}{named['part']}", f"{url}{named['part']}", _REASON)
    written, sign, part = reference.partition("#")
    for each in description.source_descriptions if written else ():
        asked = without_fragment(resolve_uri(base, each.url))
        place = _place(each.name, description, resolver)
        if place and place.uri != asked and asked == resolve_uri(base, written):
            url = written if place.url == each.url else place.url
            return SourceReference(f"{place.uri}{sign}{part}", f"{url}{sign}{part}", _MOVED)
    return None


def _place(name: str, description: ArazzoDescription, resolver: Resolver) -> SourcePlace | None:
    document = description.at.document.uri
    place = resolver.places.get((document, name))
    # a document from the network must not make the engine read local files
    return None if place and scheme_of(document) in WEB and scheme_of(place.uri) not in WEB else place
