"""Schemas that no value fits, by what stands in one schema and in its ``allOf``.

Decides only what is certain: bounds that leave nothing between them, a list of no values, types that nothing has
together. What a schema refers to, and its alternatives, are not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.values import as_integer, as_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.documents.values import JsonValue

_NUMBERS: Final = frozenset({"number", "integer"})
_OF_EACH_TYPE: Final = frozenset({"null", "boolean", "number", "string", "array", "object"})
_BELOW: Final = (("minimum", False), ("exclusiveMinimum", True))
_ABOVE: Final = (("maximum", False), ("exclusiveMaximum", True))
# what bounds the length of each type
_LENGTHS: Final = {
    "string": ("minLength", "maxLength"),
    "array": ("minItems", "maxItems"),
    "object": ("minProperties", "maxProperties"),
}


def why_nothing_fits(schema: Mapping[str, JsonValue]) -> tuple[str, str]:
    """Return the keyword by which no value fits a schema, and why in words; both empty where one may.

    >>> why_nothing_fits({"type": "integer", "minimum": 9, "maximum": 3})
    ('minimum', '`minimum` is 9 and `maximum` 3')
    """
    return next(_reasons(schema), ("", ""))


def _reasons(schema: Mapping[str, JsonValue]) -> Iterator[tuple[str, str]]:
    if schema.get("enum") == []:
        yield "enum", "`enum` lists no value"
    if schema.get("not") in ({}, True):
        yield "not", "`not` excludes every value"
    types = _types(schema.get("type"))
    if types and types <= _NUMBERS:
        yield from _crossed(schema)
    for type_, (least, most) in _LENGTHS.items():
        bounds = as_number(schema.get(least)), as_number(schema.get(most))
        if types == {type_} and bounds[0] is not None and bounds[1] is not None and bounds[0] > bounds[1]:
            yield least, f"`{least}` is {_shown(bounds[0])} and `{most}` {_shown(bounds[1])}"
    apart = _without_a_type([schema, *as_list(schema.get("allOf"))])
    if apart:
        yield "allOf", f"nothing is of {apart} at once"


def _crossed(schema: Mapping[str, JsonValue]) -> Iterator[tuple[str, str]]:
    """Yield bounds of numbers that leave none between them."""
    for below, is_open in _BELOW:
        for above, is_open_above in _ABOVE:
            least, most = as_number(schema.get(below)), as_number(schema.get(above))
            if least is None or most is None:
                continue
            if least > most or (least == most and (is_open or is_open_above)):
                yield below, f"`{below}` is {_shown(least)} and `{above}` {_shown(most)}"


def _without_a_type(schemas: list[JsonValue]) -> str:
    """Return the types of schemas that hold together and have none in common, as they are written."""
    written = [each["type"] for each in schemas if isinstance(each, dict) and _types(each.get("type"))]
    common = _OF_EACH_TYPE
    for each in written:
        # every integer is a number
        types = _types(each)
        common = common & (types | ({"number"} if "integer" in types else set()))
    return "" if common else " and ".join(f"`type: {each}`" for each in dict.fromkeys(map(_names, written)))


def _types(written: JsonValue) -> frozenset[str]:
    types = [written] if isinstance(written, str) else as_list(written)
    found = frozenset(map(str, types))
    # what is no type is told as that
    return found if found <= _OF_EACH_TYPE | _NUMBERS else frozenset()


def _names(written: JsonValue) -> str:
    return ", ".join(map(str, written)) if isinstance(written, list) else str(written)


def as_number(value: JsonValue) -> float | None:
    """Return a value that is a number, ``None`` for any other."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _shown(value: float) -> str:
    return str(as_integer(float(value)))
