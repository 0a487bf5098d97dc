"""References (``$ref``): from a place that holds one to the place it leads to, across documents.

Follows a reference only when somebody needs what it leads to, so a broken one in an operation that is not used does no
harm. Documents are got from the world; nothing is loaded here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.document import Place
from arazzo_engine.documents.pointers import parse_pointer, resolve_pointer, step_into
from arazzo_engine.documents.values import ABSENT, JsonValue, Value

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Document

# A chain this long is a loop, or as useful as one
_LONGEST_CHAIN: Final = 50
_REMOTE: Final = frozenset({"http", "https"})


class Documents(Protocol):
    """Where documents come from."""

    def get(self, uri: str) -> Document:
        """Return the document at an absolute URI without a fragment; raises ``ArazzoError``."""
        ...


def value_at(place: Place) -> Value:
    """Return the value at a place, ``ABSENT`` when there is none."""
    return resolve_pointer(place.document.value, place.pointer)


class Resolver(Struct, frozen=True):
    """Follows references through documents."""

    documents: Documents

    def resolve(self, place: Place) -> Place:
        """Return the place itself, or where its reference leads in the end.

        Raises ``ArazzoError``: ``reference-not-found``, ``reference-loop``, or what getting the document raises.
        """
        for _ in range(_LONGEST_CHAIN):
            value = value_at(place)
            if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
                return place
            place = self.target(value["$ref"], place)
        message = "the references lead from one to the other without an end"
        raise ArazzoError(diagnose("reference-loop", message, place.location()))

    def target(self, reference: str, at: Place) -> Place:
        """Return the place that a reference written at ``at`` names."""
        uri, fragment = urldefrag(urljoin(at.document.uri, reference))
        document = at.document if uri == at.document.uri else self._get(uri, reference, at)
        try:
            pointer = parse_pointer(unquote(fragment))
        except ValueError as error:
            message = f"`{reference}` does not end in a JSON Pointer, and names of schemas are not followed yet"
            raise ArazzoError(diagnose("reference-not-found", message, _at_reference(at).location())) from error
        return self._walk(Place(document), pointer, reference, at)

    def _get(self, uri: str, reference: str, at: Place) -> Document:
        # a description from the network must not make the engine read local files
        if urlsplit(at.document.uri).scheme in _REMOTE and urlsplit(uri).scheme not in _REMOTE:
            message = f"`{reference}` leads from a document of the network to something that is not http"
            raise ArazzoError(diagnose("reference-not-found", message, _at_reference(at).location()))
        try:
            return self.documents.get(uri)
        except ArazzoError as error:
            reasons = "; ".join(each.message for each in error.diagnostics)
            message = f"`{reference}` leads to a document that cannot be used: {reasons}"
            fix = next((each.fix for each in error.diagnostics), "")
            raise ArazzoError(
                diagnose("reference-not-found", message, _at_reference(at).location(), fix=fix)
            ) from error

    def _walk(self, place: Place, pointer: tuple[str, ...], reference: str, at: Place) -> Place:
        """Follow the pointer token by token: a value on the way may be a reference itself."""
        for token in pointer:
            value = value_at(place)
            if step_into(value, token) is ABSENT and isinstance(value, dict) and "$ref" in value:
                place = self.resolve(place)
                value = value_at(place)
            if step_into(value, token) is ABSENT:
                raise ArazzoError(_not_found(reference, token, value, at))
            place = place.child(token)
        return place


def _at_reference(at: Place) -> Place:
    return at.child("$ref") if isinstance(value_at(at), dict) else at


def _not_found(reference: str, token: str, value: JsonValue, at: Place) -> Diagnostic:
    message = f"`{reference}` leads nowhere: there is no `{token}`"
    fix = did_you_mean(token, value) if isinstance(value, dict) else ""
    return diagnose("reference-not-found", message, _at_reference(at).location(), fix=fix)
