"""Bodies as values: what ``$response.body`` is, decided by the content type that the message claims.

JSON becomes its value. JSON lines, JSON text sequences and event streams become an array of their values. XML and
other text stay strings. Anything else is bytes, and bytes are shown as base64. A body that is not what it claims to be
is still there as text, and the problem is kept for the report. A server is trusted no more than a document is.
"""

from __future__ import annotations

import codecs
import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.documents.byte_order_marks import split_mark
from arazzo_engine.documents.depth import DEEPEST
from arazzo_engine.documents.json.text import parse_message
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.values import ABSENT, JsonValue, Value
from arazzo_engine.language.messages.files import encoded_bytes
from arazzo_engine.language.messages.sequences import (
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
_XML_ENCODING: Final = re.compile(r"""\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION: Final = 500
# a run meets the same few content types again and again
_KNOWN_TYPES: Final = 128
# the encodings of texts; Python knows others, which are no encodings of texts or slow on purpose
_CHARSETS: Final = re.compile(
    r"ascii|utf-(8|16|16-le|16-be|32|32-le|32-be)|iso8859-\d+|cp\d+|koi8-[rtu]|mac-.+|shift_jis.*|euc_.+|gb.+|big5.*|"
    r"iso2022_.+|tis-620|hz|johab"
)
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_CHARSET: Final = re.compile(r'charset\s*=\s*"?([A-Za-z0-9_.:\-]+)', re.IGNORECASE)


class Payload(Struct, frozen=True):
    """A body as a value, and what is wrong with the body, if anything."""

    value: Value
    problem: str | None = None


@lru_cache(_KNOWN_TYPES)
def media_type(content_type: str) -> str:
    """Return the type and subtype in lower case, without parameters.

    >>> media_type("Application/JSON; charset=utf-8")
    'application/json'
    """
    return content_type.split(";", 1)[0].strip().lower()


@lru_cache(_KNOWN_TYPES)
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


def is_xml(content_type: str) -> bool:
    """Whether a content type claims XML: ``application/xml``, ``text/xml`` or any ``+xml``."""
    return _XML.fullmatch(media_type(content_type)) is not None


def parse_payload(content: bytes, content_type: str | None) -> Payload:
    """Return the body as a value; ``ABSENT`` when there is no body."""
    if not content:
        return Payload(ABSENT)
    if content_type is None:
        return _parse_unclaimed(content)
    return _parser_for(content_type)(content, content_type)


def parse_json(text: str) -> JsonValue:
    """Return the value of a JSON text in a message, read as strictly as a document; raises ``MalformedText``."""
    return parse_message(text, DEEPEST).value


def write_json(value: JsonValue) -> str:
    """Return the JSON text of a value; raises ``ValueError`` when JSON, which is Unicode, cannot hold it."""
    text = _ENCODER.encode(value)
    text.encode()
    return text


def _parse_unclaimed(content: bytes) -> Payload:
    try:
        text = _decode(content, "", errors="strict")
    except UnicodeDecodeError:
        return Payload(encoded_bytes(content, ""))
    try:
        return Payload(parse_json(text))
    except MalformedText:
        return Payload(text)


def _parse_claimed_json(content: bytes, content_type: str) -> Payload:
    return _parse_claimed(content, content_type, lambda text, parse: parse(text))


def _parse_sequence(content: bytes, content_type: str) -> Payload:
    # OpenAPI 3.2, Sequential Media Types: "treated as if the values were in an array in the same order"
    name = media_type(content_type)
    return _parse_claimed(content, content_type, lambda text, parse: parse_json_sequence(text, name, parse))


def _parse_events(content: bytes, _content_type: str) -> Payload:
    return Payload(parse_events(content.decode("utf-8", errors="replace")))


def _parse_text(content: bytes, content_type: str) -> Payload:
    return Payload(_decode(content, content_type))


def _show_bytes(content: bytes, content_type: str) -> Payload:
    return Payload(encoded_bytes(content, media_type(content_type)))


def _is_text(content_type: str) -> bool:
    return _TEXT.fullmatch(media_type(content_type)) is not None


# the first that fits decides
_PARSERS: Final[tuple[tuple[Callable[[str], bool], Callable[[bytes, str], Payload]], ...]] = (
    (is_json, _parse_claimed_json),
    (is_sequence, _parse_sequence),
    (is_event_stream, _parse_events),
    (_is_text, _parse_text),
)


@lru_cache(_KNOWN_TYPES)
def _parser_for(content_type: str) -> Callable[[bytes, str], Payload]:
    return next((parse for claims, parse in _PARSERS if claims(content_type)), _show_bytes)


class _MessageReader:
    """Reads the JSON texts of one body, and remembers whether one of them names a member twice."""

    __slots__ = ("repeats",)

    def __init__(self) -> None:
        self.repeats = False

    def parse(self, text: str) -> JsonValue:
        parsed = parse_message(text, DEEPEST)
        self.repeats = self.repeats or parsed.repeats
        return parsed.value


def _parse_claimed(
    content: bytes, content_type: str, take: Callable[[str, Callable[[str], JsonValue]], JsonValue]
) -> Payload:
    reader = _MessageReader()
    claimed = f"the body claims `{media_type(content_type)}`"
    try:
        value = take(_decode(content, content_type, errors="strict"), reader.parse)
    except (MalformedText, UnicodeDecodeError) as error:
        return Payload(_decode(content, content_type), f"{claimed} but is not JSON{_reason(error)}")
    # RFC 8259, section 4: "When the names within an object are not unique, the behavior of software that receives such
    # an object is unpredictable."
    return Payload(value, f"{claimed} and names a member twice: the last one counts" if reader.repeats else None)


def _reason(error: MalformedText | UnicodeDecodeError) -> str:
    """Return what is wrong, without a word of the body: it may be secret."""
    cause = error.__cause__
    if isinstance(cause, json.JSONDecodeError):
        return f": {cause.msg}"
    return _REASONS.get(error.code, _NO_VALUE) if isinstance(error, MalformedText) else ": it is not in its charset"


_NO_VALUE: Final = ": it has a number or half a character that cannot be read"
_REASONS: Final = {"document-too-deep": f" that can be read: it nests deeper than {DEEPEST}"}


def _decode(content: bytes, content_type: str, errors: str = "replace") -> str:
    """Return the text: by its byte order mark, by the charset that is claimed, by the XML declaration, or as UTF-8."""
    encoding, marked = split_mark(content)
    if encoding is not None:
        return marked.decode(encoding, errors=errors)
    is_xml = _XML.fullmatch(media_type(content_type)) is not None
    declared = xml_encoding(content[:_DECLARATION].decode("latin-1")) if is_xml else None
    return content.decode(charset_of(content_type) or declared or "utf-8", errors=errors)


@lru_cache(_KNOWN_TYPES)
def charset_of(content_type: str) -> str | None:
    """Return the charset that a content type names, ``None`` when it names none that is known."""
    return known_charset(charset_name(content_type))


def charset_name(content_type: str) -> str:
    """Return the charset that a content type names, as it is written there; ``""`` when it names none."""
    found = _CHARSET.search(content_type)
    return found[1] if found else ""


def xml_encoding(text: str) -> str | None:
    """Return the encoding that an XML declaration names, ``None`` when it names none that is known."""
    return known_charset(xml_encoding_name(text))


def xml_encoding_name(text: str) -> str:
    """Return the encoding that an XML declaration names, as it is written there; ``""`` when it names none."""
    found = _XML_ENCODING.match(text)
    return found[1] if found else ""


def known_charset(name: str) -> str | None:
    """Return the one name that Python has for a charset, ``None`` for what is none of texts."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    return found if _CHARSETS.fullmatch(found) else None
