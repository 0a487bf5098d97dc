"""The formats of numbers that the specification adds to JSON Schema, as bounds that every validator knows.

Decides what ``int32`` and ``int64`` allow. ``float`` and ``double`` allow every number of JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.validation.inputs.subschemas import every_schema, subschemas

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

# "signed 32 bits" and "signed 64 bits (a.k.a long)"
_BITS: Final = {"int32": 32, "int64": 64}


def with_number_formats(schema: JsonValue) -> JsonValue:
    """Return the schema with the bounds of its number formats; the schema itself when it has none."""
    if not any(part.get("format") in _BITS for _, part in every_schema(schema) if isinstance(part.get("format"), str)):
        return schema
    return _bounded(schema, {})


def _bounded(schema: JsonValue, made: dict[int, dict[str, JsonValue]]) -> JsonValue:
    if not isinstance(schema, dict):
        return schema
    if id(schema) in made:
        return made[id(schema)]
    copy = made[id(schema)] = dict(schema)
    for name, inner in schema.items():
        copy[name] = _copied(inner)
    for tokens, each in subschemas(schema):
        _put(copy, tokens, _bounded(each, made))
    bits = _BITS.get(str(schema.get("format")))
    if bits is not None:
        bounds = {"multipleOf": 1, "minimum": -(2 ** (bits - 1)), "maximum": 2 ** (bits - 1) - 1}
        copy["allOf"] = [*copy.get("allOf", ()), bounds]
    return copy


def _copied(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return dict(value)
    return list(value) if isinstance(value, list) else value


def _put(copy: dict[str, JsonValue], tokens: tuple[str | int, ...], schema: JsonValue) -> None:
    *way, last = tokens
    holder: JsonValue = copy
    for token in way:
        holder = holder[token]
    holder[last] = schema
