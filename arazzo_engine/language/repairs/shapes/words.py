"""Repairs of single values of fields: a word in another case, a number in quotes, a version without its last part.

Each function takes an object and gives it with the values as they should have been, or ``None``. What a word means in
another language is not guessed: only its spelling is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.expressions.grammar import is_expression
from arazzo_engine.language.queries.expression_types import SELECTOR_LANGUAGES, VERSIONS
from arazzo_engine.language.repairs.sites import Kind
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

# the words that a field may have
WORDS: Final[Mapping[Kind, Mapping[str, tuple[str, ...]]]] = {
    Kind.SOURCE: {"type": ("openapi", "arazzo", "asyncapi")},
    Kind.PARAMETER_OBJECT: {"in": ("path", "query", "header", "cookie", "querystring")},
    Kind.ACTION: {"type": ("end", "goto", "retry")},
    Kind.CRITERION_OBJECT: {"type": ("simple", "regex", "jsonpath", "xpath")},
    Kind.REPLACEMENT: {"targetSelectorType": ("jsonpath", "xpath", "jsonpointer")},
    Kind.SELECTOR: {"type": ("jsonpath", "xpath", "jsonpointer")},
}
# how a description is called with its version: OpenAPI 3.0, oas3, swagger-2.0
_TYPE: Final = lazy_pattern(r"(?i:(?:(openapi|oas|swagger)|(arazzo)|(asyncapi))[\s._-]*v?\d?(?:\.(?:\d|x)){0,2})")
_ALSO_WRITTEN: Final = {
    "headers": "header",
    "cookies": "cookie",
    "regexp": "regex",
    "route": "path",
    **{
        f"{name}{kind}": place
        for name, place in (
            *(("path", "path"), ("route", "path"), ("query", "query")),
            *(("header", "header"), ("cookie", "cookie")),
        )
        for kind in ("param", "params", "parameter", "parameters", "variable")
    },
}
_NO_LETTER: Final = lazy_pattern(r"[\s_\-]+")
_NO_SIGN: Final = lazy_pattern(r"[\s_.\-]+")
# the versions of a language by their signs, without its name: rfc9535, 31
_VERSIONS: Final = {
    str(language): {_NO_SIGN.sub("", each).removeprefix(language): each for each in VERSIONS[language]}
    for language in SELECTOR_LANGUAGES
}
# what libraries have around the word: `ContentType.JSON`, `MediaType.APPLICATION_JSON_VALUE`, `:json`
_OF_LIBRARY: Final = lazy_pattern(r"^(?:ContentType\.|MediaType\.|:)|_VALUE$")
_MEDIA_TYPES: Final = {
    "json": "application/json",
    "xml": "application/xml",
    "form": "application/x-www-form-urlencoded",
    "text": "text/plain",
    "form-urlencoded": "application/x-www-form-urlencoded",
    "x-www-form-urlencoded": "application/x-www-form-urlencoded",
    "urlencoded": "application/x-www-form-urlencoded",
}
# of what has several fields
_FORMS: Final = dict.fromkeys(("form-data", "formdata", "multipart", "multipart-form-data"), "multipart/form-data")
_NUMBER: Final = lazy_pattern(r"\s*(\d{1,9}(?:\.\d{1,3})?)\s*(?:(ms)|(s|secs?|seconds?))?\s*")
# ISO 8601
_DURATION: Final = lazy_pattern(r"PT(?=\d)(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?")
_OF_HEADER: Final = lazy_pattern(r"(?i:\{?\$response\.headers?\.retry-after\}?)")
_NUMBERS: Final = {"retryAfter": "seconds", "retryLimit": "count", "timeout": "milliseconds"}
_VERSION: Final = lazy_pattern(r"v?(1\.[01])(\.\d+)?")


def correct_case(kind: Kind, value: JsonValue) -> JsonValue:
    """``type: GOTO`` is ``type: goto``, and ``in: headers`` is ``in: header``: these words are written in one way."""
    if not isinstance(value, dict):
        return None
    written = dict(value)
    for name, words in WORDS.get(kind, {}).items():
        found = value.get(name)
        word = _word(found) if isinstance(found, str) else ""
        if found not in words and word in words:
            written[name] = word
        elif isinstance(found, dict) and "jsonpath" in words:
            written[name] = _correct_type(found)
    return written if written != value else None


def _correct_type(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """``{type: XPath, version: '3.1'}`` is ``{type: xpath, version: xpath-31}``, by these signs."""
    word = _word(str(value.get("type")))
    written = {"type": word} if word in _VERSIONS else {}
    found = value.get("version")
    # a number is none, whatever its digits are
    signs = _NO_SIGN.sub("", found.casefold()).removeprefix(word) if isinstance(found, str) else ""
    version = _VERSIONS.get(word, {}).get(signs)
    return {**value, **written, **({"version": version} if version else {})}


def correct_selector(value: JsonValue, _names: Names) -> JsonValue:
    """``type: JSONPath`` of a selector is ``type: jsonpath``."""
    is_meant = isinstance(value, dict) and is_expression(str(value.get("context")))
    return correct_case(Kind.SELECTOR, value) if is_meant else None


def name_type(value: JsonValue, _names: Names) -> JsonValue:
    """``type: openapi3`` of a source is ``type: openapi``."""
    found = value.get("type") if isinstance(value, dict) else None
    match = _TYPE.fullmatch(found.strip()) if isinstance(found, str) else None
    if match is None:
        return None
    written = "openapi" if match[1] else (match[2] or match[3]).casefold()
    return {**value, "type": written} if written != found else None


def _word(text: str) -> str:
    """Return a word without its case and the signs within it, of several headers or cookies that of one."""
    letters = _NO_LETTER.sub("", text.casefold())
    return _ALSO_WRITTEN.get(letters, letters)


def is_odd_word(text: str) -> bool:
    """Whether a word is none of those that are written so."""
    return text != _word(text)


def name_media_type(value: JsonValue, _names: Names) -> JsonValue:
    """``contentType: json`` is ``contentType: application/json``."""
    found = value.get("contentType") if isinstance(value, dict) else None
    types = {**_MEDIA_TYPES, **(_FORMS if isinstance(value.get("payload"), dict) else {})} if found else {}
    word = _OF_LIBRARY.sub("", found.strip()).casefold() if isinstance(found, str) else ""
    written = types.get(word.removeprefix("application_"))
    return {**value, "contentType": written} if written else None


def obey_header(value: JsonValue, _names: Names) -> JsonValue:
    """``retryAfter: $response.header.Retry-After`` is none: an answer that has the header is obeyed without it."""
    after = value.get("retryAfter") if isinstance(value, dict) else None
    if not isinstance(after, str) or not _OF_HEADER.fullmatch(after):
        return None
    return {name: each for name, each in value.items() if name != "retryAfter"}


def write_numbers(value: JsonValue, _names: Names) -> JsonValue:
    """``retryAfter: 5s`` is ``retryAfter: 5``: a number of seconds."""
    if not isinstance(value, dict):
        return None
    numbers = {name: _number(name, value[name]) for name in _NUMBERS if isinstance(value.get(name), str)}
    return {**value, **numbers} if numbers and None not in numbers.values() else None


def _number(name: str, text: str) -> int | float | None:
    seconds = _seconds(text.strip()) if _NUMBERS[name] != "count" else None
    if seconds is not None:
        return _number(name, f"{seconds:.3f}s")
    match = _NUMBER.fullmatch(text)
    unit = None if match is None else "milliseconds" if match[2] else "seconds" if match[3] else _NUMBERS[name]
    if match is None or (_NUMBERS[name] == "count" and unit != "count"):
        return None
    factor = {("milliseconds", "seconds"): 0.001, ("seconds", "milliseconds"): 1000}.get((str(unit), _NUMBERS[name]), 1)
    number = round(float(match[1]) * factor, 3)
    return int(number) if number.is_integer() else None if _NUMBERS[name] != "seconds" else number


def _seconds(text: str) -> float | None:
    """Return how many seconds a text of ISO 8601 says, ``None`` where it is none."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    return sum(float(each or 0) * unit for each, unit in zip(match.groups(), (3600, 60, 1), strict=True))


def complete_version(value: JsonValue, _names: Names) -> JsonValue:
    """``arazzo: 1.0`` is ``arazzo: 1.0.0``: a version has three parts, and is a text."""
    text = str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    match = _VERSION.fullmatch(text.strip())
    written = None if match is None else f"{match[1]}{match[2] or '.0'}"
    return written if written != value else None


def quote_texts(value: JsonValue, _names: Names) -> JsonValue:
    """``version: 1.0`` of the document's own information is ``version: '1.0'``: it is a text."""
    if not isinstance(value, dict):
        return None
    numbers = {name: str(value[name]) for name in ("title", "version") if type(value.get(name)) in (int, float)}
    return {**value, **numbers} if numbers else None
