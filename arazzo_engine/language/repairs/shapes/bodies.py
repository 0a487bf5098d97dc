"""Repairs of what a step sends: bodies and parameters in the forms of other languages.

Each function takes a step or its request body and gives it as it should have been, or ``None``. Where a value stands,
and whether the operation knows it, is for linking to say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

from arazzo_engine.documents.pointers import render_pointer, resolve_pointer
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.expressions.suite_texts import read_suite_text
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

FORM: Final = "application/x-www-form-urlencoded"
_PLACES: Final = {
    **dict.fromkeys(("headers", "header"), "header"),
    **dict.fromkeys(("query", "queryParameters", "queryParams"), "query"),
    **dict.fromkeys(("pathParameters", "pathParams"), "path"),
    **dict.fromkeys(("cookies", "cookie"), "cookie"),
}
_PLACES_ALONE: Final = {**_PLACES, "path": "path"}
_BODY_FIELDS: Final = frozenset({"contentType", "payload", "replacements", "reference", "$ref"})
# what others write all of a body under, and OpenAPI its example
WRAPPERS: Final = frozenset(
    {
        *("body", "data", "json", "value", "raw", "form", "text", "example", "content"),
        *("formdata", "urlencoded", "formData", "jsonBody"),
    }
)
# what a description of a body says beside it, by the type of its value
_SAID_OF_BODIES: Final[Mapping[str, type]] = {"required": bool, "description": str, "schema": dict}
_MEDIA_TYPE: Final = lazy_pattern(
    r"(?i:application|audio|font|image|model|multipart|text|video)/[A-Za-z0-9!#$&^_.+*-]+(?:\s*;.*)?"
)
_EXAMPLES: Final = ("payload", "example")
# of a Media Type Object of OpenAPI; `value` may be a member of what is sent, or all of it
_MEDIA_TYPE_FIELDS: Final = frozenset({*_EXAMPLES, "value", "schema", "itemSchema", "examples", "encoding", "$ref"})
_DOTTED: Final = lazy_pattern(
    r"(?:\$\.?|#/?|#)?((?:[A-Za-z_][\w\-]*|\[\d+\])(?:[./](?:[A-Za-z_][\w\-]*|\d+)|\[\d+\])*)"
)
# a name with an extension, behind a path or none: without one it may be a word
_FILE_AT: Final = lazy_pattern(r"(?:file:|@)[./]*(?P<path>(?:[^\s{}$]*/)?[^\s{}$/]*[A-Za-z0-9]\.[A-Za-z0-9]{1,8})")
# media types that no text has
_BYTES: Final = lazy_pattern(
    r"(?i:(?:image/(?!svg)|audio/|video/|font/).+|application/(?:octet-stream|pdf|zip|gzip|x-tar|x-gzip))"
)
# the fields of a body whose texts are sent
SENT: Final = ("payload", "replacements")
_NO_NAME: Final = lazy_pattern(r"[^A-Za-z0-9_-]+")
_BRACKETED: Final = lazy_pattern(r"(?=.*\[)(?:/[A-Za-z_][\w\-]*(?:\[\d+\])*|/\d+)+")
_PART: Final = lazy_pattern(r"[A-Za-z_][\w\-]*|\d+")


def ask_for_files(value: JsonValue, _names: Names) -> JsonValue:
    """``x-file: a.png``, in the test suites of SDKs a file beside them, is the input ``$inputs.a_png``."""
    if not isinstance(value, dict):
        return None
    named = [name for name in SENT if names_files(value.get(name))]
    if named:
        return {**value, **{name: _with_files_asked(value[name]) for name in named}}
    path = _named_file(value)
    return {**value, "payload": f"$inputs.{_NO_NAME.sub('_', path)}"} if path else None


def names_whole_file(body: dict[str, JsonValue]) -> bool:
    """Whether the payload of a body in bytes is a file in the notation of URLs or of curl."""
    return bool(_named_file(body))


def _named_file(body: dict[str, JsonValue]) -> str:
    """Return the path of the file that ``file:./a.png`` or ``@a.png`` names where the body is bytes, else nothing."""
    payload, media_type = body.get("payload"), body.get("contentType")
    if not isinstance(payload, str) or not isinstance(media_type, str) or not _BYTES.fullmatch(media_type):
        return ""
    match = _FILE_AT.fullmatch(payload)
    return "" if match is None else match["path"]


def names_files(payload: JsonValue) -> bool:
    """Whether a text of a payload is a file in that notation."""
    match payload:
        case str():
            return _input_of(payload) is not None
        case dict():
            return any(map(names_files, payload.values()))
        case list():
            return any(map(names_files, payload))
        case _:
            return False


def _input_of(text: str) -> str | None:
    """Return the name of the input that is the file which a text names, if it names one."""
    found = read_suite_text(text) if text.startswith("x-file:") else None
    return found.input if found is not None and found.named else None


def _with_files_asked(payload: JsonValue) -> JsonValue:
    match payload:
        case str() if name := _input_of(payload):
            return f"$inputs.{name}"
        case dict():
            return {name: _with_files_asked(each) for name, each in payload.items()}
        case list():
            return [_with_files_asked(each) for each in payload]
        case _:
            return payload


def list_parameters(value: JsonValue, _names: Names) -> JsonValue:
    """``headers: {a: 1}`` of a step is an entry of ``parameters``; so is what ``parameters`` maps to values."""
    if not isinstance(value, dict):
        return None
    entries = value.get("parameters", [])
    mapped = _mapped(entries) if _is_map(entries) else []
    found = [name for name in _PLACES if _is_map(value.get(name))]
    if not (isinstance(entries, list) or mapped) or not (mapped or found):
        return None
    added = [entry for name in found for entry in _entries(value[name], _PLACES[name])]
    kept = {name: each for name, each in value.items() if name not in found}
    return {**kept, "parameters": [*(mapped or entries), *added]}


def _mapped(found: dict[str, JsonValue]) -> list[JsonValue]:
    """Return the parameters of a map by their names, or by the places that they are in; none of what may be both."""
    by_place = [name for name, each in found.items() if name in _PLACES_ALONE and isinstance(each, dict)]
    if not by_place:
        return list(_entries(found, None))
    if len(by_place) < len(found):
        return []
    return [entry for name in by_place for entry in _entries(found[name], _PLACES_ALONE[name])]


def list_inputs(value: JsonValue, _names: Names) -> JsonValue:
    """``inputs: {id: 3}`` of a step that calls a workflow is an entry of ``parameters`` for each of them."""
    inputs = value.get("inputs") if isinstance(value, dict) else None
    if not isinstance(inputs, dict) or not inputs or "workflowId" not in value or _are_described(inputs):
        return None
    given = value.get("parameters", [])
    if not isinstance(given, list) or not all(isinstance(each, dict) and "name" in each for each in given):
        return None
    if any(each["name"] == name for each in given for name in inputs):
        return None
    kept = {name: each for name, each in value.items() if name != "inputs"}
    return {**kept, "parameters": [*given, *_entries(inputs, None)]}


def _are_described(inputs: dict[str, JsonValue]) -> bool:
    """Whether inputs may be a schema, schemas, a reference or one parameter, and no values by their names."""
    is_schema = inputs.get("type") == "object" or isinstance(inputs.get("properties"), dict)
    is_one = inputs.keys() == {"name", "value"} or not inputs.keys().isdisjoint(("reference", "$ref"))
    return is_schema or is_one or any(isinstance(each, dict) and "type" in each for each in inputs.values())


def _is_map(value: JsonValue) -> bool:
    """Whether a value maps names of parameters to their values, and is no parameter itself."""
    return isinstance(value, dict) and bool(value) and not value.keys() & {"name", "value", "reference", "$ref"}


def _entries(found: dict[str, JsonValue], place: str | None) -> Iterator[JsonValue]:
    for name, each in found.items():
        # what says its place is a parameter that has its name alone elsewhere
        is_one = isinstance(each, dict) and {"in", "value"} <= each.keys() and place is None
        yield {"name": name, **(each if is_one else {"value": each} if place is None else {"in": place, "value": each})}


def put_under_payload(value: JsonValue, _names: Names) -> JsonValue:
    """``requestBody: {item: …}`` is ``requestBody: {payload: {item: …}}``.

    What stands there by its media type, as in OpenAPI, has that as its ``contentType``. What may stand around all that
    is sent is left to the operation.
    """
    if not isinstance(value, dict) or "payload" in value or any(name.startswith("x-") for name in value):
        return None
    content = value["content"] if _is_described_body(value) else value
    if _is_by_media_type(content):
        return _of_media_type(content)
    others = [name for name in value if name not in _BODY_FIELDS]
    is_all = bool(value) and len(others) == len(value) and not _is_by_media_type(value.get("content"))
    return {"payload": value} if is_all and not is_wrapped(value) else None


def _is_described_body(value: JsonValue) -> bool:
    """Whether a value is the description of a body, as OpenAPI has it, and nothing else."""
    if not isinstance(value, dict) or not _is_by_media_type(value.get("content")):
        return False
    return all(name == "content" or _says_nothing(name, each) for name, each in value.items())


def _says_nothing(name: str, value: JsonValue) -> bool:
    return name in _SAID_OF_BODIES and isinstance(value, _SAID_OF_BODIES[name])


def is_wrapped(body: dict[str, JsonValue]) -> bool:
    """Whether all that a body has may be written around what is sent, so that only its operation tells.

    >>> is_wrapped({"data": {"a": 1}}), is_wrapped({"data": 1, "name": "x"}), is_wrapped({"description": "x"})
    (True, False, False)
    """
    others = {name: each for name, each in body.items() if name != "contentType"}
    has_any = any(name in WRAPPERS or name == "schema" for name in others)
    is_by_media_type = _is_by_media_type(body.get("content"))
    return has_any and not is_by_media_type and all(_is_around(name, each, others) for name, each in others.items())


def _is_around(name: str, value: JsonValue, body: dict[str, JsonValue]) -> bool:
    is_mode = name == "mode" and isinstance(value, str) and value in body
    return name in WRAPPERS or is_mode or _says_nothing(name, value)


def _is_by_media_type(value: JsonValue) -> bool:
    return isinstance(value, dict) and any(map(_MEDIA_TYPE.fullmatch, value))


def _of_media_type(content: dict[str, JsonValue]) -> JsonValue:
    """Return the body that stands by its only media type: a value, or the example in an object of OpenAPI."""
    ((media_type, described), *others) = content.items()
    if others or described in ({}, None):
        return None
    fields = described.keys() & _MEDIA_TYPE_FIELDS if isinstance(described, dict) else frozenset()
    is_value = not fields or ("schema" not in fields and len(fields) < len(described))
    examples = [name for name in _EXAMPLES if name in fields]
    if not is_value and (len(examples) != 1 or len(fields) < len(described)):
        return None
    return {"contentType": media_type, "payload": described if is_value else described[examples[0]]}


def body_of_step(value: JsonValue, _names: Names) -> JsonValue:
    """``payload: …`` and ``body: …`` of a step are the payload of its ``requestBody``."""
    if not isinstance(value, dict) or "requestBody" in value or "workflowId" in value:
        return None
    found = [name for name in ("payload", "body") if name in value]
    if len(found) != 1:
        return None
    moved = {name: value[name] for name in ("contentType",) if name in value}
    kept = {name: each for name, each in value.items() if name not in {*found, "contentType"}}
    body = value[found[0]]
    if not moved and _is_described_body(body):
        return {**kept, "requestBody": body}
    if not moved and _is_by_media_type(body):
        of_media_type = _of_media_type(body)
        return None if of_media_type is None else {**kept, "requestBody": of_media_type}
    return {**kept, "requestBody": {**moved, "payload": body}}


def split_form(value: JsonValue, _names: Names) -> JsonValue:
    """A form as text of which something is replaced is an object: ``a=1&b=2`` is ``{a: '1', b: '2'}``."""
    payload = value.get("payload") if isinstance(value, dict) else None
    if not isinstance(payload, str) or value.get("contentType") != FORM or not value.get("replacements"):
        return None
    pairs = [each.partition("=") for each in payload.strip().split("&")]
    names = [unquote_plus(name) for name, _, _ in pairs]
    is_plain = all(sign and "{" not in name for name, sign, _ in pairs) and len(set(names)) == len(names)
    if not is_plain or not all(_is_one_value(text) for _, _, text in pairs):
        return None
    return {**value, "payload": {name: _decoded(text) for name, (_, _, text) in zip(names, pairs, strict=True)}}


def _is_one_value(text: str) -> bool:
    return "{" not in text or re.fullmatch(r"\{\$[^{}]+\}", text) is not None


def _decoded(text: str) -> str:
    return text if text.startswith("{$") else unquote_plus(text)


def point_into_lists(value: JsonValue, _names: Names) -> JsonValue:
    """``target: /items[0]/price`` is ``target: /items/0/price``, where the payload has that element."""
    replacements = value.get("replacements") if isinstance(value, dict) else None
    if not isinstance(replacements, list) or "payload" not in value:
        return None
    written = [_pointed_into_lists(each, value["payload"]) for each in replacements]
    return {**value, "replacements": written} if written != replacements else None


def _pointed_into_lists(replacement: JsonValue, payload: JsonValue) -> JsonValue:
    target = replacement.get("target") if isinstance(replacement, dict) else None
    if not isinstance(target, str) or not _BRACKETED.fullmatch(target):
        return replacement
    parts = target[1:].split("/")
    tokens = [each for part in parts for each in _PART.findall(part)]
    first = next(index for index, each in enumerate(tokens) if each.isdecimal())
    is_there = isinstance(resolve_pointer(payload, tokens[:first]), list)
    is_element = resolve_pointer(payload, tokens[:-1] if len(tokens) > first + 1 else tokens) is not ABSENT
    bracket = next(index for index, each in enumerate(parts) if "[" in each)
    is_named_so = resolve_pointer(payload, parts[: bracket + 1]) is not ABSENT
    return (
        {**replacement, "target": render_pointer(tokens)}
        if is_there and is_element and not is_named_so
        else replacement
    )


def point_at_target(value: JsonValue, _names: Names) -> JsonValue:
    """``target: category.name`` of a replacement is ``target: /category/name``."""
    target = value.get("target") if isinstance(value, dict) else None
    if not isinstance(target, str) or target.startswith("/") or "targetSelectorType" in value:
        return None
    match = _DOTTED.fullmatch(target)
    return None if match is None else {**value, "target": render_pointer(_PART.findall(match[1]))}
