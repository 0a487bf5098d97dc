"""An assertion as a test file has it is told as the criterion that says the same."""

from __future__ import annotations

import pytest

from arazzo_engine.language.conditions.grammar import is_condition, parse_condition
from arazzo_engine.language.expressions.grammar import ExpressionError


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ('jsonpath "$.x" == "y"', "$response.body#/x == 'y'"),
        ("jsonpath '$.items[0].count' >= 3", "$response.body#/items/0/count >= 3"),
        ('jsonpath "$.x" != null', "$response.body#/x != null"),
        ('jsonpath "$.x" exists', "$response.body#/x != null"),
        ('jsonpath "$.x" not exists', "$response.body#/x == null"),
        ('jsonpath "$.x" not == "it\'s"', "!($response.body#/x == 'it''s')"),
        ('header "ETag" == "a"', "$response.header.ETag == 'a'"),
        ('jsonpath "$.x" count == 2', "$response.body#/x.length == 2"),
        ("status 201", "$statusCode == 201"),
        ("HTTP 200", "$statusCode == 200"),
        ("HTTP/1.1 404", "$statusCode == 404"),
        ("status code 200", "$statusCode == 200"),
        ("* match response.items[0].id == '#notnull'", "$response.body#/items/0/id != null"),
        ("match response.id != '#notnull'", "$response.body#/id == null"),
        ("Then match response.id == '#notpresent'", "$response.body#/id == null"),
        ("match response.state == 'done'", "$response.body#/state == 'done'"),
        # a word is a member of the body
        ('status == "done"', "$response.body#/status == 'done'"),
    ],
)
def test_an_assertion_is_told_as_a_condition(written: str, condition: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse_condition(written)
    assert raised.value.fix == f"write `{condition}`"
    assert is_condition(condition)


def test_an_assertion_with_a_pattern_is_told_as_a_criterion_of_its_own() -> None:
    with pytest.raises(ExpressionError) as raised:
        parse_condition("jsonpath \"$.x\" matches '^a'")
    assert raised.value.fix == (
        "write a criterion of its own: `context: $response.body#/x`, `type: regex`, `condition: '^a'`"
    )


@pytest.mark.parametrize("written", ['jsonpath "$..x" == 1', 'xpath "//a" == 1', "match response.x == '#string'"])
def test_another_assertion_is_not_written_out(written: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse_condition(written)
    assert "$response" not in raised.value.fix
