"""Values with expressions in them: what they become, and what happens when something is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from arazzo_engine.documents.reading import read_document
from arazzo_engine.documents.sizes import Room
from arazzo_engine.documents.values import ABSENT, NOT_RUN
from arazzo_engine.language.expressions.grammar import parse_expression
from arazzo_engine.language.expressions.scope import Scope
from arazzo_engine.language.expressions.strings import Expression, text_of
from arazzo_engine.language.queries.compiling import read_query
from arazzo_engine.language.queries.expression_types import ExpressionType, Language
from arazzo_engine.language.templates import LENGTH, MissingValue, Selector, evaluate, parse_template, render

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.templates import Template

SCOPE = Scope(
    inputs={"n": 1, "half": 0.5, "no": None, "yes": True, "text": 'a"b', "list": [1, {"k": "é"}]},
    steps={"s": {"o": "out"}},
)


def _read_selector(value: dict[str, Any], at: Place) -> Template | None:
    if value.keys() != {"context", "selector", "type"}:
        return None
    query = read_query(value["selector"], ExpressionType(Language.JSONPATH, "rfc9535"), at, [])
    assert query is not None
    return Selector(Expression(parse_expression(value["context"]), at, (0, 1)), query, at)


def found(template: Template) -> object:
    with pytest.raises(MissingValue) as missing:
        evaluate(template, SCOPE)
    return missing.value.found


def _template(value: Any) -> Template:
    problems: list[Diagnostic] = []
    template = parse_template(value, read_document("", "file:///t").root(), problems, _read_selector)
    assert problems == []
    return template


@pytest.mark.parametrize(
    ("value", "rendered"),
    [
        ("$inputs.n", 1),
        ("$inputs.list", [1, {"k": "é"}]),
        ("$inputs.no", None),
        ("{$inputs.n}", "1"),
        ("a{$inputs.n}b{$inputs.half}c", "a1b0.5c"),
        ("{$inputs.no} {$inputs.yes}", "null true"),
        ("{$inputs.list}", '[1,{"k":"é"}]'),
        ("{$inputs.text}", 'a"b'),
        ("{{$inputs.n}}", "{1}"),
        ('{"a": "{$inputs.n}", "b": {"c": {$inputs.n}}}', '{"a": "1", "b": {"c": 1}}'),
        ("$5.00 {id} {$unknown} {$", "$5.00 {id} {$unknown} {$"),
        ({"a": "$inputs.n", "b": ["$steps.s.outputs.o", 2]}, {"a": 1, "b": ["out", 2]}),
        ({"a": "$inputs.nope", "b": 1}, {"b": 1}),
        (["$inputs.nope", 1], [1]),
        ("$inputs.nope", ABSENT),
        ("$inputs.nope#/deep", ABSENT),
        ({}, {}),
    ],
)
def test_a_value_for_a_request_is_rendered(value: object, rendered: object) -> None:
    assert render(_template(value), SCOPE, Room()) == rendered


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("$steps.s.outputs.nope", ABSENT),
        ("$steps.never.outputs.o", NOT_RUN),
        ({"a": "$response.body#/x"}, ABSENT),
        ("Bearer {$inputs.nope}", ABSENT),
        ("$inputs.list#/9", ABSENT),
    ],
)
def test_a_hole_in_a_request_is_an_error(value: object, found: object) -> None:
    with pytest.raises(MissingValue) as missing:
        render(_template(value), SCOPE, Room())
    assert missing.value.found is found


def test_an_output_without_a_value_has_none() -> None:
    assert found(_template("$steps.s.outputs.nope")) is ABSENT
    assert found(_template("$steps.never.outputs.o")) is NOT_RUN
    assert found(_template("$inputs.nope")) is ABSENT


@pytest.mark.parametrize("value", ["$response.bdy", "x {$step.a} y", {"a": ["$inputs"]}])
def test_an_expression_that_does_not_parse_is_a_problem(value: object) -> None:
    problems: list[Diagnostic] = []
    parse_template(value, read_document("", "file:///t").root(), problems, _read_selector)
    assert [problem.code for problem in problems] == ["invalid-expression"]


@pytest.mark.parametrize(
    ("selector", "value"),
    [("$[1].k", "é"), ("$[*]", [1, {"k": "é"}]), ("$[?@.k == '{$inputs.text}']", ABSENT), ("$[9]", ABSENT)],
)
def test_a_selector_gives_one_value_or_a_list_of_several(selector: str, value: object) -> None:
    template = _template({"context": "$inputs.list", "selector": selector, "type": "jsonpath"})
    assert isinstance(template, Selector)
    assert (found(template) if value is ABSENT else evaluate(template, SCOPE)) == value


def _length() -> Selector:
    selector = _template({"context": "$inputs.list", "selector": "$", "type": "jsonpath"})
    assert isinstance(selector, Selector)
    return replace(selector, gives=LENGTH)


@pytest.mark.parametrize(("value", "length"), [([1, 2], 2), ("abc", 3), ({"length": "2 m"}, "2 m"), ([], 0)])
def test_a_selector_can_give_how_long_a_value_is(value: Any, length: object) -> None:
    assert evaluate(_length(), Scope(inputs={"list": value})) == length


@pytest.mark.parametrize("value", [5, True, {"size": 2}])
def test_a_value_without_a_length_gives_none(value: Any) -> None:
    with pytest.raises(MissingValue):
        render(_length(), Scope(inputs={"list": value}), Room())


def test_a_selector_whose_optional_input_was_not_given_is_left_out() -> None:
    selector = {"context": "$inputs.nope", "selector": "$.a", "type": "jsonpath"}
    assert render(_template({"a": selector, "b": 1}), SCOPE, Room()) == {"b": 1}


@pytest.mark.parametrize("context", ["$inputs.no", "$inputs.text", "$inputs.list"])
def test_a_selector_that_selects_nothing_is_a_hole_in_a_request(context: str) -> None:
    with pytest.raises(MissingValue) as missing:
        render(_template({"context": context, "selector": "$.a", "type": "jsonpath"}), SCOPE, Room())
    assert missing.value.what == "$.a"
    assert missing.value.span is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1e16, "10000000000000000"),
        (-1.2345678901234567e20, "-123456789012345670000"),
        (1e21, "1e+21"),
        (1.5e-6, "0.0000015"),
        (1e-7, "1e-7"),
        (12345678901234567890, "12345678901234567890"),
        ({"a": [10.0, "10.0", 1e-7]}, '{"a":[10,"10.0",1e-7]}'),
    ],
)
def test_numbers_are_written_as_the_language_of_json_writes_them(value: JsonValue, text: str) -> None:
    assert text_of(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_in_a_text_is_the_same_number(value: float) -> None:
    assert float(text_of(value)) == value
