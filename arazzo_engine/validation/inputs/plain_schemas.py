"""Which schemas are certainly JSON Schemas, seen without the library that knows them all.

Most workflows declare a few inputs with types and texts, and need not wait for that library to be loaded. Decides
nothing of any other schema, and nothing of inputs: whether they fit is decided by ``given``.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Final

from arazzo_engine.validation.inputs.complaints import TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.values import JsonValue


def is_plain_schema(schema: JsonValue) -> bool:
    """Whether a schema has only keywords that are looked at here, each with what may stand in it.

    >>> is_plain_schema({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]})
    True
    >>> is_plain_schema({"type": "text"}), is_plain_schema({"$ref": "#/components/inputs/a"})
    (False, False)
    """
    if not isinstance(schema, dict):
        return isinstance(schema, bool)
    return all(name in _MAY_HOLD and _MAY_HOLD[name](value) for name, value in schema.items())


def _is_text(value: JsonValue) -> bool:
    return isinstance(value, str)


def _is_scalar(value: JsonValue) -> bool:
    return isfinite(value) if isinstance(value, float) else not isinstance(value, dict | list)


def _are_scalars(value: JsonValue) -> bool:
    return isinstance(value, list) and all(map(_is_scalar, value))


def _are_names(value: JsonValue) -> bool:
    return isinstance(value, list) and all(map(_is_text, value)) and len(set(map(str, value))) == len(value)


def _are_plain_schemas(value: JsonValue) -> bool:
    return isinstance(value, dict) and all(map(is_plain_schema, value.values()))


_MAY_HOLD: Final[dict[str, Callable[[JsonValue], bool]]] = {
    "type": lambda value: isinstance(value, str) and value in TYPES,
    "properties": _are_plain_schemas,
    "additionalProperties": is_plain_schema,
    "items": is_plain_schema,
    "required": _are_names,
    "enum": _are_scalars,
    "examples": _are_scalars,
    "default": _is_scalar,
    "example": _is_scalar,
    "title": _is_text,
    "description": _is_text,
    "format": _is_text,
}
