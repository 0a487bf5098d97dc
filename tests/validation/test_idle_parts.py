"""What in the schema of an input can have no effect is told, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from validated import validated


def _found(schema: dict[str, Any]) -> list[tuple[str, str]]:
    inputs = {"type": "object", "properties": {"sku": schema}}
    return [(each.code, each.message) for each in validated({}, workflow={"inputs": inputs})]


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"type": "string", "enum": ["a", 7]}, "`enum` has 7, which is never of `type: string`"),
        ({"type": "integer", "const": 1.5}, "`const` has 1.5, which is never of `type: integer`"),
        ({"type": ["string", "null"], "enum": [True]}, "`enum` has true, which is never of `type: null, string`"),
        ({"enum": [{"a": 1}, {"a": 1}]}, '`enum` has {"a": 1} twice'),
        ({"type": "string", "items": {}}, "`items` asks nothing of `type: string`"),
        ({"type": "array", "properties": {}}, "`properties` asks nothing of `type: array`"),
        ({"type": "string", "minimum": 1}, "`minimum` asks nothing of `type: string`"),
        (
            {"type": "number", "maximum": 2, "exclusiveMaximum": 3},
            "`maximum` and `exclusiveMaximum` bound the same side, and one of them decides nothing",
        ),
        ({"type": "array", "items": {"type": "boolean", "pattern": "a"}}, "`pattern` asks nothing of `type: boolean`"),
    ],
)
def test_a_part_without_effect_is_told(schema: dict[str, Any], message: str) -> None:
    assert _found(schema) == [("schema-part-idle", message)]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "enum": [1, 2.0]},
        {"type": "number", "enum": [1, 2.5], "minimum": 0, "exclusiveMaximum": 5},
        {"type": ["array", "string"], "items": {}, "minLength": 1},
        {"enum": [1, "1", True, None], "items": {}, "minLength": 1},
        {"type": "object", "default": {"type": "string", "minimum": 1}},
        {"type": "object", "properties": {"type": {"const": "a"}, "minimum": {}}},
        {"type": "string", "enum": ["a", "A"], "format": "date"},
    ],
)
def test_what_has_an_effect_is_not_told(schema: dict[str, Any]) -> None:
    assert _found(schema) == []


def test_a_member_that_is_required_and_nowhere_described_is_told() -> None:
    schema = {"type": "object", "required": ["txet"], "properties": {"text": {}}}
    assert _found(schema) == [
        ("input-undeclared", "`required` names member `txet`, which `properties` does not declare")
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"properties": {}},
        {"allOf": [{"properties": {"a": {}}}]},
        {"if": {"required": ["text"]}, "then": {"properties": {"a": {}}}},
        {"patternProperties": {"^a": {}}},
        {"additionalProperties": {"type": "string"}},
    ],
)
def test_a_member_that_may_be_described_elsewhere_is_not_told(more: dict[str, Any]) -> None:
    assert _found({"type": "object", "required": ["a"], "properties": {"text": {}}, **more}) == []


def test_the_components_are_looked_at_too() -> None:
    components = {"inputs": {"sku": {"type": "string", "enum": ["a", "a"]}}}
    inputs = {"type": "object", "properties": {"sku": {"$ref": "#/components/inputs/sku"}}}
    found = validated({}, workflow={"inputs": inputs}, arazzo_components=components)
    assert [(each.code, each.location.pointer if each.location else "") for each in found] == [
        ("schema-part-idle", "/components/inputs/sku/enum/1")
    ]


def test_markup_in_a_schema_is_told() -> None:
    assert _found({"title": "a <script>b</script>"}) == [("markup-unsafe", "`title` has a `<script>`")]


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("no `<script>` here", False),
        ("``a ` <b onclick=c()>``", False),
        ("```html\n\n<script>a</script>\n\n```", False),
        ("`a` <script>b</script> `c`", True),
        ("\\`<script>a</script>\\`", True),
        ("it`s\n\n<script>a</script>\n\nit`s", True),
        ("``<script>a</script>`", True),
    ],
)
def test_markup_that_is_shown_as_code_runs_nowhere(text: str, *, is_told: bool) -> None:
    assert [code for code, _ in _found({"description": text})] == ["markup-unsafe"] * is_told


@pytest.mark.parametrize(
    ("type_", "values", "fix"),
    [
        ("integer", ["up", "down"], "write `type: string`, or correct the values"),
        ("string", [1, 2], "write `type: integer`, or correct the values"),
        ("boolean", [1, "up"], "correct the `type`, or the values"),
    ],
)
def test_a_type_that_none_of_the_values_has_is_told_once_where_it_stands(
    type_: str, values: list[Any], fix: str
) -> None:
    inputs = {"type": "object", "properties": {"sku": {"type": type_, "enum": values}}}
    (found,) = validated({}, workflow={"inputs": inputs})
    assert (found.message, found.fix) == (f"none of the listed values is of `type: {type_}`", fix)
    assert found.location is not None
    assert found.location.pointer == "/workflows/0/inputs/properties/sku/type"


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"type": "integer", "minimum": 9, "maximum": 3}, "`minimum` is 9 and `maximum` 3"),
        ({"type": "number", "exclusiveMinimum": 3, "maximum": 3.0}, "`exclusiveMinimum` is 3 and `maximum` 3"),
        ({"type": "string", "minLength": 9, "maxLength": 3}, "`minLength` is 9 and `maxLength` 3"),
        ({"type": "array", "minItems": 2, "maxItems": 1}, "`minItems` is 2 and `maxItems` 1"),
        ({"enum": []}, "`enum` lists no value"),
        (
            {"allOf": [{"type": "string"}, {"type": ["integer", "null"]}]},
            "nothing is of `type: string` and `type: integer, null` at once",
        ),
    ],
)
def test_a_schema_that_no_value_fits_is_told(schema: dict[str, Any], why: str) -> None:
    assert _found(schema) == [("schema-unfulfillable", f"no value fits this schema: {why}")]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": 3, "maximum": 3},
        {"minimum": 9, "maximum": 3},
        {"type": ["string", "null"], "minLength": 9, "maxLength": 3},
        {"allOf": [{"type": "number"}, {"type": "integer"}]},
        {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        {"not": {"type": "integer", "minimum": 9, "maximum": 3}},
        # what nothing is to be given for
        {"not": {}},
        {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {"not": {}}},
    ],
)
def test_a_schema_that_a_value_fits_is_not_told(schema: dict[str, Any]) -> None:
    assert _found(schema) == []


def test_a_component_that_refers_to_itself_alone_is_told() -> None:
    two = {"type": "object", "properties": {"one": {"$ref": "#/components/inputs/two"}}}
    named = {"sku": {"$ref": "#/components/inputs/sku"}, "one": {"$ref": "#/components/inputs/two"}, "two": two}
    components = {"inputs": named}
    inputs = {"type": "object", "properties": {"sku": {"$ref": "#/components/inputs/sku"}}}
    found = validated({}, workflow={"inputs": inputs}, arazzo_components=components)
    assert [(each.code, each.location.pointer if each.location else "") for each in found] == [
        ("reference-loop", "/components/inputs/sku/$ref")
    ]


def _endless(*required: str) -> list[tuple[str, str]]:
    link = {"$ref": "#/components/inputs/link"}
    link_schema = {"type": "object", "required": [*required], "properties": {"next": {"allOf": [link]}, "name": {}}}
    inputs = {"type": "object", "properties": {"first": link}}
    found = validated({}, workflow={"inputs": inputs}, arazzo_components={"inputs": {"link": link_schema}})
    return [(each.message, each.location.pointer if each.location else "") for each in found]


def test_an_input_that_needs_one_of_its_own_kind_without_an_end_is_told() -> None:
    message = "no value fits this schema: it requires `next`, which requires the same again without an end"
    assert _endless("name", "next") == [(message, "/components/inputs/link/required")]


def test_an_input_that_may_have_one_of_its_own_kind_is_not_told() -> None:
    assert _endless("name") == []
