"""References (``$ref``): from a place that holds one to the place it leads to, across documents.

Follows a reference only when somebody needs what it leads to, so a broken one in an operation that is not used does no
harm. Documents are got from the world; nothing is loaded here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import unquote

from msgspec import Struct

from arazzo_engine.apis.descriptions.paths import placeholder_of, placeholders
from arazzo_engine.apis.descriptions.resources import find_anchor, find_resource, resource_of
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.pointers import parse_pointer, render_pointer
from arazzo_engine.documents.uris import WEB, resolve_uri, scheme_of
from arazzo_engine.documents.values import ABSENT, Value, as_mapping

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from arazzo_engine.documents.document import Document, Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue


_REFERENCES: Final = ("$ref", "$dynamicRef")


class NoSuchDocumentError(ArazzoError):
    """There is no document at a URI, and asking again would not help."""


class DanglingReferenceError(ArazzoError):
    """A reference leads nowhere: to no document, or to nothing in one that is there."""


class Documents(Protocol):
    """Where documents come from."""

    def get(self, uri: str) -> Document:
        """Return the document at an absolute URI without a fragment; raises ``ArazzoError``."""
        ...


def value_at(place: Place) -> Value:
    """Return the value at a place, ``ABSENT`` when there is none."""
    return place.document.content.at(place.pointer)


class SourcePlace(Struct, frozen=True):
    """Where a source was read from: the URI of the document, and the ``url`` that leads to it when it is written."""

    url: str
    uri: str


class Resolver(Struct, frozen=True):
    """Follows references through documents; ``places`` has the sources of each, by its URI and their names."""

    documents: Documents
    places: Mapping[tuple[str, str], SourcePlace] = {}

    def resolve(self, place: Place) -> Place:
        """Return the place itself, or where its reference leads in the end.

        Raises ``ArazzoError``: ``reference-not-found``, ``reference-loop``, or what getting the document raises.
        """
        return self._resolve(place, frozenset())

    def target(self, reference: str, at: Place) -> Place:
        """Return the place that a reference written at ``at`` names."""
        return self._target(reference, at, frozenset())

    def _resolve(self, place: Place, followed: frozenset[Place]) -> Place:
        while isinstance(reference := value_at(place.child("$ref")), str):
            if place in followed:
                message = "the references lead from one to the other without an end"
                raise ArazzoError(diagnose("reference-loop", message, place.location()))
            followed |= {place}
            place = self._target(reference, place, followed)
        return place

    def _target(self, reference: str, at: Place, followed: frozenset[Place]) -> Place:
        base, own_resource = resource_of(at)
        uri, _, fragment = resolve_uri(base, reference).partition("#")
        resource = own_resource if uri == base else find_resource(at.document, uri) or self._get(uri, reference, at)
        fragment = unquote(fragment)
        if fragment and not fragment.startswith("/"):
            return self._anchored(fragment, resource, reference, at)
        try:
            pointer = parse_pointer(fragment)
        except ValueError as error:
            message = f"`{reference}` does not end in a JSON Pointer: {error}"
            raise ArazzoError(diagnose("reference-not-found", message, _at_reference(at).location())) from error
        whole = resource.child(*pointer)
        return whole if value_at(whole) is not ABSENT else self._walk(resource, pointer, at, followed)

    def _anchored(self, name: str, resource: Place, reference: str, at: Place) -> Place:
        place = find_anchor(resource, name)
        if place is None:
            message = f"`{reference}` leads nowhere: no schema has the anchor `{name}`"
            raise DanglingReferenceError(diagnose("reference-not-found", message, _at_reference(at).location()))
        return place

    def _get(self, uri: str, reference: str, at: Place) -> Place:
        # a description from the network must not make the engine read local files
        if scheme_of(at.document.uri) in WEB and scheme_of(uri) not in WEB:
            message = f"`{reference}` leads from a document of the network to something that is not http"
            raise ArazzoError(diagnose("reference-not-found", message, _at_reference(at).location()))
        try:
            return self.documents.get(uri).root()
        except ArazzoError as error:
            reasons = "; ".join(each.message for each in error.diagnostics)
            message = f"`{reference}` leads to a document that cannot be used: {reasons}"
            fix = next((each.fix for each in error.diagnostics), "")
            raised = DanglingReferenceError if isinstance(error, NoSuchDocumentError) else ArazzoError
            kind = f"a `$ref` leads to a document that cannot be used: {reasons}"
            problem = diagnose("reference-not-found", message, _at_reference(at).location(), fix=fix, kind=kind)
            raise raised(problem) from error

    def _walk(self, place: Place, pointer: Pointer, at: Place, followed: frozenset[Place]) -> Place:
        """Follow the pointer token by token: a value on the way may be a reference itself."""
        for index, token in enumerate(pointer):
            if value_at(place.child(token)) is ABSENT:
                place = self._resolve(place, followed)
            if value_at(place.child(token)) is ABSENT:
                raise DanglingReferenceError(_not_found(pointer[index:], place, at))
            place = place.child(token)
        return place


def _at_reference(at: Place) -> Place:
    return at.child("$ref") if isinstance(value_at(at), dict) else at


def _reference_of(at: Place) -> str:
    written = as_mapping(value_at(at))
    # the key of a Security Requirement Object is a reference itself
    return str(next((written[name] for name in _REFERENCES if name in written), (at.pointer or ("",))[-1]))


def _that_can_stand(at: Place, found: dict[str, JsonValue]) -> list[str]:
    """Return the names that a reference could mean: no parameter of a path, where the path has no such placeholder."""
    if at.pointer[:1] != ("paths",) or at.pointer[-2:-1] != ("parameters",):
        return list(found)
    named = placeholders(at.pointer[1])
    return [name for name, each in found.items() if _has_place(as_mapping(each), named)]


def _has_place(parameter: dict[str, JsonValue], named: Collection[str]) -> bool:
    return parameter.get("in") != "path" or placeholder_of(str(parameter.get("name")), named) is not None


def _not_found(rest: Pointer, place: Place, at: Place) -> Diagnostic:
    token = rest[0]
    message = f"`{_reference_of(at)}` leads nowhere: there is no `{token}`"
    value = value_at(place)
    fix = did_you_mean(token, _that_can_stand(at, value)) if isinstance(value, dict) else ""
    fix = fix or f"define `{render_pointer(rest)[1:]}` there, or correct the `$ref`"
    return diagnose("reference-not-found", message, _at_reference(at).location(), fix=fix)
