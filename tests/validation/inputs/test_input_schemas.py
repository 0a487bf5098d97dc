"""The schema of a workflow's inputs: references, defaults at every level, formats, and schemas that would not end."""

from __future__ import annotations

import json
from typing import Any

import pytest
from scripted import OneSource, document, make_workflows_ready, step, workflow

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.reading import read_document
from arazzo_engine.world.preparing import check_document

_COMPONENTS = {
    "inputs": {
        "page": {
            "$anchor": "page",
            "type": "object",
            "properties": {"size": {"type": "integer", "format": "int32", "default": 20}},
        },
        "named": {"properties": {"deep": {"$anchor": "deep", "type": "string", "default": "d"}}},
    }
}


def _ready(inputs: Any, given: dict[str, Any]) -> dict[str, Any]:
    text = document(workflow(step("a"), inputs=inputs), components=_COMPONENTS)
    return dict(make_workflows_ready(text, inputs=given).calls[0].inputs)


@pytest.mark.parametrize(
    ("inputs", "given", "completed"),
    [
        ({"properties": {"a": {"default": 1}}}, {}, {"a": 1}),
        ({"properties": {"a": {"default": 1}}}, {"a": None}, {"a": None}),
        ({"properties": {"a": {"default": None}}}, {}, {"a": None}),
        ({"properties": {"a": {"default": {}, "properties": {"b": {"default": 2}}}}}, {}, {"a": {"b": 2}}),
        ({"properties": {"a": {"properties": {"b": {"default": 2}}}}}, {}, {}),
        ({"properties": {"a": {"items": {"properties": {"b": {"default": 2}}}}}}, {"a": [{}]}, {"a": [{"b": 2}]}),
        (
            {"properties": {"a": {"prefixItems": [{}, {"properties": {"b": {"default": 2}}}]}}},
            {"a": [{}, {}]},
            {"a": [{}, {"b": 2}]},
        ),
        (
            {"allOf": [{"properties": {"a": {"default": 1}}}, {"properties": {"b": {"default": 2}}}]},
            {},
            {"a": 1, "b": 2},
        ),
        ({"additionalProperties": {"properties": {"b": {"default": 2}}}}, {"x": {}}, {"x": {"b": 2}}),
        ({"$ref": "#/components/inputs/page"}, {}, {"size": 20}),
        ({"$ref": "#page"}, {}, {"size": 20}),
        ({"properties": {"p": {"$ref": "#/components/inputs/page", "default": {}}}}, {}, {"p": {"size": 20}}),
        ({"properties": {"p": {"$ref": "#deep"}}}, {}, {"p": "d"}),
        ({"$defs": {"x": {"default": 3}}, "properties": {"a": {"$ref": "#/$defs/x"}}}, {}, {"a": 3}),
        ({"$defs": {"x": {"$anchor": "y", "default": 3}}, "properties": {"a": {"$ref": "#y"}}}, {}, {"a": 3}),
        (
            {"properties": {"a": {"default": 3}, "b": {"$ref": "#/workflows/0/inputs/properties/a"}}},
            {},
            {"a": 3, "b": 3},
        ),
        # a schema that refers to itself is followed as far as the inputs go
        (
            {"properties": {"n": {"default": 0}, "next": {"$ref": "#"}}},
            {"next": {"next": {}}},
            {"n": 0, "next": {"n": 0, "next": {"n": 0}}},
        ),
        (True, {"x": 1}, {"x": 1}),
    ],
)
def test_defaults_stand_in_at_every_level(inputs: Any, given: dict[str, Any], completed: dict[str, Any]) -> None:
    assert _ready(inputs, given) == completed


@pytest.mark.parametrize(
    ("schema", "accepted", "refused"),
    [
        ({"type": "integer", "format": "int32"}, [2147483647, -2147483648], [2147483648, -2147483649]),
        ({"type": "number", "format": "int32"}, [1, 1.0], [1.5]),
        ({"format": "int64"}, [9223372036854775807, "text"], [9223372036854775808]),
        ({"format": "double"}, [1.5, 1e308], []),
        ({"format": "float"}, [1.5], []),
        ({"format": "date"}, ["2026-02-28"], ["2026-02-30"]),
        ({"format": "email"}, ["a@example.com"], ["a"]),
        ({"format": "uuid"}, ["123e4567-e89b-12d3-a456-426614174000"], ["123"]),
        ({"$ref": "#/components/inputs/page"}, [{"size": 5}], [{"size": 2147483648}, {"size": "5"}]),
        ({"enum": [{"format": "int32"}]}, [{"format": "int32"}], [{"format": "int64"}]),
        ({"prefixItems": [{"const": 1}], "items": False}, [[1]], [[1, 2]]),
        ({"unevaluatedProperties": False, "allOf": [{"properties": {"a": {}}}]}, [{"a": 1}], [{"b": 1}]),
    ],
)
def test_inputs_are_held_to_their_schema(schema: dict[str, Any], accepted: list[Any], refused: list[Any]) -> None:
    inputs = {"properties": {"x": schema}}
    for value in accepted:
        assert "x" in _ready(inputs, {"x": value})
    for value in refused:
        with pytest.raises(ArazzoError) as refusal:
            _ready(inputs, {"x": value})
        assert {each.code for each in refusal.value.diagnostics} == {"input-invalid"}


@pytest.mark.parametrize(
    ("inputs", "code", "said", "pointer"),
    [
        ({"$ref": "#/components/inputs/pgae"}, "reference-not-found", "leads nowhere", "/inputs/$ref"),
        (
            {"properties": {"a": {"$ref": "#nowhere"}}},
            "reference-not-found",
            "leads nowhere",
            "/inputs/properties/a/$ref",
        ),
        ({"$ref": "$components.inputs.gone"}, "reference-not-found", "is a runtime expression", "/inputs/$ref"),
        ({"properties": {"a": "$components.inputs.gone"}}, "input-schema-invalid", "stands where", "/properties/a"),
        ({"allOf": [{"$ref": "#"}], "required": ["a"]}, "reference-loop", "leads back", "/inputs/allOf/0/$ref"),
        ({"$defs": {"x": {"not": {"$ref": "#/$defs/x"}}}}, "reference-loop", "leads back", "/x/not/$ref"),
        ({"reference": "$components.inputs.gone"}, "input-schema-invalid", "Reusable Object", "/inputs/reference"),
        ({"properties": {"a": {"$id": "https://x.example/a"}}}, "unsupported-feature", "`$id`", "/a/$id"),
        (
            {"properties": {"a": {"type": "strnig"}}},
            "input-schema-invalid",
            "no type `strnig`",
            "/inputs/properties/a/type",
        ),
        # defaults that lead to each other without an end, and schemas that fork at every turn
        ({"properties": {"a": {"$ref": "#", "default": {}}}}, "input-schema-invalid", "does not end", "/inputs"),
        (
            {"properties": {"a": {"$ref": "#", "default": {}}, "b": {"$ref": "#", "default": {}}}},
            "input-schema-invalid",
            "does not end",
            "/inputs",
        ),
    ],
)
def test_a_schema_that_cannot_be_followed_is_refused_at_its_place(
    inputs: dict[str, Any], code: str, said: str, pointer: str
) -> None:
    with pytest.raises(ArazzoError) as refusal:
        _ready(inputs, {})
    problem = refusal.value.diagnostics[0]
    assert (problem.code, said in problem.message) == (code, True), problem
    assert problem.location is not None
    assert problem.location.pointer.endswith(pointer)


def test_the_schema_of_the_components_that_a_reference_nearly_names_is_shown() -> None:
    components = {"inputs": {"pgae": {"type": "object"}}}
    text = document(workflow(step("a"), inputs={"$ref": "#/components/inputs/page"}), components=components)
    (problem,) = check_document(read_document(text, "file:///main.json"), OneSource()).problems
    assert [each.location.pointer for each in problem.related] == ["/components/inputs/pgae"]


def test_a_schema_whose_references_double_at_every_turn_is_refused() -> None:
    doubled = [{"$ref": f"#/components/inputs/{name}"} for name in ("s1", "s1")]
    chain = {f"s{i}": {"allOf": [{"$ref": f"#/components/inputs/s{i + 1}"}] * 2} for i in range(1, 60)}
    components = {"inputs": {**chain, "s60": {"properties": {"a": {"default": 1}}}}}
    text = document(workflow(step("a"), inputs={"allOf": doubled}), components=components)
    with pytest.raises(ArazzoError) as refusal:
        make_workflows_ready(text)
    assert {each.code for each in refusal.value.diagnostics} == {"input-schema-invalid"}
    assert "would not end" in refusal.value.diagnostics[0].message


@pytest.mark.parametrize(
    ("schema", "given", "used"),
    [
        ({"type": "integer"}, 1.0, 1),
        ({"allOf": [{"type": "integer"}]}, -2.0, -2),
        ({"type": "array", "items": {"type": "integer"}}, [1.0, 2], [1, 2]),
        ({"properties": {"b": {"type": "integer"}}}, {"b": 1e3}, {"b": 1000}),
        ({"type": "number"}, 1.0, 1.0),
        ({}, 1.0, 1.0),
    ],
)
def test_an_integer_that_is_written_with_a_point_is_one(schema: Any, given: Any, used: Any) -> None:
    found = _ready({"properties": {"a": schema}}, {"a": given})["a"]
    assert repr(found) == repr(used)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"properties": {"a": {}}, "additionalProperties": True}, ("unknown-input", False)),
        ({"properties": {"a": {}}, "patternProperties": {"^x": {"type": "string"}}}, ("unknown-input", False)),
        ({"properties": {"a": {}}, "additionalProperties": True, "required": ["b"]}, None),
        ({"properties": {"a": {}}, "patternProperties": {"^b": {"type": "string"}}}, None),
        ({"properties": {"a": {}}, "additionalProperties": {"type": "string"}}, None),
        # what is declared nowhere must be given, unless the schema has no room for it
        ({"properties": {"a": {}}}, ("repaired", False)),
        ({"properties": {"a": {}}, "additionalProperties": False}, ("unknown-input", True)),
    ],
)
def test_an_input_that_is_allowed_and_not_listed_is_a_warning(inputs: Any, told: Any) -> None:
    one = step("a", parameters=[{"name": "q", "in": "query", "value": "$inputs.b"}])
    checked = check_document(read_document(document(workflow(one, inputs=inputs)), "file:///main.json"), OneSource())
    found = [(each.code, each.is_error) for each in checked.problems]
    assert found == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("inputs", "fix"),
    [
        ({"b": "integer"}, "put `b` under `properties` of the workflow's `inputs`: `properties: {b: {type: integer}}`"),
        (
            {"type": "object", "b": {"type": "string"}, "properties": {"a": {}}},
            "put `b` under `properties` of the workflow's `inputs`: `properties: {b: {type: string}}`",
        ),
        ({"properties": {"bb": {}}}, "did you mean `bb`?"),
        ({"properties": {"a": {}}, "additionalProperties": False}, "declare `b` in the workflow's `inputs`"),
    ],
)
def test_an_input_is_declared_where_the_schema_nearly_does(inputs: Any, fix: str) -> None:
    one = step("a", parameters=[{"name": "q", "in": "query", "value": "$inputs.b"}])
    checked = check_document(read_document(document(workflow(one, inputs=inputs)), "file:///main.json"), OneSource())
    assert [each.fix for each in checked.problems if each.code == "unknown-input"] == [fix]


@pytest.mark.parametrize(
    ("declared", "fix"),
    [
        ("User", "did you mean `User`?"),
        ("users", "did you mean `users`?"),
        ("username", "did you mean `username`? If not, declare `user` in the workflow's `inputs`"),
    ],
)
def test_an_input_that_is_only_alike_may_be_another_one(declared: str, fix: str) -> None:
    one = step("a", parameters=[{"name": "q", "in": "query", "value": "$inputs.user"}])
    text = document(workflow(one, inputs={"properties": {declared: {}}}))
    checked = check_document(read_document(text, "file:///main.json"), OneSource())
    assert [each.fix for each in checked.problems if each.code == "unknown-input"] == [fix]


@pytest.mark.parametrize(
    ("used", "fix"),
    [
        ("bank.country", "did you mean `country`?"),
        ("bank.zip", "declare `bank.zip` in the workflow's `inputs`"),
        ("trip_id", "declare `trip_id` in the workflow's `inputs`"),
        ("passenger_name", "declare `passenger_name` in the workflow's `inputs`"),
    ],
)
def test_an_input_that_only_shares_a_word_is_not_suggested(used: str, fix: str) -> None:
    one = step("a", parameters=[{"name": "q", "in": "query", "value": f"$inputs.{used}"}])
    schema = {"properties": {"country": {}, "trip_date": {}, "bank_name": {}}, "additionalProperties": False}
    checked = check_document(read_document(document(workflow(one, inputs=schema)), "file:///main.json"), OneSource())
    assert [each.fix for each in checked.problems if each.code == "unknown-input"] == [fix]


def test_the_length_of_an_input_within_a_text_is_no_input_to_declare() -> None:
    one = step("a", parameters=[{"name": "q", "in": "query", "value": "0-{$inputs.file.length}"}])
    schema = {"properties": {"file": {"type": "string"}}, "additionalProperties": False}
    checked = check_document(read_document(document(workflow(one, inputs=schema)), "file:///main.json"), OneSource())
    assert [each.fix for each in checked.problems if each.code == "unknown-input"] == [
        "no expression counts or measures a value: give the result as an input beside `file`"
    ]


@pytest.mark.parametrize("used", ["born:yyyy-MM-dd", "born|upper", "born,0"])
def test_what_is_to_be_made_of_an_input_is_no_input_to_declare(used: str) -> None:
    one = step("a", parameters=[{"name": "q", "in": "query", "value": f"on {{$inputs.{used}}}"}])
    schema = {"properties": {"born": {"type": "string"}}, "additionalProperties": False}
    checked = check_document(read_document(document(workflow(one, inputs=schema)), "file:///main.json"), OneSource())
    assert all("declare" not in each.fix and "`$inputs.born`" in each.fix for each in checked.problems if each.is_error)
    assert any(each.is_error for each in checked.problems)


def test_a_reference_that_json_schema_passes_over_is_told() -> None:
    schema = {"properties": {"a": {"reference": "$components.schemas.thing"}, "reference": {"type": "string"}}}
    text = document(workflow(step("a"), inputs=schema))
    (problem,) = check_document(read_document(text, "file:///main.json"), OneSource()).problems
    assert (problem.code, problem.is_error) == ("reference-not-found", False)
    assert problem.message == (
        "`reference: $components.schemas.thing` says nothing: a schema refers to another one by `$ref`"
    )
    assert problem.fix == "put the schema into `components/inputs`, and write `$ref: '#/components/inputs/thing'`"


def test_a_component_that_is_nothing_but_such_a_reference_is_told_of_too() -> None:
    components = {"inputs": {"place": {"reference": "$components.inputs.gone"}}}
    schema = {"properties": {"a": {"$ref": "#/components/inputs/place"}}}
    whole = {**json.loads(document(workflow(step("a"), inputs=schema))), "components": components}
    (problem,) = check_document(read_document(json.dumps(whole), "file:///main.json"), OneSource()).problems
    assert problem.message.startswith("`reference: $components.inputs.gone` says nothing")
    assert problem.location is not None
    assert problem.location.pointer == "/components/inputs/place/reference"


@pytest.mark.parametrize(
    ("schema", "fix"),
    [
        ({"required": "a"}, "list the names of what is required beside `properties`, such as `required: [a]`"),
        ({"enum": "a"}, "list the values, such as `enum: [a, b]`"),
        ({"minLength": "x"}, "write `minLength` as a whole number"),
        ({"items": ["a"]}, "write one schema for all elements, such as `items: {type: string}`"),
        ("string", "write a schema of `a`, such as `properties: {a: {type: string}}`"),
        ({"allOf": ["x"]}, ""),
    ],
)
def test_what_is_no_schema_is_told_with_how_to_write_it(schema: Any, fix: str) -> None:
    with pytest.raises(ArazzoError) as raised:
        _ready({"properties": {"a": schema}}, {"a": "x"})
    assert [(each.code, each.fix) for each in raised.value.diagnostics] == [("input-schema-invalid", fix)]
