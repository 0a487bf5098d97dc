"""``Content-Type`` and ``Accept``: which media type a body has, what it can be written from, what is accepted in turn.

Decides from the step and its operation, before any value is known. How each kind of body is written is decided
elsewhere.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.media_types import FORM_DATA, JSON, OCTETS, BodyKind, kind_of_body
from arazzo_engine.apis.schemas.asked_forms import wants_xml
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.language.expressions.strings import ExpressionString
from arazzo_engine.language.messages.files import EncodedBytes, File
from arazzo_engine.language.messages.payloads import is_json, is_xml, media_type
from arazzo_engine.language.templates import ArrayTemplate, Literal, ObjectTemplate
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.spelling import is_slip, same_letters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.descriptions.operations import MediaType, Operation
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import Step
    from arazzo_engine.language.templates import Template

# JSON Patch, RFC 6902
JSON_PATCH: Final = "application/json-patch+json"
ONE_MEDIA_TYPE: Final = "add `contentType` with one media type"
# how far a kind of body is from plain bytes; those that are not named are between the two
_FROM_BYTES: Final = {BodyKind.MULTIPART: 2, BodyKind.JSON: 3}
_BOUNDARY: Final = lazy_pattern(r';\s*boundary\s*=\s*("[^"]+"|[^\s;"]+)', re.IGNORECASE)


class PayloadKind(StrEnum):
    """What a payload is, as far as it can be known before its expressions are evaluated."""

    OBJECT = "an object"
    ARRAY = "an array"
    STRING = "a string"
    SCALAR = "a number or a boolean"
    NULL = "null"
    BYTES = "a file"
    UNKNOWN = "an expression"


_WHOLE: Final = frozenset({PayloadKind.STRING, PayloadKind.BYTES, PayloadKind.UNKNOWN})
# What each kind is written from. A string is always the body itself, but for JSON, where it can be a value, too
WRITTEN_FROM: Final[dict[BodyKind, frozenset[PayloadKind]]] = {
    BodyKind.JSON: frozenset(PayloadKind),
    BodyKind.FORM: frozenset({PayloadKind.OBJECT, PayloadKind.STRING, PayloadKind.UNKNOWN}),
    BodyKind.MULTIPART: frozenset({PayloadKind.OBJECT, PayloadKind.ARRAY, *_WHOLE}),
    BodyKind.XML: frozenset({PayloadKind.OBJECT, PayloadKind.ARRAY, *_WHOLE}),
    BodyKind.SEQUENCE: frozenset({PayloadKind.ARRAY, *_WHOLE}),
    BodyKind.TEXT: frozenset({PayloadKind.SCALAR, *_WHOLE}),
    BodyKind.BINARY: _WHOLE,
}
# What each patch is written from where the engine chooses. RFC 6902, section 3: "A JSON Patch document is a JSON
# document that represents an array of objects"; one of RFC 7396 that is no object replaces the whole
_PATCHES: Final = {
    JSON_PATCH: frozenset({PayloadKind.ARRAY, PayloadKind.UNKNOWN}),
    "application/merge-patch+json": frozenset({PayloadKind.OBJECT, PayloadKind.UNKNOWN}),
}
# What a range stands for when a body has to be written. JSON is what most of them mean
_CONCRETE: Final = {
    "*/*": JSON,
    "application/*": JSON,
    "application/*+json": JSON,
    "text/*": "text/plain",
    "application/*+xml": "application/xml",
    "multipart/*": FORM_DATA,
}


def kind_of_payload(template: Template) -> PayloadKind:
    """Return what a payload will be."""
    match template:
        case ObjectTemplate():
            return PayloadKind.OBJECT
        case ArrayTemplate():
            return PayloadKind.ARRAY
        case ExpressionString():
            return PayloadKind.STRING
        case Literal():
            return kind_of_value(template.value)
        case _:
            return PayloadKind.UNKNOWN


def kind_of_value(value: JsonValue) -> PayloadKind:
    """Return what a payload is."""
    match value:
        case dict():
            return PayloadKind.OBJECT
        case list():
            return PayloadKind.ARRAY
        case File() | EncodedBytes():
            return PayloadKind.BYTES
        case str():
            return PayloadKind.STRING
        case None:
            return PayloadKind.NULL
        case _:
            return PayloadKind.SCALAR


def kind_of_text(text: str) -> PayloadKind:
    """Return what a text that may be JSON is, by its first character."""
    return {"{": PayloadKind.OBJECT, "[": PayloadKind.ARRAY}.get(text.lstrip()[:1], PayloadKind.STRING)


def inner_kind(template: Template) -> PayloadKind:
    """Return what a payload will be when it is read as JSON: a text in the document may be the JSON text."""
    match template:
        case ExpressionString(parts=(str() as text, *_)):
            return kind_of_text(text)
        case ExpressionString():
            return PayloadKind.UNKNOWN
        case Literal(value=str() as text):
            return kind_of_text(text)
        case _:
            return kind_of_payload(template)


def request_media_type(given: str | None, operation: Operation, payload: PayloadKind, inner: PayloadKind) -> str:
    """Return the media type of a request body; ``inner`` is what the payload is when it is read as JSON.

    "If omitted then refer to Content-Type specified at the targeted operation": `application/json` when it is among
    them, else other JSON, else the first that the payload can be written as.
    """
    if given is not None:
        return _concrete(given)
    names = [each.name for each in documented(operation)]
    exact = [each for each in names if media_type(each) == JSON]
    fitting = [each for each in map(_concrete, (*exact, *names)) if _fits(each, payload, inner)]
    return next((each for each in fitting if is_json(each)), (*fitting, *map(_concrete, names), JSON)[0])


def slipped_media_type(given: str, operation: Operation) -> str | None:
    """Return the media type of an operation that one slip of the keys makes what was given, ``None`` for no such.

    So do other signs between its words.
    """
    name = media_type(given)
    names = [media_type(each.name) for each in documented(operation)]
    near = (each for each in names if is_slip(name, each) or same_letters(name, each))
    return None if name in names else next(near, None)


def _fits(content_type: str, payload: PayloadKind, inner: PayloadKind) -> bool:
    patched = _PATCHES.get(media_type(content_type))
    return payload in WRITTEN_FROM[kind_of_body(content_type)] if patched is None else inner in patched


def why_open(content_type: str, operation: Operation) -> Diagnostic | None:
    """Return why a media type is that of no body, ``None`` for one that is no range."""
    if "*" not in content_type:
        return None
    message = f"operation `{operation.label}` takes any `{content_type}`, and the payload does not say which it is"
    return diagnose("request-body-unsupported", message, fix=ONE_MEDIA_TYPE)


def why_unfit(content_type: str, inner: PayloadKind) -> Diagnostic | None:
    """Return why a media type that the engine chose is not that of the payload, ``None`` when it is."""
    if media_type(content_type) != JSON_PATCH or inner in _PATCHES[JSON_PATCH]:
        return None
    message = f"the operation takes `{JSON_PATCH}` alone, an array of changes, and the payload is {inner.value}"
    fix = "give an array, or say by `contentType` what is sent"
    return diagnose("request-body-unsupported", message, fix=fix)


def file_media_type(given: str | None, operation: Operation, own: str) -> str:
    """Return the media type of a body that is a file; ``own`` is that of the file.

    It is the file's own where that is documented, else what says nothing but bytes, else what a file can be sent as.
    JSON, which holds a file as a text, comes last.
    """
    ranges = [given] if given is not None else [each.name for each in documented(operation)]
    own = own or OCTETS
    if not ranges:
        return own
    if any(_allows(each, media_type(own)) for each in ranges):
        return next((each for each in ranges if media_type(each) == media_type(own)), own)
    names = [_concrete(each) for each in ranges]
    fitting = [each for each in names if PayloadKind.BYTES in WRITTEN_FROM[kind_of_body(each)]]
    return min(fitting or names, key=_distance_from_bytes)


def _distance_from_bytes(name: str) -> int:
    if media_type(name) == OCTETS:
        return 0
    return _FROM_BYTES.get(kind_of_body(name), 1)


def documented(operation: Operation) -> tuple[MediaType, ...]:
    """Return the bodies that an operation accepts."""
    return () if operation.request_body is None else operation.request_body.media_types


def describe_body(content_type: str, operation: Operation) -> MediaType | None:
    """Return what the operation says about a body: of its media type, else of the narrowest range around it."""
    wanted = media_type(content_type)
    main = wanted.partition("/")[0]
    suffix = wanted.rpartition("+")[2] if "+" in wanted else ""
    for name in (wanted, f"{main}/*+{suffix}", f"{main}/*", "*/*"):
        for each in documented(operation):
            if media_type(each.name) == name:
                return each
    return None


def is_of_any_bytes(description: MediaType | None) -> bool:
    """Whether an operation takes bytes of a range of media types: what is sent may be of any of them."""
    shape = None if description is None else description.shape
    return description is not None and "*" in description.name and shape is not None and shape.is_binary


def accepted(operation: Operation, step: Step) -> str:
    """Return the value of ``Accept`` of a step: the documented answers.

    What the step can look into is first: JSON, but XML where it asks by XPath.
    """
    names = dict.fromkeys(media_type(each.name) for response in operation.responses for each in response.media_types)
    is_first = is_xml if wants_xml(step) else is_json
    return ", ".join(sorted(names, key=lambda name: not is_first(name)))


def why_at_odds(said: str, in_header: str) -> Diagnostic | None:
    """Return what is wrong where a step says one media type in `contentType`, and another one in a header."""
    if not said or media_type(said) == media_type(in_header):
        return None
    message = f"the step sends `{said}`, and its header `Content-Type` says `{media_type(in_header)}`"
    fix = f"leave out the parameter `Content-Type`, or write `contentType: {in_header}`"
    return diagnose("request-body-unsupported", message, fix=fix)


def boundary_of(content_type: str) -> str | None:
    """Return the boundary that a multipart content type names."""
    found = _BOUNDARY.search(content_type)
    return found[1].strip('"') if found else None


def first_concrete(content_types: str | None, wanted: str = "") -> str:
    """Return the media type of a part: ``wanted`` when it is allowed, else the first that is no range, else ``""``.

    "The value can be a specific media type (e.g. image/png), a wildcard media type (e.g. image/*), or a comma-separated
    list of the two types."
    """
    names = [each.strip() for each in (content_types or "").split(",") if each.strip()]
    if wanted and (not names or any(_allows(each, wanted) for each in names)):
        return wanted
    return next((each for each in names if "*" not in each), "")


def part_media_type(content_types: str | None, own: str) -> str:
    """Return the media type of a part that is a file: its own, unless the description has another name for the same.

    What is known of a file comes from its name, often enough: any text is a plain one, anything is a row of bytes.
    """
    names = [each for each in map(str.strip, (content_types or "").split(",")) if each and "*" not in each]
    bare = media_type(own)
    if not own or not names or first_concrete(content_types, bare) == bare:
        return own or (names or [""])[0]
    return next((each for each in names if _is_name_for(media_type(each), bare)), own)


def _is_name_for(name: str, own: str) -> bool:
    if OCTETS in {name, own} or name.rpartition("/")[2].removeprefix("x-") == own.rpartition("/")[2].removeprefix("x-"):
        return True
    return own == "text/plain" and kind_of_body(name) not in {BodyKind.BINARY, BodyKind.MULTIPART}


def _allows(name: str, wanted: str) -> bool:
    allowed = media_type(name)
    return allowed in {"*/*", wanted, f"{wanted.partition('/')[0]}/*"}


def _concrete(content_type: str) -> str:
    return _CONCRETE.get(media_type(content_type), content_type)


def listed(kinds: Iterable[PayloadKind]) -> str:
    """Return kinds of payloads as a person lists them."""
    wanted = frozenset(kinds) - {PayloadKind.UNKNOWN}
    return " or ".join(kind.value for kind in PayloadKind if kind in wanted)
