"""The values a rehearsal makes up: from examples, from schemas wherever they stand, as the media type writes them."""

from __future__ import annotations

from typing import Any

import pytest
from opened import described, opened

from arazzo_engine.language.messages.payloads import parse_payload
from arazzo_engine.simulation.answers import drafts_of

_SCHEMAS: dict[str, Any] = {
    "Name": {"type": "string", "example": "Rex"},
    "Dog": {"type": "object", "properties": {"name": {"$ref": "#/components/schemas/Name"}}},
    "Anchored": {"$anchor": "dog", "type": "object", "properties": {"kind": {"const": "dog"}}},
    "Tree": {
        "$id": "https://schemas.example.com/tree",
        "$dynamicAnchor": "node",
        "type": "object",
        "required": ["value"],
        "properties": {"value": {"const": 1}, "next": {"$dynamicRef": "#node"}},
    },
    "Loop": {"$ref": "#/components/schemas/Loop"},
}


def _sampled(media_type: str, content: dict[str, Any]) -> Any:
    operation = {"responses": {"200": {"content": {media_type: content}}}}
    api = opened(described("3.2.0", operation, components={"schemas": _SCHEMAS}))
    response = drafts_of(api.read(api.places_of("op")[0]), api.resolver)[0].response()
    payload = parse_payload(response.content, dict(response.headers)["Content-Type"])
    assert payload.problem is None
    return payload.value


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"$ref": "#/components/schemas/Dog"}, {"name": "Rex"}),
        ({"$ref": "#/components/schemas/Name", "example": "Fido"}, "Fido"),
        (
            {"$ref": "#/components/schemas/Dog", "properties": {"age": {"const": 3}, "name": {"const": "Max"}}},
            {"age": 3, "name": "Max"},
        ),
        ({"$ref": "#dog"}, {"kind": "dog"}),
        (
            {"$ref": "https://schemas.example.com/tree", "properties": {"next": {"const": None}}},
            {"next": None, "value": 1},
        ),
        ({"$ref": "#/components/schemas/Loop"}, {}),
        ({"$ref": "nowhere.json"}, {}),
        ({"allOf": [{"properties": []}, {"required": 3}], "type": "object"}, {}),
    ],
)
def test_a_value_is_made_of_what_a_reference_leads_to_and_what_stands_beside_it(
    schema: dict[str, Any], expected: object
) -> None:
    assert _sampled("application/json", {"schema": schema}) == expected


@pytest.mark.parametrize(
    ("format_", "expected"),
    [
        ("date-time-rfc1123", "Sat, 31 Jan 2026 12:00:00 GMT"),
        ("guid", "00000000-0000-4000-8000-000000000000"),
        ("url", "https://example.com/sample"),
        ("colour", "sample"),
    ],
)
def test_a_text_has_the_format_that_its_schema_names(format_: str, expected: str) -> None:
    assert _sampled("application/json", {"schema": {"type": "string", "format": format_}}) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?Z$", "2026-01-31T12:00:00Z"),
        (r"^1999", "1999"),
    ],
)
def test_a_text_of_a_format_has_its_pattern_too_where_it_can(pattern: str, expected: str) -> None:
    schema = {"type": "string", "format": "date-time", "pattern": pattern}
    assert _sampled("application/json", {"schema": schema}) == expected


def test_a_schema_that_contains_itself_ends() -> None:
    value = _sampled("application/json", {"schema": {"$ref": "https://schemas.example.com/tree"}})
    depth = 0
    while value.get("next"):
        assert value["value"] == 1
        value, depth = value["next"], depth + 1
    assert 0 < depth < 20


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "default": "open"}, "open"),
        ({"type": "string", "default": ""}, "sample"),
        ({"type": "string", "format": "date", "default": "CURRENT_DATE"}, "2026-01-31"),
        ({"type": "object", "default": None, "properties": {"a": {"type": "boolean", "default": False}}}, {"a": False}),
    ],
)
def test_a_default_that_is_empty_or_breaks_its_own_schema_is_not_used(schema: dict[str, Any], expected: object) -> None:
    assert _sampled("application/json", {"schema": schema}) == expected


@pytest.mark.parametrize("media_type", ["application/jsonl", "application/x-ndjson", "application/json-seq"])
def test_a_sequence_is_made_of_its_item_schema(media_type: str) -> None:
    assert _sampled(media_type, {"itemSchema": {"$ref": "#/components/schemas/Dog"}}) == [{"name": "Rex"}]
    whole = {"schema": {"type": "array", "minItems": 2, "items": {"$ref": "#/components/schemas/Dog"}}}
    assert _sampled(media_type, whole) == [{"name": "Rex"}, {"name": "Rex"}]


def test_an_event_stream_is_made_of_its_item_schema() -> None:
    schema = {"type": "object", "properties": {"event": {"const": "tick"}, "data": {"const": "1"}}}
    assert _sampled("text/event-stream", {"itemSchema": schema}) == [{"event": "tick", "data": "1"}]


def test_a_schema_of_no_list_is_that_of_each_value_of_a_sequence() -> None:
    dog = {"schema": {"$ref": "#/components/schemas/Dog"}}
    assert _sampled("application/jsonl", dog) == [{"name": "Rex"}]
    assert _sampled("text/event-stream", dog) == [{"data": '{"name":"Rex"}'}]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({}, 1),
        ({"minimum": -(2**63), "maximum": 2**63 - 1}, 1),
        ({"minimum": 7}, 7),
        ({"maximum": -2}, -2),
        ({"exclusiveMinimum": 1}, 2),
        ({"minimum": 1, "exclusiveMinimum": True}, 2),
        ({"maximum": 1, "exclusiveMaximum": True}, 0),
        ({"minimum": 0, "maximum": 0.5}, 0),
        ({"exclusiveMinimum": 0, "exclusiveMaximum": 0.5}, 0.25),
        ({"multipleOf": 5}, 5),
        ({"multipleOf": 5, "minimum": 12}, 15),
        ({"type": "integer", "minimum": 1.5, "maximum": 2.2}, 2),
        ({"minimum": 5, "maximum": 3}, 5),
        ({"multipleOf": 0}, 1),
        ({"minimum": 10**400}, 1),
    ],
)
def test_a_number_is_within_its_bounds_where_there_is_one(schema: dict[str, Any], expected: float) -> None:
    assert _sampled("application/json", {"schema": {"type": "number", **schema}}) == expected


_THING: dict[str, Any] = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"schema": _THING, "example": {"id": 5}}, {"id": "sample"}),
        ({"schema": _THING, "example": {"name": "x"}}, {"id": "sample"}),
        ({"schema": _THING, "examples": {"a": {"value": {"id": 5}}, "b": {"value": {"id": "B"}}}}, {"id": "B"}),
        ({"schema": {**_THING, "example": {"id": 5}}}, {"id": "sample"}),
        ({"schema": {**_THING, "examples": [{"id": 5}, {"id": "B"}]}}, {"id": "B"}),
        ({"schema": {**_THING, "properties": {"id": {"type": "integer", "example": "five"}}}}, {"id": 1}),
        ({"example": {"id": 5}}, {"id": 5}),
    ],
)
def test_an_example_that_breaks_its_own_schema_is_not_used(content: dict[str, Any], expected: object) -> None:
    assert _sampled("application/json", content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"schema": _THING, "example": '{"id": "E-1"}'}, {"id": "E-1"}),
        ({"schema": {**_THING, "example": '{"id": "E-1"}'}}, {"id": "E-1"}),
        ({"schema": {}, "example": '{"id": "E-1"}'}, {"id": "E-1"}),
        ({"schema": {"type": "string"}, "example": '{"id": "E-1"}'}, '{"id": "E-1"}'),
        ({"schema": _THING, "example": '{"id": "E-1",}'}, {"id": "sample"}),
    ],
)
def test_the_json_text_of_an_example_is_its_value_where_the_schema_wants_no_text(
    content: dict[str, Any], expected: object
) -> None:
    assert _sampled("application/json", content) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"pattern": ".*"}, "sample"),
        ({"pattern": "^[a-z ]*$"}, "sample"),
        ({"pattern": "^[a-z]*$", "maxLength": 3}, "sam"),
        ({"pattern": ".*", "format": "uuid"}, "00000000-0000-4000-8000-000000000000"),
        ({"pattern": "^[0-9]*$"}, "1"),
        ({"pattern": "^x*$"}, ""),
    ],
)
def test_a_pattern_that_matches_nothing_at_all_has_the_usual_text_where_that_fits(
    schema: dict[str, Any], expected: str
) -> None:
    assert _sampled("application/json", {"schema": {"type": "string", **schema}}) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"minItems": 2, "items": {"enum": ["a", "b"]}}, ["a", "b"]),
        ({"minItems": 3, "items": {"type": "string"}}, ["sample", "sample-1", "sample-2"]),
        ({"minItems": 2, "items": {"type": "integer", "minimum": 5}}, [5, 6]),
        # there are no more of them
        ({"minItems": 3, "items": {"type": "boolean"}}, [True, False, True]),
    ],
)
def test_elements_that_must_be_unique_are_told_apart(schema: Any, expected: Any) -> None:
    assert _sampled("application/json", {"schema": {"type": "array", "uniqueItems": True, **schema}}) == expected


def test_elements_that_are_described_one_by_one_are_all_there() -> None:
    schema = {"type": "array", "prefixItems": [{"type": "string"}, {"const": 2}], "items": {"const": 3}, "minItems": 3}
    assert _sampled("application/json", {"schema": schema}) == ["sample", 2, 3]
