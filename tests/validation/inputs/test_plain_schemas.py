"""Schemas that are certainly JSON Schemas: the library takes each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arazzo_engine.validation.inputs.plain_schemas import is_plain_schema

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
_VALUES = _SCALARS | st.lists(_SCALARS, max_size=2) | st.dictionaries(st.text(max_size=2), _SCALARS, max_size=2)
_TYPES = st.sampled_from(["object", "string", "text", "null", ["string", "null"]])
_TEXTS = ("title", "description", "format", "pattern", "$ref", "$id", "$schema", "minimum")


def _larger(schemas: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {},
        optional={
            "type": _TYPES | _VALUES,
            "properties": st.dictionaries(st.text(max_size=3), schemas, max_size=3) | _VALUES,
            "additionalProperties": schemas,
            "items": schemas,
            "required": st.lists(st.sampled_from("ab"), max_size=3) | _VALUES,
            **dict.fromkeys(("enum", "examples", "default", "example", *_TEXTS), _VALUES),
        },
    )


@given(st.recursive(st.booleans() | _larger(st.booleans()), _larger, max_leaves=5))
def test_the_library_takes_every_plain_schema(schema: Any) -> None:
    if is_plain_schema(schema):
        jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid({})


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "description": "who", "default": "me", "format": "email", "example": "a@b.example"},
        {"properties": {"a": {"enum": [1, None]}, "b": True}, "required": ["a"], "additionalProperties": False},
        {"type": "array", "items": {"type": "integer", "examples": [1, 2.5]}},
    ],
)
def test_what_most_workflows_declare_is_plain(schema: JsonValue) -> None:
    assert is_plain_schema(schema)


@pytest.mark.parametrize(
    "schema",
    [
        None,
        [],
        {"type": "str"},
        {"type": ["string", "null"]},
        {"required": ["a", "a"]},
        {"required": "a"},
        {"properties": ["a"]},
        {"default": float("nan")},
        {"pattern": "a"},
        {"$ref": "#"},
    ],
)
def test_what_is_looked_at_closely_is_not_plain(schema: JsonValue) -> None:
    assert not is_plain_schema(schema)
