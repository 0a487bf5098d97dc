"""Bodies as values: what ``$response.body`` is, decided by the content type that the message claims.

JSON becomes its value. JSON lines, JSON text sequences and event streams become an array of their values. XML and
other text stay strings. Anything else is bytes, and bytes are shown as base64. A body that is not what it claims to be
is still there as text, and the problem is kept for the report. A server is trusted no more than a document is.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.documents.depth import DEEPEST
from arazzo_engine.documents.json.text import parse_message
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.values import ABSENT, JsonValue, Value
from arazzo_engine.language.messages.charsets import decode_text
from arazzo_engine.language.messages.files import encoded_bytes
from arazzo_engine.language.messages.formats import Format, format_of
from arazzo_engine.language.messages.json_bodies import Parse, Take, read_json
from arazzo_engine.language.messages.sequences import (
    EVENT_STREAM,
    MOST_ELEMENTS,
    parse_events,
    parse_json_sequence,
)
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

_SEQUENCES: Final = frozenset({Format.JSON_LINES, Format.JSON_SEQUENCE})
_TEXTS: Final = frozenset({Format.XML, Format.TEXT})
# a run meets the same few content types again and again
_KNOWN_TYPES: Final = 128
# a list of content types, which commas separate outside of quotes, and the type of each
_MEMBER: Final = lazy_pattern(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')
_TYPE: Final = lazy_pattern(r"[!#$%&'*+.^_`|~0-9a-z-]+/[!#$%&'*+.^_`|~0-9a-z-]+")
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class Payload(Struct, frozen=True):
    """A body as a value, and what is wrong with the body, if anything.

    ``content_type`` is that of several it was; ``is_partial`` says that something of it could not be read.
    """

    value: Value
    problem: str | None = None
    content_type: str | None = None
    is_partial: bool = False


@lru_cache(_KNOWN_TYPES)
def media_type(content_type: str) -> str:
    """Return the type and subtype in lower case, without parameters.

    >>> media_type("Application/JSON; charset=utf-8")
    'application/json'
    """
    return content_type.split(";", 1)[0].strip().lower()


@lru_cache(_KNOWN_TYPES)
def is_json(content_type: str) -> bool:
    """Whether a content type claims JSON: ``application/json``, any ``+json``, or another name of it."""
    return format_of(media_type(content_type)) is Format.JSON


def is_sequence(content_type: str) -> bool:
    """Whether a content type claims many JSON values: JSON lines or a JSON text sequence."""
    return format_of(media_type(content_type)) in _SEQUENCES


def is_event_stream(content_type: str) -> bool:
    """Whether a content type claims server-sent events."""
    return media_type(content_type) == EVENT_STREAM


def is_xml(content_type: str) -> bool:
    """Whether a content type claims XML: ``application/xml``, ``text/xml`` or any ``+xml``."""
    return format_of(media_type(content_type)) is Format.XML


def is_text(content_type: str) -> bool:
    """Whether what has a content type is a text, of whatever format."""
    return format_of(media_type(content_type)) is not Format.BYTES


def parse_payload(content: bytes, content_type: str | None) -> Payload:
    """Return the body as a value; ``ABSENT`` when there is no body."""
    if not content:
        return Payload(ABSENT)
    claimed = listed_types(content_type or "")
    if not claimed:
        return _parse_unclaimed(content)
    if len(claimed) == 1:
        return _parser_for(claimed[0])(content, claimed[0])
    return _parse_ambiguous(content, claimed)


@lru_cache(_KNOWN_TYPES)
def listed_types(content_type: str) -> tuple[str, ...]:
    """Return the content types that a header names: one, or none that is well-formed, or several that differ.

    RFC 9110, section 8.3: "Although Content-Type is defined as a singleton field, it is sometimes incorrectly generated
    multiple times, resulting in a combined field value that appears to be a list."

    >>> listed_types("application/json, Application/JSON; charset=utf-8"), listed_types("; charset=utf-8")
    (('application/json',), ())
    """
    found: dict[str, str] = {}
    for each in _MEMBER.findall(content_type):
        if _TYPE.fullmatch(media_type(each)):
            found.setdefault(media_type(each), each.strip())
    return tuple(found.values())


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
        read = read_json(content, "", _one_text)
    except (MalformedText, UnicodeDecodeError):
        return _show_unclaimed(content)
    return Payload(read.value, read.problem and f"the body {read.problem}", is_partial=read.is_partial)


def _show_unclaimed(content: bytes) -> Payload:
    try:
        return Payload(decode_text(content, errors="strict"))
    except UnicodeDecodeError:
        return _show_bytes(content, "")


def _parse_ambiguous(content: bytes, claimed: tuple[str, ...]) -> Payload:
    """Read the body as the first of several types that it is. JSON goes first: it is told from everything else."""
    ordered = sorted(claimed, key=lambda each: not (is_json(each) or is_sequence(each)))
    tried = [(each, _parser_for(each)(content, each)) for each in ordered]
    name, read = next((each for each in tried if each[1].problem is None), tried[0])
    listed = ", ".join(f"`{media_type(each)}`" for each in claimed)
    problem = f"the body claims to be {listed}, and is read as `{media_type(name)}`"
    return replace(read, content_type=name, problem=read.problem or problem)


def _parse_claimed_json(content: bytes, content_type: str) -> Payload:
    return _parse_claimed(content, content_type, _one_text)


def _one_text(text: str, parse: Parse) -> JsonValue:
    return parse(text)


def _parse_sequence(content: bytes, content_type: str) -> Payload:
    # OpenAPI 3.2, Sequential Media Types: "treated as if the values were in an array in the same order"
    name = media_type(content_type)
    return _parse_claimed(content, content_type, lambda text, parse: parse_json_sequence(text, name, parse))


def _parse_events(content: bytes, content_type: str) -> Payload:
    text = content.decode("utf-8", errors="replace")
    try:
        return Payload(parse_events(text))
    except MalformedText:
        told = f"it has more than {MOST_ELEMENTS:,} elements"
        return Payload(text, f"the body claims `{media_type(content_type)}` but is not read: {told}")


def _parse_text(content: bytes, content_type: str) -> Payload:
    return Payload(decode_text(content, content_type, is_xml=is_xml(content_type)))


def _show_bytes(content: bytes, content_type: str) -> Payload:
    return Payload(encoded_bytes(content, content_type))


def _is_plain(content_type: str) -> bool:
    return format_of(media_type(content_type)) in _TEXTS


# the first that fits decides
_PARSERS: Final[tuple[tuple[Callable[[str], bool], Callable[[bytes, str], Payload]], ...]] = (
    (is_json, _parse_claimed_json),
    (is_sequence, _parse_sequence),
    (is_event_stream, _parse_events),
    (_is_plain, _parse_text),
)


@lru_cache(_KNOWN_TYPES)
def _parser_for(content_type: str) -> Callable[[bytes, str], Payload]:
    return next((parse for claims, parse in _PARSERS if claims(content_type)), _show_bytes)


def _parse_claimed(content: bytes, content_type: str, take: Take) -> Payload:
    claimed = f"the body claims `{media_type(content_type)}`"
    try:
        read = read_json(content, content_type, take)
    except (MalformedText, UnicodeDecodeError) as error:
        return Payload(decode_text(content, content_type), f"{claimed} but is not JSON{_reason(error)}")
    return Payload(read.value, read.problem and f"{claimed} and {read.problem}", is_partial=read.is_partial)


def _reason(error: MalformedText | UnicodeDecodeError) -> str:
    """Return what is wrong, without a word of the body: it may be secret."""
    cause = error.__cause__
    if isinstance(cause, json.JSONDecodeError):
        return f": {cause.msg}"
    return _REASONS.get(error.code, _NO_VALUE) if isinstance(error, MalformedText) else _NO_TEXT


_NO_VALUE: Final = ": it has a number or half a character that cannot be read"
_NO_TEXT: Final = ": it is not in its charset"
_REASONS: Final = {
    "document-too-deep": f" that can be read: it nests deeper than {DEEPEST}",
    "document-too-large": f" that can be read: it has more than {MOST_ELEMENTS:,} elements",
    "undecodable": _NO_TEXT,
}
