"""Bodies as values: what ``$response.body`` is, decided by the content type that the message claims.

JSON becomes its value. JSON lines, JSON text sequences and event streams become an array of their values. XML and
other text stay strings. Anything else is bytes, and bytes are shown as base64. A body that is not what it claims to be
is still there as text, and the problem is kept for the report.
"""

from __future__ import annotations

import base64
import codecs
import json
import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.documents.values import ABSENT, JsonValue, Value
from arazzo_engine.language.sequences import (
    EVENT_STREAM,
    JSON_LINES,
    is_json_sequence,
    parse_events,
    parse_json_sequence,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_JSON: Final = re.compile(r"application/json|text/json|[^/]+/[^/]+\+json")
_TEXT: Final = re.compile(
    r"text/.+|[^/]+/[^/]+\+(xml|yaml)|application/(xml|yaml|x-yaml|javascript|graphql|x-www-form-urlencoded)"
)
_XML: Final = re.compile(r"(text|application)/xml|[^/]+/[^/]+\+xml")
_XML_ENCODING: Final = re.compile(rb"""\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# the encodings of texts; Python knows others, which are no encodings of texts or slow on purpose
_CHARSETS: Final = re.compile(
    r"ascii|utf-(8|16|16-le|16-be|32|32-le|32-be)|iso8859-\d+|cp\d+|koi8-[rtu]|mac-.+|shift_jis.*|euc_.+|gb.+|big5.*|"
    r"iso2022_.+|tis-620|hz|johab"
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


def is_sequence(content_type: str) -> bool:
    """Whether a content type claims many JSON values: JSON lines or a JSON text sequence."""
    name = media_type(content_type)
    return name in JSON_LINES or is_json_sequence(name)


def is_event_stream(content_type: str) -> bool:
    """Whether a content type claims server-sent events."""
    return media_type(content_type) == EVENT_STREAM


def parse_payload(content: bytes, content_type: str | None) -> Payload:
    """Return the body as a value; ``ABSENT`` when there is no body."""
    if not content:
        return Payload(ABSENT)
    if content_type is None:
        return _parse_unclaimed(content)
    parse = next((parse for claims, parse in _PARSERS if claims(content_type)), _show_bytes)
    return parse(content, content_type)


def parse_json(text: str | bytes) -> JsonValue:
    """Return the value of a JSON text; raises ``ValueError`` or ``RecursionError``."""
    return json.loads(text, parse_constant=_refuse_constant)


def _parse_unclaimed(content: bytes) -> Payload:
    try:
        return Payload(parse_json(content))
    except (ValueError, RecursionError):
        pass
    try:
        return Payload(content.decode("utf-8"))
    except UnicodeDecodeError:
        return Payload(base64.b64encode(content).decode("ascii"))


def _parse_claimed_json(content: bytes, content_type: str) -> Payload:
    return _parse_claimed(content, content_type, parse_json)


def _parse_sequence(content: bytes, content_type: str) -> Payload:
    # OpenAPI 3.2, Sequential Media Types: "treated as if the values were in an array in the same order"
    name = media_type(content_type)
    return _parse_claimed(content, content_type, lambda text: parse_json_sequence(text, name, parse_json))


def _parse_events(content: bytes, _content_type: str) -> Payload:
    return Payload(parse_events(content.decode("utf-8", errors="replace")))


def _parse_text(content: bytes, content_type: str) -> Payload:
    return Payload(_decode(content, content_type))


def _show_bytes(content: bytes, _content_type: str) -> Payload:
    return Payload(base64.b64encode(content).decode("ascii"))


def _is_text(content_type: str) -> bool:
    return _TEXT.fullmatch(media_type(content_type)) is not None


# the first that fits decides
_PARSERS: Final[tuple[tuple[Callable[[str], bool], Callable[[bytes, str], Payload]], ...]] = (
    (is_json, _parse_claimed_json),
    (is_sequence, _parse_sequence),
    (is_event_stream, _parse_events),
    (_is_text, _parse_text),
)


def _parse_claimed(content: bytes, content_type: str, parse: Callable[[str], JsonValue]) -> Payload:
    try:
        return Payload(parse(_decode(content, content_type, errors="strict")))
    except (ValueError, RecursionError) as error:
        reason = f": {error.msg}" if isinstance(error, json.JSONDecodeError) else ""
        problem = f"the body claims `{media_type(content_type)}` but is not JSON{reason}"
        return Payload(_decode(content, content_type), problem)


def _refuse_constant(name: str) -> None:
    # RFC 8259, section 6: "Numeric values that cannot be represented in the grammar below (such as Infinity and NaN)
    # are not permitted."
    raise ValueError(f"`{name}` is not JSON")


def _decode(content: bytes, content_type: str, errors: str = "replace") -> str:
    """Return the text: by its byte order mark, by the charset that is claimed, by the XML declaration, or as UTF-8."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors=errors)
    claimed = _CHARSET.search(content_type)
    declared = _XML_ENCODING.match(content) if _XML.fullmatch(media_type(content_type)) and not claimed else None
    name = claimed[1] if claimed else declared[1].decode("ascii") if declared else "utf-8"
    return content.decode(_known_charset(name), errors=errors)


def _known_charset(name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return "utf-8"
    return found if _CHARSETS.fullmatch(found) else "utf-8"
