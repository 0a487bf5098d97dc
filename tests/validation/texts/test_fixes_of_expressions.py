"""What an expression that has no value is to be replaced by leads to no other error."""

from __future__ import annotations

import pytest
from validated import validated

_QUERY = {"name": "code", "in": "query", "value": "c"}


@pytest.mark.parametrize(
    ("parameters", "fix"),
    [
        ([_QUERY], "write `$request.query.code`, which is what was sent"),
        ([], "read it from a header or the body of the answer"),
    ],
)
def test_a_query_of_an_answer_is_that_of_the_request_where_it_is_sent(parameters: list[object], fix: str) -> None:
    found = validated({"parameters": parameters, "outputs": {"c": "$response.query.code"}})
    assert [each.fix for each in found if each.code == "expression-unavailable"] == [fix]


def test_an_expression_that_is_written_as_it_should_be_is_not_told() -> None:
    selector = {"context": "$steps.find.outputs.id", "selector": "$.['{$inputs.sku}']", "type": "jsonpath"}
    found = validated({"outputs": {"x": selector}})
    assert [each.code for each in found] == ["invalid-query"]


def test_an_output_that_is_named_as_a_step_is_that_of_its_step() -> None:
    found = validated({"parameters": [{"name": "q", "in": "query", "value": "$steps.id"}]})
    assert [(each.code, each.fix) for each in found] == [("repaired", "write `$steps.find.outputs.id`")]


def test_of_two_outputs_of_a_name_none_is_meant() -> None:
    outputs = {"id": "$response.body#/id"}
    found = validated({"outputs": outputs}, workflow={"outputs": {"x": "$steps.id"}})
    assert [each.code for each in found] == ["invalid-expression"]
