"""What a step sends in the fields of other formats: parameters by their place, or by their names alone.

Decides the entries of ``parameters`` that say the same. Where a parameter stands that is named alone, the operation
knows, and so which of them are members of its body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.reading.foreign_calls import instead_of_call, without_second_call
from arazzo_engine.language.reading.other_formats.fields import adding, letters
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.reading.other_formats.fields import OddField

_PLACES: Final = {
    **dict.fromkeys(("headers", "header"), "header"),
    **dict.fromkeys(("query", "queryparameters", "queryparams", "querystring"), "query"),
    **dict.fromkeys(("path", "pathparameters", "pathparams"), "path"),
    **dict.fromkeys(("cookies", "cookie"), "cookie"),
}
NAMED: Final = ("with", "params", "args", "arguments", "input", "inputs")
PLACED: Final = tuple(_PLACES)
# what is none of the parameters of an operation, but says what to do with them
_OF_A_CALL: Final = frozenset(
    {*_PLACES, *NAMED, "method", "url", "uri", "endpoint", "body", "json", "data", "payload", "form", "contenttype"}
)
_HEADER: Final = lazy_pattern(r"([A-Za-z0-9!#$%&'*+.^_`|~-]+)\s*:\s*(\S.*)")
_QUERY: Final = lazy_pattern(r"\??([^=&?\s{}]+=[^&{}]*)(?:&[^=&{}]+=[^&{}]*)*")
_NO_NAMES: Final = frozenset({"name", "value", "reference", "$ref"})
_PLACE_TO_FILL: Final = ", where `…` is the place that the API description says; what belongs to its body goes to"
_BODY: Final = " `requestBody: {payload: {…}}`"


def by_place(odd: OddField) -> str:
    """``path: {id: 1}`` of a step is an entry of ``parameters``; ``path: /items`` is known to the operation."""
    if isinstance(odd.value, str) and letters(odd.name) == "path":
        return without_second_call("path", odd.beside) or instead_of_call(None)
    return _parameters(odd, _PLACES[letters(odd.name)])


def by_name(odd: OddField) -> str:
    """``with: {id: 1}`` of a step is an entry of ``parameters``."""
    if "workflowId" in odd.beside:
        return _parameters(odd, None)
    if as_list(odd.value) and all({"name", "in", "value"} == as_mapping(each).keys() for each in as_list(odd.value)):
        return adding("parameters", as_list(odd.value), odd)
    given = as_mapping(odd.value)
    if any(letters(name) in _OF_A_CALL for name in given):
        return ""
    written = _parameters(odd, "…")
    return f"{written}{_PLACE_TO_FILL}{_BODY}" if written else ""


def _parameters(odd: OddField, place: str | None) -> str:
    values = _by_name(odd.value, place)
    located = {} if place is None else {"in": place}
    entries = [{"name": name, **located, "value": value} for name, value in values.items()]
    return adding("parameters", entries, odd).replace("in: '…'", "in: …") if entries else ""


def _by_name(found: JsonValue, place: str | None) -> dict[str, JsonValue]:
    """Return the values of parameters by their names, none where they are not certain."""
    match found:
        case dict() if _NO_NAMES.isdisjoint(found):
            return found
        case str() if place == "query" and _QUERY.fullmatch(found):
            pairs = [each.partition("=") for each in found.removeprefix("?").split("&")]
            return _distinct([(unquote_plus(name), unquote_plus(value)) for name, _, value in pairs])
        case [*entries] if place == "header" and all(isinstance(each, str) for each in entries):
            lines = [_HEADER.fullmatch(str(each)) for each in entries]
            return _distinct([(line[1], line[2]) for line in lines if line]) if all(lines) else {}
        case [*entries] if all(isinstance(each, dict) and each.keys() == {"name", "value"} for each in entries):
            return _distinct([(str(each["name"]), each["value"]) for each in entries])
        case _:
            return {}


def _distinct(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else {}
