"""Bodies as values: what ``$response.body`` is, decided by the content type that the message claims.

JSON becomes its value. XML and other text stay strings. Anything else is bytes, and bytes are shown as base64. A body
that is not what it claims to be is still there as text, and the problem is kept for the report.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Final

from msgspec import Struct

from arazzo_engine.documents.values import ABSENT, JsonValue, Value

_JSON: Final = re.compile(r"application/json|text/json|[^/]+/[^/]+\+json")
_TEXT: Final = re.compile(
    r"text/.+|[^/]+/[^/]+\+(xml|yaml)|application/(xml|yaml|x-yaml|javascript|graphql|x-ndjson|x-www-form-urlencoded)"
)
_CHARSET: Final = re.compile(r'charset\s*=\s*"?([A-Za-z0-9_.:\-]+)', re.IGNORECASE)


class Payload(Struct, frozen=True):
    """A body as a value, and what is wrong with the body, if anything."""

    value: Value
    problem: str | None = None


def media_type(content_type: str) -> str:
    """Return the type and subtype in lower case, without parameters.

    >>> media_type("Application/JSON; charset=utf-8")
    'application/json'
    """
    return content_type.split(";", 1)[0].strip().lower()


def is_json(content_type: str) -> bool:
    """Whether a content type claims JSON: ``application/json`` or any ``+json``."""
    return _JSON.fullmatch(media_type(content_type)) is not None


def parse_payload(content: bytes, content_type: str | None) -> Payload:
    """Return the body as a value; ``ABSENT`` when there is no body."""
    if not content:
        return Payload(ABSENT)
    if content_type is None:
        return _parse_unclaimed(content)
    if is_json(content_type):
        return _parse_claimed_json(content, content_type)
    if _TEXT.fullmatch(media_type(content_type)):
        return Payload(_decode(content, content_type))
    return Payload(base64.b64encode(content).decode("ascii"))


def _parse_unclaimed(content: bytes) -> Payload:
    try:
        return Payload(_parse_json(content))
    except (ValueError, RecursionError):
        pass
    try:
        return Payload(content.decode("utf-8"))
    except UnicodeDecodeError:
        return Payload(base64.b64encode(content).decode("ascii"))


def _parse_claimed_json(content: bytes, content_type: str) -> Payload:
    try:
        return Payload(_parse_json(content))
    except (ValueError, RecursionError) as error:
        reason = f": {error.msg}" if isinstance(error, json.JSONDecodeError) else ""
        problem = f"the body claims `{media_type(content_type)}` but is not JSON{reason}"
        return Payload(_decode(content, content_type), problem)


def _parse_json(content: bytes) -> JsonValue:
    return json.loads(content, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> None:
    # RFC 8259, section 6: "Numeric values that cannot be represented in the grammar below (such as Infinity and NaN)
    # are not permitted."
    raise ValueError(f"`{name}` is not JSON")


def _decode(content: bytes, content_type: str) -> str:
    charset = _CHARSET.search(content_type)
    try:
        return content.decode(charset[1] if charset else "utf-8", errors="replace")
    except LookupError:
        return content.decode("utf-8", errors="replace")
