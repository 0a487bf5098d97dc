"""What one schema refuses in one value, by itself: its type, the values that are listed, bounds and formats.

Decides nothing about members, elements or other schemas. In a form or a parameter a value stands as text, and what
counts is what its text can be read as.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.schemas.parts import has_alternatives, is_nullable
from arazzo_engine.diagnostics import did_you_mean
from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.expressions.strings import text_of
from arazzo_engine.language.messages.payloads import parse_json
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.validation.inputs.complaints import MOST_LISTED, TYPES, words_of
from arazzo_engine.validation.literals.allowed import allowed_by
from arazzo_engine.validation.literals.formats import has_format, nearly_has_format
from arazzo_engine.validation.literals.known_parts import Open

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.documents.values import JsonValue

_BOUNDS: Final = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "pattern", "minItems", "maxItems"),
)
# OpenAPI, Parameter Object, style: `form`, `spaceDelimited` and `pipeDelimited`
_DIVIDERS: Final = "[, |]+"
_TYPES: Final[dict[type, frozenset[str]]] = {
    type(None): frozenset({"null"}),
    bool: frozenset({"boolean"}),
    int: frozenset({"integer", "number"}),
    float: frozenset({"number"}),
    str: frozenset({"string"}),
    list: frozenset({"array"}),
    dict: frozenset({"object"}),
    Open: frozenset({"string"}),
}
_KNOWN: Final = frozenset({*TYPES, "file"})
# what a text in a form or a parameter may stand for, whatever it is
_WRITTEN: Final = frozenset({"array", "string", "file"})
# what says that a value is one of these, or of any type
_STRUCTURES: Final = frozenset({"type", "items", "properties", "additionalProperties"})
# where another form of a value may be understood all the same: the text of an object, an object as its text
_LENIENT: Final = frozenset({"object", "string", "file"})
# what is written without quotes
_PLAIN: Final = frozenset({"integer", "number", "boolean"})
# an input that lacks its sign, or in the braces of other tools; one that is declared is told by the name that it has
_INPUT: Final = lazy_pattern(r"(?:\$?\{\{?\s*)?\$?inputs?\.([A-Za-z_][\w\-]*)\s*\}{0,2}")
_LONGEST_SHOWN: Final = 60
# a list as languages write one, and no list of what a style divides: `['a', "b"]`
_ELEMENT: Final = r"(?:'[^'\n]*'|\"[^\"\n]*\"|-?\d+(?:\.\d+)?)"
_LIST: Final = lazy_pattern(rf"\s*\[\s*{_ELEMENT}(?:\s*,\s*{_ELEMENT})*\s*,?\s*\]\s*")
_ELEMENTS: Final = lazy_pattern(_ELEMENT)


class Refusal(Struct, frozen=True):
    """A keyword that does not hold; ``is_listed`` when the schema lists all values that do.

    ``is_certain`` when nobody reads the value all the same.
    """

    keyword: str
    message: str
    fix: str = ""
    is_listed: bool = False
    is_certain: bool = True


def takes_null(parts: tuple[Schema, ...]) -> bool:
    """Whether null, or the empty text that it is in a parameter, is said to be a value."""
    values = [as_mapping(part.value) for part in parts]
    said = [each for value in values for name in ("type", "enum", "examples") for each in as_list(value.get(name))]
    said += [value.get(name, "x") for value in values for name in ("type", "default", "example", "const")]
    return is_nullable(parts) or has_alternatives(parts) or any(each in ("null", "", None) for each in said)


def takes_empty(parts: tuple[Schema, ...]) -> bool:
    """Whether an empty text may be a value: of no number and no boolean, nor of listed values without it."""
    return not any(map(_refuses_empty, (as_mapping(part.value) for part in parts)))


def _refuses_empty(schema: Mapping[str, JsonValue]) -> bool:
    types, values = schema.get("type"), as_list(schema.get("enum"))
    wanted = {str(each) for each in ([types] if isinstance(types, str) else as_list(types))}
    is_plain = bool(wanted) and wanted <= _PLAIN
    return is_plain or (bool(values) and "" not in values and None not in values)


def refusals(schema: Mapping[str, JsonValue], value: JsonValue, *, as_text: bool) -> Iterator[Refusal]:
    """Yield each keyword that does not hold for a value; the type alone, when it does not."""
    types = schema.get("type")
    wanted = [types] if isinstance(types, str) else as_list(types)
    # a type that there is not says nothing
    is_known = bool(wanted) and all(isinstance(each, str) and each in _KNOWN for each in wanted)
    if is_known and not _fits(value, frozenset(wanted), as_text=as_text):
        message = words_of("type", wanted, "" if value is Open.TEXT else value)
        is_read = isinstance(value, list) or _is_list(value, frozenset(wanted)) or _LENIENT.intersection(wanted)
        is_certain = not as_text or not is_read
        fix = _of_type(frozenset(wanted), value) or allowed_by("type", schema)
        yield Refusal("type", message, fix, is_certain=is_certain)
        return
    # an element that an expression gives may be left out, and is not counted
    if isinstance(value, Open):
        return
    if isinstance(value, dict) or (isinstance(value, list) and Open.ANY in value):
        yield from _listed(schema, value, as_text=as_text)
        return
    yield from _listed(schema, value, as_text=as_text)
    read = _read_as(frozenset(map(str, wanted)), value) if as_text else value
    if read is not Open.ANY:
        yield from _unbounded(schema, read)


def _read_as(wanted: frozenset[str], value: JsonValue) -> JsonValue:
    """Return what is read of a value that stands as text, where its schema leaves no choice."""
    if wanted == {"string"} and isinstance(value, str | int) and not isinstance(value, bool):
        return text_of(value)
    # what is no number at all has been refused by its type
    if wanted and wanted <= {"integer", "number"} and isinstance(value, int | float | str):
        return parse_json(value) if isinstance(value, str) else value
    return Open.ANY


def _unbounded(schema: Mapping[str, JsonValue], value: JsonValue) -> Iterator[Refusal]:
    """Yield each bound that a value is beyond, and the format that it does not have."""
    for keyword in _BOUNDS:
        if keyword in schema and not _holds(keyword, schema[keyword], value):
            yield Refusal(keyword, words_of(keyword, schema[keyword], value), allowed_by(keyword, schema))
    name = schema.get("format")
    if isinstance(name, str) and not has_format(name, value):
        certain = not nearly_has_format(name, value)
        yield Refusal("format", words_of("format", name, value), allowed_by("format", schema), is_certain=certain)


def _fits(value: JsonValue, wanted: frozenset[str], *, as_text: bool) -> bool:
    types = _TYPES[type(value)]
    if types & wanted or (isinstance(value, float) and value.is_integer() and "integer" in wanted):
        return True
    if not as_text or isinstance(value, list) or _is_list(value, wanted):
        return False
    if isinstance(value, dict):
        # PHP and others write a list as an object of its indexes
        return "array" in wanted and all(name.isdecimal() for name in value)
    return bool(wanted & _WRITTEN) or value is Open.TEXT or bool(_types_of_text(text_of(value)) & wanted)


def _is_list(value: JsonValue, wanted: frozenset[str]) -> bool:
    """Whether a text is a list as languages write one, where nothing but a list is taken."""
    return isinstance(value, str) and wanted == {"array"} and _LIST.fullmatch(value) is not None


def _as_list(text: str) -> str:
    """Return a list that is written as a text as the list that it is."""
    elements = (each[0] for each in _ELEMENTS.finditer(text))
    written = (write_scalar(each[1:-1], in_flow=True) if each[0] in "'\"" else each for each in elements)
    return f"write `[{', '.join(written)}]`, a list and no text"


def _types_of_text(text: str) -> frozenset[str]:
    try:
        value = parse_json(text)
    except MalformedText:
        return frozenset()
    return _TYPES[type(value)] | ({"integer"} if isinstance(value, float) and value.is_integer() else frozenset())


def _of_type(wanted: frozenset[str], value: JsonValue) -> str:
    """Return how a value is written that is of a wanted type but for its quotes, empty for any other."""
    if isinstance(value, str) and "string" not in wanted and wanted & _PLAIN & _types_of_text(value):
        return f"write `{value.strip()}`, without quotes"
    if isinstance(value, str) and _is_list(value, wanted):
        return _as_list(value)
    if isinstance(value, str) and "boolean" in wanted and (word := value.strip().lower()) in {"true", "false"}:
        return f"write `{word}`"
    if isinstance(value, str) and (named := _INPUT.fullmatch(value.strip())):
        name, type_ = named[1], next((each for each in ("integer", "number", "boolean") if each in wanted), "string")
        return f"declare input `{name}` (`{name}: {{type: {type_}}}`), and write `$inputs.{name}`"
    is_plain = isinstance(value, bool | int | float)
    return "write it in quotes" if is_plain and wanted == {"string"} else ""


def elements_in(text: str) -> tuple[JsonValue, ...]:
    """Return what a text is a list of: as JSON, or with what a style divides elements by.

    >>> elements_in("a,b"), elements_in('["a"]')
    (('a', 'b'), ('a',))
    """
    try:
        value = parse_json(text)
    except MalformedText:
        value = None
    return tuple(value) if isinstance(value, list) else tuple(filter(None, re.split(_DIVIDERS, text)))


def _listed(schema: Mapping[str, JsonValue], value: JsonValue, *, as_text: bool) -> Iterator[Refusal]:
    allowed = {"enum": schema.get("enum"), "const": [schema["const"]] if "const" in schema else None}
    for keyword, values in allowed.items():
        if not isinstance(values, list) or not values:
            continue
        message, instead = words_of(keyword, schema[keyword], value), allowed_by(keyword, schema)
        if len(values) > MOST_LISTED and not isinstance(value, dict | list):
            message = f"{message}, and `{text_of(value)[:_LONGEST_SHOWN]}` is none of them"
        if isinstance(value, dict | list):
            # what is in it is not all known, and values that stand beside a type are often those of its elements
            if not _STRUCTURES & schema.keys() and not any(isinstance(each, dict | list) for each in values):
                yield Refusal(keyword, message, instead, is_listed=True, is_certain=not as_text)
        elif not any(_same(each, value, as_text=as_text) for each in values):
            fix = did_you_mean(text_of(value), map(text_of, values)) or instead
            yield Refusal(keyword, message, fix, is_listed=True)


def _same(one: JsonValue, other: JsonValue, *, as_text: bool) -> bool:
    if as_text:
        return text_of(one) == text_of(other)
    return json.dumps(one) == json.dumps(other) or (
        not isinstance(one, bool) and not isinstance(other, bool) and bool(one == other)
    )


def _holds(keyword: str, wanted: JsonValue, value: JsonValue) -> bool:
    import jsonschema_rs  # noqa: PLC0415 - 30 ms that a step without such a schema does not pay

    try:
        return jsonschema_rs.is_valid({keyword: wanted}, value)
    except (jsonschema_rs.ValidationError, ValueError):
        return True  # the keyword is of another version, or none: it says nothing here
