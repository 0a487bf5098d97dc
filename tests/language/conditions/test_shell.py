"""A test as a shell has it is told as the condition that says the same."""

from __future__ import annotations

import pytest

from arazzo_engine.language.conditions.grammar import is_condition, parse_condition
from arazzo_engine.language.conditions.shell import as_condition
from arazzo_engine.language.expressions.grammar import ExpressionError


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("$response.body#/id -gt 0", "$response.body#/id > 0"),
        ("$statusCode -eq 200", "$statusCode == 200"),
        ("$statusCode -GE 200 -and $statusCode -lt 300", "$statusCode >= 200 && $statusCode < 300"),
        ("[ $statusCode -eq 200 ]", "$statusCode == 200"),
        ('[ "$statusCode" -eq 200 -o "$statusCode" -eq 201 ]', "$statusCode == 200 || $statusCode == 201"),
        ('[[ -n "$response.body#/id" ]]', "($response.body#/id != null && $response.body#/id != '')"),
        ("test -z $response.body#/id", "($response.body#/id == null || $response.body#/id == '')"),
        ('[ "${response.body#/state}" = "it\'s" ]', "$response.body#/state == 'it''s'"),
        ("$response.body#/state -eq 'a -gt b'", "$response.body#/state == 'a -gt b'"),
    ],
)
def test_a_test_of_a_shell_is_told_as_the_condition_to_write(written: str, condition: str) -> None:
    assert is_condition(condition)
    with pytest.raises(ExpressionError) as refusal:
        parse_condition(written)
    assert refusal.value.fix == f"write `{condition}`"


@pytest.mark.parametrize("text", ["$statusCode == 200", "[ -f x ]", "$url -like 'a*'", "$statusCode == '-eq'", "[]"])
def test_what_is_no_test_of_a_shell_or_asks_more_has_no_such_fix(text: str) -> None:
    assert as_condition(text) == ""
