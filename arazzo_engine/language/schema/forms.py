"""The forms that fields of several objects have in the JSON Schema: texts, lists, maps, references to other objects.

Decides only how such a form is written in JSON Schema 2020-12, and in a way that editors follow: no form needs
``unevaluatedProperties``, and a field decides between two objects, so that one error is told and not two.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from arazzo_engine.documents.values import JsonValue
from arazzo_engine.language.queries.expression_types import (
    CRITERION_LANGUAGES,
    SELECTOR_LANGUAGES,
    VERSIONS,
    Language,
)

Schema: TypeAlias = dict[str, JsonValue]

KEY: Final = r"^[a-zA-Z0-9.\-_]+$"
TEXT: Final[Schema] = {"type": "string"}
FILLED: Final[Schema] = {"type": "string", "minLength": 1}
ID: Final[Schema] = {**FILLED, "examples": ["create-order"]}
EXPRESSION: Final[Schema] = {"type": "string", "pattern": r"^\{?\$"}
ANYTHING: Final[Schema] = {}
# anything but null
SOMETHING: Final[Schema] = {"type": ["string", "number", "boolean", "object", "array"]}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}


def one_of(*values: str) -> Schema:
    """Return the form of a text that is one of these."""
    return {"type": "string", "enum": list(values)}


def ref(name: str) -> Schema:
    """Return the form of another object."""
    return {"$ref": f"#/$defs/{name}"}


def list_of(items: Schema, *, at_least_one: bool = False) -> Schema:
    """Return the form of a list without repetitions."""
    return {"type": "array", "items": items, "uniqueItems": True, **({"minItems": 1} if at_least_one else {})}


def map_of(values: Schema) -> Schema:
    """Return the form of a map with the names that the specification allows."""
    return {"type": "object", "propertyNames": {"pattern": KEY}, "additionalProperties": values}


def reusable_or(name: str) -> Schema:
    """Return the form of an object, or of a reference to one among the components."""
    return {"if": {"type": "object", "required": ["reference"]}, "then": ref("reusable"), "else": ref(name)}


def object_or(name: str, other: Schema) -> Schema:
    """Return the form of an object, or of something that is none."""
    return {"if": {"type": "object"}, "then": ref(name), "else": other}


def criterion_type() -> Schema:
    """Return the form of a criterion's type."""
    return object_or("expressionType", one_of(*CRITERION_LANGUAGES))


def selector_type() -> Schema:
    """Return the form of a selector's type."""
    return object_or("expressionType", one_of(*SELECTOR_LANGUAGES))


def versions(language: Language, *, version_1_1: bool) -> tuple[str, ...]:
    """Return the versions that an Expression Type Object may name: 1.0 names no default."""
    return VERSIONS[language] if version_1_1 else VERSIONS[language][1:]
