"""A list, an object or null where a parameter or a form has one text, and a text where they have a list."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import codes, validated

LISTED: Final = {"type": "array", "items": {"type": "string", "enum": ["title", "isbn"]}}
NUMBERS: Final = {"type": "array", "items": {"type": "integer"}}
TOLD: Final[tuple[tuple[dict[str, Any], Any, list[str], str], ...]] = (
    # one text, where a list is described: what is in it is listed all the same
    (LISTED, "title", [], ""),
    (LISTED, "titel", ["error"], "did you mean `title`?"),
    (LISTED, '["title"]', ["warning"], "write `[title]`, a list and no text"),
    (LISTED, "title,isbm", ["error"], "did you mean `isbn`?"),
    (LISTED, "$inputs.sku", [], ""),
    (LISTED, "{$inputs.sku},isbn", [], ""),
    (NUMBERS, 3, [], ""),
    (NUMBERS, "one", ["error"], "write an integer"),
    ({"type": "array", "items": {"type": "string"}}, "a,b", [], ""),
    ({"type": ["array", "string"], "items": {"enum": ["a"]}}, "b", [], ""),
    # a list or an object, where one value is described
    ({"type": "integer"}, [2], ["warning"], "write an integer"),
    ({"type": "string"}, ["a", "b"], ["warning"], "write a string"),
    ({"type": "string"}, {"a": "b"}, ["warning"], "write a string"),
    ({"type": "integer"}, {"a": 2}, ["error"], "write an integer"),
    (LISTED, ["title", ["isbn"]], ["warning"], "write a string"),
    (LISTED, [{"value": "isbn"}], ["warning"], "write a string"),
    ({"type": "array", "items": {"type": "object"}}, {"0": {"a": 1}}, [], ""),
    # a text of an object may be its JSON
    ({"type": "object"}, '{"a": 1}', [], ""),
    ({"type": "object"}, "a", ["warning"], "write an object"),
    ({"type": "object"}, True, ["warning"], "write an object"),
    ({}, ["a"], [], ""),
    ({"const": "a"}, ["a"], ["warning"], "write that"),
    ({"enum": ["a", 1]}, {"a": 1}, ["warning"], "write one of these"),
    ({"enum": [["a"]]}, ["a"], [], ""),
    ({"type": "array", "enum": ["a"], "items": {"type": "string"}}, ["a"], [], ""),
    # null is the empty text
    ({"type": "integer"}, None, ["error"], "write an integer"),
    ({"type": "boolean"}, None, ["error"], "write a boolean"),
    ({"type": "string", "enum": ["up"]}, None, ["error"], "write one of these"),
    ({"type": "string", "enum": ["up", ""]}, None, [], ""),
    ({"type": "integer", "nullable": True}, None, [], ""),
    ({"type": ["integer", "null"]}, None, [], ""),
)


@pytest.mark.parametrize(("schema", "value", "severities", "fix"), TOLD)
def test_a_parameter_of_another_structure_is_told(
    schema: dict[str, Any], value: Any, severities: list[str], fix: str
) -> None:
    described = {"name": "p", "in": "query", "required": True, "schema": schema}
    findings = validated({"parameters": [{"name": "p", "in": "query", "value": value}]}, {"parameters": [described]})
    assert codes(findings) == [(each, "literal-refused") for each in severities]
    assert [each.fix for each in findings] == [fix for _ in severities]


@pytest.mark.parametrize(
    "schema", [{"type": "string"}, LISTED, {"type": ["string", "integer"]}, {"allOf": [{"type": "string"}]}], ids=str
)
def test_a_parameter_whose_value_is_left_out_is_told(schema: dict[str, Any]) -> None:
    for place in ("query", "header"):
        described = {"name": "p", "in": place, "schema": schema}
        step = {"parameters": [{"name": "p", "in": place, "value": None}]}
        (found,) = validated(step, {"parameters": [described]})
        assert codes((found,)) == [("warning", "literal-refused")]
        assert found.fix == "write the value, or remove the parameter; for an empty text, write `''`"
        assert found.message.startswith(f"{place} parameter `p` must be ")
        assert ", not null, as operation `tried` describes it" in found.message


@pytest.mark.parametrize(
    "described",
    [
        {"schema": {"type": "string"}, "allowEmptyValue": True},
        {"schema": {"type": ["string", "null"]}},
        {"schema": {"type": "string", "nullable": True}},
        {"schema": {"type": "string", "enum": ["", "a"]}},
        {"schema": {"type": "string", "default": ""}},
        {"schema": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
        {"schema": {}},
    ],
    ids=str,
)
def test_a_parameter_that_takes_null_or_the_empty_text_may_be_null(described: dict[str, Any]) -> None:
    operation = {"parameters": [{"name": "p", "in": "query", **described}]}
    assert validated({"parameters": [{"name": "p", "in": "query", "value": None}]}, operation) == ()
    plain = {"parameters": [{"name": "p", "in": "query", "schema": {"type": "string"}}]}
    assert validated({"parameters": [{"name": "p", "in": "query", "value": ""}]}, plain) == ()


# as a parameter, such a text is read as the list
JOINED: Final = (
    (LISTED, "title,isbn", ["warning"], "write each of its values as an element of a list"),
    (NUMBERS, "1,2", ["warning"], "write each of its values as an element of a list"),
)
EMPTY: Final[tuple[Any, ...]] = (({"type": "string"}, None, [], ""), (LISTED, None, [], ""))
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


@pytest.mark.parametrize("content_type", FORMS)
@pytest.mark.parametrize(("schema", "value", "severities", "fix"), [*TOLD, *JOINED, *EMPTY])
def test_a_member_of_a_form_of_another_structure_is_told(
    schema: dict[str, Any], value: Any, severities: list[str], fix: str, content_type: str
) -> None:
    described = {"type": "object", "required": ["p"], "properties": {"p": schema}}
    operation = {"requestBody": {"content": {content_type: {"schema": described}}}}
    findings = validated({"requestBody": {"contentType": content_type, "payload": {"p": value}}}, operation)
    assert codes(findings) == [(each, "literal-refused") for each in severities]
    assert [each.fix for each in findings] == [fix for _ in severities]


def test_an_element_of_a_parameter_is_told_on_its_own_line() -> None:
    described = {"name": "p", "in": "query", "schema": LISTED}
    step = {"parameters": [{"name": "p", "in": "query", "value": ["title", "isbm"]}]}
    (found,) = validated(step, {"parameters": [described]})
    assert found.location is not None
    assert found.location.pointer == "/workflows/0/steps/1/parameters/0/value/1"


def test_a_structure_in_json_is_none_of_listed_values() -> None:
    described = {"required": ["p"], "properties": {"p": {"const": "a"}}}
    operation = {"requestBody": {"content": {"application/json": {"schema": described}}}}
    for value in (["a"], {"a": 1}, ["$inputs.sku"]):
        found = validated({"requestBody": {"payload": {"p": value}}}, operation)
        assert codes(found) == [("error", "literal-refused")]


@pytest.mark.parametrize("text", ["['a', 'b']", '["a", "b"]', "[ 'a' , \"b\" ]"])
def test_a_list_that_is_written_as_a_text_is_told_with_the_list(text: str) -> None:
    described = {"name": "p", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}
    (found,) = validated({"parameters": [{"name": "p", "in": "query", "value": text}]}, {"parameters": [described]})
    assert codes((found,)) == [("warning", "literal-refused")]
    assert found.fix.startswith("write `[a, b]`, a list and no text")


@pytest.mark.parametrize("text", ["a,b", "[draft]", "['a' or 'b']", "x['a']"])
def test_a_text_of_what_a_style_divides_is_a_list(text: str) -> None:
    described = {"name": "p", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}
    assert validated({"parameters": [{"name": "p", "in": "query", "value": text}]}, {"parameters": [described]}) == ()
