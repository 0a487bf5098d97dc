"""Media types: the names that the engine itself writes, and the kind of body that each one is.

Decides the kind from the name alone. How a body of each kind is written, and which media type a request has, is decided
elsewhere. Media types compare without case and parameters.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Final

from arazzo_engine.language.messages.payloads import is_json, is_sequence, media_type
from arazzo_engine.patterns import lazy_pattern

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
FORM_DATA: Final = "multipart/form-data"
OCTETS: Final = "application/octet-stream"
_XML: Final = lazy_pattern(r"(text|application)/xml(-.+)?|[^/]+/[^/]+\+xml")
_TEXT: Final = lazy_pattern(
    r"text/.+|application/(graphql|yaml|x-yaml|javascript|sql|jwt|jose)|[^/]+/[^/]+\+(yaml|jwt)"
)
_MULTIPART: Final = lazy_pattern(r"multipart/.+")


class BodyKind(StrEnum):
    """The ways of writing a body."""

    JSON = "JSON"
    FORM = "form"
    MULTIPART = "multipart"
    XML = "XML"
    SEQUENCE = "JSON values in a row"
    TEXT = "text"
    BINARY = "bytes"


# the first that fits decides
_KINDS: Final = (
    (lambda name: _MULTIPART.fullmatch(name) is not None, BodyKind.MULTIPART),
    (is_json, BodyKind.JSON),
    (is_sequence, BodyKind.SEQUENCE),
    (lambda name: name == FORM, BodyKind.FORM),
    (lambda name: _XML.fullmatch(name) is not None, BodyKind.XML),
    (lambda name: _TEXT.fullmatch(name) is not None, BodyKind.TEXT),
)


@lru_cache(128)
def kind_of_body(content_type: str) -> BodyKind:
    """Return how a body of a media type is written; what nothing is known about is bytes."""
    name = media_type(content_type)
    return next((kind for fits, kind in _KINDS if fits(name)), BodyKind.BINARY)
