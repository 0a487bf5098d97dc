"""The base URI of an Arazzo document, against which its references resolve (RFC 3986, section 5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.documents.uris import resolve_uri

if TYPE_CHECKING:
    from arazzo_engine.language.objects import ArazzoDescription


def base_uri(description: ArazzoDescription) -> str:
    """Return the base URI: ``$self``, resolved against where the document was found, or that place itself."""
    # "If the `$self` field is present and is a relative URI-reference, it MUST first be resolved against the next
    # possible base URI source"
    return resolve_uri(description.at.document.uri, description.self_uri or "")


def canonical_uri(description: ArazzoDescription) -> str | None:
    """Return what ``$self`` is in expressions, ``None`` when the document has none."""
    # "References the canonical URI of the current Arazzo Description as defined by the `$self` field."
    return None if description.self_uri is None else base_uri(description)
