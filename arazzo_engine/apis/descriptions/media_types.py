"""Media types: the names that the engine itself writes, and the kind of body that each one is.

Decides the kind from the name alone. How a body of each kind is written, and which media type a request has, is decided
elsewhere. Media types compare without case and parameters.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Final

from arazzo_engine.language.messages.formats import Format, format_of
from arazzo_engine.language.messages.payloads import media_type

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
FORM_DATA: Final = "multipart/form-data"
OCTETS: Final = "application/octet-stream"


class BodyKind(StrEnum):
    """The ways of writing a body."""

    JSON = "JSON"
    FORM = "form"
    MULTIPART = "multipart"
    XML = "XML"
    SEQUENCE = "JSON values in a row"
    TEXT = "text"
    BINARY = "bytes"


_KINDS: Final = {
    Format.JSON: BodyKind.JSON,
    Format.JSON_LINES: BodyKind.SEQUENCE,
    Format.JSON_SEQUENCE: BodyKind.SEQUENCE,
    Format.XML: BodyKind.XML,
    Format.TEXT: BodyKind.TEXT,
    Format.BYTES: BodyKind.BINARY,
}
_MULTIPART: Final = "multipart/"


@lru_cache(128)
def kind_of_body(content_type: str) -> BodyKind:
    """Return how a body of a media type is written; what nothing is known about is bytes."""
    name = media_type(content_type)
    if name.startswith(_MULTIPART) and name != _MULTIPART:
        return BodyKind.MULTIPART
    return BodyKind.FORM if name == FORM else _KINDS[format_of(name)]
