"""Ids that 1.0 allows and 1.1 does not: an expression names what exists, and 1.1 is told how to write it."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import codes, validated

from arazzo_engine.language.conditions.condition import references_in
from arazzo_engine.language.conditions.grammar import parse_condition
from arazzo_engine.language.conditions.references import read_reference
from arazzo_engine.language.expressions.grammar import ExpressionError, parse_expression, read_expression

IDS: Final = ("find a pet", "s:1", "a.b", "find (one)", "ä")


def _step(named: str) -> dict[str, Any]:
    return {
        "parameters": [{"name": "q", "in": "query", "value": f"$steps.{named}.outputs.id"}],
        "requestBody": {"payload": {"a": f"x {{$steps.{named}.outputs.id#/0}}"}},
    }


@pytest.mark.parametrize("step_id", IDS)
def test_a_step_is_found_by_the_id_that_it_has(step_id: str) -> None:
    before = {"stepId": step_id, "operationId": "op", "outputs": {"id": "$response.body#/id"}}
    told = [("warning", "id-characters")]
    assert codes(validated(_step(step_id), before=before, arazzo="1.0.1")) == told
    findings = validated(_step(step_id), before=before)
    assert codes(findings) == [*told, ("warning", "repaired"), ("warning", "repaired")]
    assert findings[1].fix.startswith(f"rename `{step_id}` to `")
    (unknown,) = {each.code for each in validated(_step(step_id)) if each.is_error}
    assert unknown == "unknown-step"


@pytest.mark.parametrize("step_id", ["find a pet", "s:1", "find (one)"])
@pytest.mark.parametrize(
    ("text", "code"),
    [("{{{{ steps.{}.outputs.id }}}}", "repaired"), ("for ${{{{steps.{}.outputs.id}}}}!", "repaired"),
     ("for {{steps.{}.outputs.id}}", "expression-as-text"), ("for $steps.{}.outputs.id", "expression-as-text")],
)  # fmt: skip
def test_a_text_that_names_its_output_is_read_or_told(step_id: str, text: str, code: str) -> None:
    before = {"stepId": step_id, "operationId": "op", "outputs": {"id": "$response.body#/id"}}
    step = {"requestBody": {"payload": {"a": text.format(step_id)}}}
    told = codes(validated(step, before=before, arazzo="1.0.1"))
    assert sorted(told) == sorted([("warning", "id-characters"), ("warning", code)])


@pytest.mark.parametrize("step_id", ["find a pet", "s:1"])
@pytest.mark.parametrize(
    ("condition", "name", "accessors"),
    [
        ("$steps.{}.outputs.id == 1", "id", ()),
        ("1 == $steps.{}.outputs.id && $statusCode == 200", "id", ()),
        ("($steps.{}.outputs.id)", "id", ()),
        ("$steps.{}.outputs.item.price > 1", "item", ("price",)),
        ("'a {{$steps.{}.outputs.id}}' == $statusCode", "id", ()),
    ],
)
def test_a_condition_has_the_whole_id(step_id: str, condition: str, name: str, accessors: Any) -> None:
    before = {"stepId": step_id, "operationId": "op", "outputs": {name: "$response.body#/id"}}
    step = {"successCriteria": [{"condition": condition.format(step_id)}]}
    assert codes(validated(step, before=before, arazzo="1.0.1")) == [("warning", "id-characters")]
    text = f"$steps.{step_id}.outputs.{'.'.join((name, *accessors))}"
    expression, following = read_reference(text, 0).readings[-1]
    assert (expression.names, following) == ((step_id, "outputs", name), accessors)


def test_what_stands_between_two_expressions_is_no_id() -> None:
    for text in (
        "$steps.a.outputs.x == $steps.b.outputs.y",
        "$inputs.a == 1 && $steps.b.outputs.y",
        "$steps.a.outputs.outputs.x == 1",
    ):
        assert all("==" not in name for reference in _references(text) for name in reference)


def _references(text: str) -> list[tuple[str, ...]]:
    return [expression.names for each in references_in(parse_condition(text).node) for expression, _ in each.readings]


def test_the_shortest_strict_id_goes_first() -> None:
    assert read_expression("$steps.a.outputs.b.outputs.c").names == ("a", "outputs", "b.outputs.c")
    assert read_expression("$steps.a b.outputs.c#/d").names == ("a b", "outputs", "c")


def test_the_grammar_of_1_1_has_strict_ids_only() -> None:
    for text in ("$steps.a b.outputs.c", "$workflows.my flow.outputs.x"):
        with pytest.raises(ExpressionError):
            parse_expression(text)


def test_a_workflow_is_named_the_same_way() -> None:
    assert read_expression("$workflows.my flow.outputs.x").names == ("my flow", "outputs", "x")
    assert read_expression("$workflows.w:1.inputs.x").names == ("w:1", "inputs", "x")
