"""The parts of a body that is sent in several: their headers, which the description alone gives.

Decides from the description, before any value is known. What a part holds is written by ``multipart``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.http_names import is_token
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.operations import Encoding, MediaType

# RFC 9110, section 5.5: "Field values containing CR, LF, or NUL characters are invalid and dangerous"
_CONTROL: Final = lazy_pattern("[\x00-\x08\x0a-\x1f\x7f]")


def check_parts(description: MediaType) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each header of a part that no step can give, or that no message can hold."""
    for encoding in description.all_encodings():
        yield from _check_headers(description.name, encoding)
        if _CONTROL.search(encoding.content_type or ""):
            message = f"a part of `{description.name}` has a content type that no message can hold"
            at = encoding.at.child("contentType").location()
            yield diagnose("request-body-unsupported", message, at, fix="write a media type")


def _check_headers(media_type: str, encoding: Encoding) -> Iterator[Diagnostic]:
    headers = encoding.at.child("headers")
    for name in encoding.open_headers:
        message = f"a part of `{media_type}` requires the header `{name}`, and no step can give one"
        at = headers.child(name).location()
        yield diagnose("request-body-unsupported", message, at, fix="give the header a `const` in the description")
    for name, value in encoding.headers.items():
        if not is_token(name) or _CONTROL.search(value):
            message = f"a part of `{media_type}` has the header `{name}`, which no message can hold"
            at = headers.child(name).key_location()
            yield diagnose("request-body-unsupported", message, at, fix="correct its name and its value")
