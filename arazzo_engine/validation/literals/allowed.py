"""What to write instead of a value that a keyword of a schema refuses: one phrase for each keyword.

Decides the words alone, from what the schema allows. What is wrong with the value is said elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.schemas.impossible import why_nothing_fits
from arazzo_engine.documents.values import as_list
from arazzo_engine.validation.inputs.complaints import GIVE_FILE, MOST_LISTED, TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arazzo_engine.documents.values import JsonValue

    Words = Callable[[Mapping[str, JsonValue]], str]


def allowed_by(keyword: str, schema: Mapping[str, JsonValue]) -> str:
    """Return what to do about a value that a keyword of a schema refuses, ``""`` when nothing is known.

    >>> allowed_by("minimum", {"minimum": 5}), allowed_by("maximum", {"minimum": 5, "maximum": 50})
    ('write 5 or more', 'write a number from 5 to 50')
    """
    _, why = why_nothing_fits(schema)
    if why:
        return f"correct the API description, which no value fits: {why}"
    return _ALLOWED[keyword](schema) if keyword in _ALLOWED else ""


def _types(schema: Mapping[str, JsonValue]) -> str:
    types = schema["type"]
    if types == "file" or schema.get("format") == "binary":
        return GIVE_FILE
    wanted = [types] if isinstance(types, str) else as_list(types)
    return f"write {' or '.join(TYPES.get(str(each), str(each)) for each in wanted)}"


def _lowest(schema: Mapping[str, JsonValue]) -> str:
    # a boolean before OpenAPI 3.1
    if schema.get("exclusiveMinimum") is True:
        return f"write more than {schema['minimum']}"
    return _range(schema) or f"write {schema['minimum']} or more"


def _highest(schema: Mapping[str, JsonValue]) -> str:
    if schema.get("exclusiveMaximum") is True:
        return f"write less than {schema['maximum']}"
    return _range(schema) or f"write {schema['maximum']} or less"


def _range(schema: Mapping[str, JsonValue]) -> str:
    """Return both ends where each of them is allowed itself."""
    is_closed = {"minimum", "maximum"} <= schema.keys() and not {"exclusiveMinimum", "exclusiveMaximum"} & schema.keys()
    return f"write a number from {schema['minimum']} to {schema['maximum']}" if is_closed else ""


_ALLOWED: Final[dict[str, Words]] = {
    "type": _types,
    "enum": lambda schema: (
        "write one of " + ("these" if len(schema["enum"]) <= MOST_LISTED else "those that its schema lists")
    ),
    "const": lambda _: "write that",
    "minimum": _lowest,
    "maximum": _highest,
    "exclusiveMinimum": lambda schema: f"write more than {schema['exclusiveMinimum']}",
    "exclusiveMaximum": lambda schema: f"write less than {schema['exclusiveMaximum']}",
    "multipleOf": lambda schema: f"write a multiple of {schema['multipleOf']}",
    "minLength": lambda schema: f"write {schema['minLength']} characters or more",
    "maxLength": lambda schema: f"write {schema['maxLength']} characters or less",
    "pattern": lambda _: "write a text that has this pattern",
    "minItems": lambda schema: f"write {schema['minItems']} elements or more",
    "maxItems": lambda schema: f"write {schema['maxItems']} elements or less",
    "format": lambda schema: f"write a `{schema['format']}`",
}
