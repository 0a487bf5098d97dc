"""The grammar of simple conditions, what they mean, and how they are explained."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arazzo_engine.language.conditions.comparison import EvaluationError, equals
from arazzo_engine.language.conditions.condition import (
    And,
    Comparison,
    Condition,
    LiteralValue,
    Node,
    Not,
    Or,
    Reference,
    TextWithValues,
    judge,
)
from arazzo_engine.language.conditions.grammar import parse_condition
from arazzo_engine.language.conditions.judgements import quoted
from arazzo_engine.language.expressions.grammar import ExpressionError
from arazzo_engine.language.expressions.scope import Scope
from arazzo_engine.language.messages.exchange import Response

_BODY = (
    b'{"n": "5", "zero": 0, "none": null, "ok": true, "text": "Done", "items": [{"id": 3}], "a.b": 1,'
    b' "big": 9007199254740993}'
)
SCOPE = Scope(
    inputs={"limit": 10, "a.b": {"c": 1}, "a": {"b": 2}, "odd name": 1, "include[]": 7},
    steps={"s": {"o": [{"y": 3}], "o.p": 4}},
    response=Response(402, (("Content-Type", "application/json"),), _BODY),
)


@pytest.mark.parametrize(
    ("condition", "passed", "explanation"),
    [
        ("$statusCode == 402", True, "402 == 402"),
        ("$statusCode == 200", False, "402 == 200"),
        ("$statusCode != 200 && $inputs.limit >= 10", True, "402 != 200 && 10 >= 10"),
        ("$statusCode == 200 || $inputs.limit > 10", False, "402 == 200 || 10 > 10"),
        ("!($statusCode == 200)", True, "!(402 == 200)"),
        ("$response.body.text == 'DONE'", True, "'Done' == 'DONE'"),
        ("$response.body#/text == 'done'", True, "'Done' == 'done'"),
        ("$response.body#/n == 5", True, "'5' == 5"),
        ("$response.body#/n < 10", True, "'5' < 10"),
        ("$response.body#/n < '10'", True, "'5' < '10'"),
        ("$response.body.items[0].id == 3", True, "3 == 3"),
        ("$response.body['items'][0]['id'] == 3", True, "3 == 3"),
        ("$response.body.items[1] == null", True, "absent == null"),
        ("$response.body.nope == null", True, "absent == null"),
        ("$response.body.nope != null", False, "absent != null"),
        ("$response.body.none == null", True, "null == null"),
        ("$response.body.text != null", True, "'Done' != null"),
        ("$response.body.zero", False, "0"),
        ("$response.body.none", False, "null"),
        ("$response.body.nope", False, "absent"),
        ("$response.body.items", True, "<array of 1 element>"),
        ("''", False, "''"),
        ("true && !false", True, "true && !false"),
        ("$response.body.ok == true", True, "true == true"),
        ("$response.body.ok == 1", False, "true == 1"),
        ("$response.body.ok == 'true'", False, "true == 'true'"),
        ("$response.body.big == 9007199254740993", True, "9007199254740993 == 9007199254740993"),
        ("$response.body.big == 9007199254740992", False, "9007199254740993 == 9007199254740992"),
        ("$inputs.a.b.c == 1", True, "1 == 1"),
        ("$inputs.a.b == 2", False, "<object of 1 member> == 2"),
        ("$inputs.include[] == 7", True, "7 == 7"),
        ("$steps.s.outputs.o[0].y == 3", True, "3 == 3"),
        ("$steps.s.outputs.o.p == 4", True, "4 == 4"),
        ("'it''s' == 'IT''S'", True, "'it''s' == 'IT''S'"),
        ("1.50 == 1.5 && -1 < 0 && 1e2 == 100", True, "1.5 == 1.5 && -1 < 0 && 100.0 == 100"),
        ("$response.header.Content-Type=='application/json'", True, "'application/json' == 'application/json'"),
        ("(1 == 1 || 1 == 2) && 1 == 3", False, "(1 == 1 || 1 == 2) && 1 == 3"),
        ("1 == 1 || 1 == 2 && 1 == 3", True, "1 == 1 || 1 == 2 && 1 == 3"),
    ],
)
def test_a_condition_is_judged_and_explained(condition: str, passed: bool, explanation: str) -> None:
    judgement = judge(parse_condition(condition), SCOPE)
    assert (judgement.passed, judgement.explanation) == (passed, explanation)


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("$steps.never.outputs.x == null", "belongs to something that has not run"),
        ("$response.body.items < 3", "compares two numbers or two strings, not an array with a number"),
        ("null < 3", "not null with a number"),
        ("$response.body.text < 3", "not a string with a number"),
        ("true > false", "not a boolean with a boolean"),
    ],
)
def test_what_cannot_be_evaluated_fails_and_says_why(condition: str, reason: str) -> None:
    judgement = judge(parse_condition(condition), SCOPE)
    assert not judgement.passed
    assert reason in judgement.explanation


@pytest.mark.parametrize(
    ("condition", "fix"),
    [
        ("$statusCode = 200", "write `==`"),
        ("$statusCode === 200", "write `==`"),
        ("$statusCode == 200 and true", "write `&&`"),
        ("$statusCode == 200 & true", "write `&&`"),
        ("1 < 2 < 3", "join comparisons with `&&`"),
        ('$response.body#/a == "x"', "write `'x'`"),
        *(
            (f"{word} == {value}", f"write the expression of what is compared: `$statusCode`, `{part}` or another one")
            for word, value, part in (
                ("state", "'open'", "$response.body#/state"),
                ("a.b", "3", "$response.body#/a/b"),
                ("response.data.id", "true", "$response.body#/data/id"),
            )
        ),
        ("responseStatus == 'NEW'", "write `$statusCode`"),
        ("none", "write `$… == null` if nothing should be there, `$… == 'none'` if this text"),
        ("$response.body#/a == none", "write `null` if nothing should be there, `'none'` if this text"),
        ("$response.body#/a >= .8", "write `0.8`"),
        ("-.5 < $response.body#/a", "write `-0.5`"),
        ("$response.body#/a == 1.2.3", "put it in single quotes: `'1.2.3'`"),
        ("pm.response.code === 200", "write `$statusCode == 200`"),
        ("r.status == 200", "write `$statusCode == 200`"),
        ("200 == r.status", "write `$statusCode`"),
        (
            *("'done' == r.body.state",),
            "write the expression of what is compared: `$statusCode`, `$response.body#/state` or another one",
        ),
        ("$steps.s.outputs.a-1 == done", "put it in single quotes: `'done'`"),
        ("done == $response.body#/a", "put it in single quotes: `'done'`"),
        ("$response.body#/a == done", "put it in single quotes: `'done'`"),
        # in quotes it is compared as it is
        (
            "$response.body#/a == {{done}}",
            "write the expression of what is compared: `$statusCode`, `$response.body#/<part>` or another one",
        ),
        ("$response.body#/a == 2025-04-14", "put it in single quotes: `'2025-04-14'`"),
        ("$response.body#/a == Berlin Hauptbahnhof", "put it in single quotes: `'Berlin Hauptbahnhof'`"),
        ("$response.body#/a != 12 Station Road", "put it in single quotes: `'12 Station Road'`"),
        ("$response.body#/a == <value>", "put it in single quotes: `'<value>'`"),
        ("$response.body#/a == red, blue", "put it in single quotes: `'red, blue'`"),
        (
            "$response.body#/a == Bed and Breakfast",
            "put it in single quotes: `'Bed and Breakfast'`, or join comparisons with `&&` or `||`",
        ),
        (
            "$response.body#/a == /items/",
            (
                "put it in single quotes: `'/items/'`,"
                " or give a pattern a criterion of its own, with a `context` and `type: regex`"
            ),
        ),
        ("$response.body#/a == 1 + 2", "compare values as they are: a condition has no arithmetic"),
        ("$response.body.a.every(x)", "compare values as they are: there are no functions"),
        ("inputs.unknown == 1", "write `$inputs.unknown`"),
        (
            "$statusCode >= 2XX",
            "write a range as two comparisons, such as `$statusCode >= 200 && $statusCode < 300`",
        ),
        (
            "$statusCode in 200..299",
            (
                "write a range as two comparisons, such as `$statusCode >= 200 && $statusCode < 300`,"
                " and a list of values as several with `||`"
            ),
        ),
        (
            "$statusCode == 200-299",
            (
                "write a range as two comparisons, such as `$statusCode >= 200 && $statusCode < 300`,"
                " and a list of values as several with `||`"
            ),
        ),
        ("{$statusCode} == 200", "leave out the braces: a simple condition names expressions directly"),
        ("$status == 200", "did you mean `$statusCode`?"),
        ("True", "write `true`"),
        ("(1 == 1", "add `)`"),
        ("'abc", "add `'`"),
        ("1 ==", "add a value"),
        ("", "add a value"),
        (
            "__import__('os')",
            "compare expressions and literals by `==`, `!=`, `<`, `<=`, `>` or `>=`: there are no functions",
        ),
        ("(" * 60 + "1" + ")" * 60, "split it into several criteria"),
    ],
)
def test_what_is_no_condition_is_told_with_what_to_write(condition: str, fix: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse_condition(condition)
    assert refused.value.fix == fix


def test_ten_thousand_operands_are_judged() -> None:
    assert judge(parse_condition(" && ".join(["1 == 1"] * 10_000)), SCOPE).passed


def test_objects_are_compared_in_depth_and_true_is_not_one() -> None:
    assert equals({"a": [1, {"b": "X"}]}, {"a": [1.0, {"b": "x"}]})
    assert not equals({"a": [1]}, {"a": [True]})
    assert not equals([1, 2], [1])
    assert not equals({"a": 1}, {"b": 1})
    assert not equals(None, 0)


_LITERALS = st.one_of(st.none(), st.booleans(), st.integers(), st.text()).map(LiteralValue)
_REFERENCES = st.sampled_from(
    ["$statusCode", "$inputs.limit", "$response.body.items[0]", "$steps.s.outputs.o", "'it''s {$inputs.limit}'"]
).map(lambda text: parse_condition(text).node)


def _compound(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, min_size=2, max_size=3).map(tuple)
    signs = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    return st.one_of(nodes.map(Not), st.builds(Comparison, signs, nodes, nodes), several.map(And), several.map(Or))


def _written(node: Node) -> str:
    match node:
        case LiteralValue(value=value):
            return quoted(value) if isinstance(value, str) else json.dumps(value)
        case TextWithValues():
            parts = (quoted(part)[1:-1] if isinstance(part, str) else f"{{{part.text}}}" for part in node.parts)
            return f"'{''.join(parts)}'"
        case Reference():
            return node.text
        case Not():
            return f"!({_written(node.operand)})"
        case Comparison():
            return f"({_written(node.left)}) {node.operator} ({_written(node.right)})"
        case And() | Or():
            sign = " && " if isinstance(node, And) else " || "
            return sign.join(f"({_written(operand)})" for operand in node.operands)


@given(st.recursive(_LITERALS | _REFERENCES, _compound, max_leaves=8))
def test_a_condition_that_is_written_and_parsed_is_the_same(node: Node) -> None:
    assert parse_condition(_written(node)).node == node


EMBEDDED = (
    ("$inputs.name == 'user-{$inputs.limit}'", False, "'Ann' == 'user-10'"),
    ("'{$inputs.limit}' == '10'", True, "'10' == '10'"),
    ("'it''s {$inputs.name}' == 'it''s Ann'", True, "'it''s Ann' == 'it''s Ann'"),
    ("'{$response.body#/items}' == '[{\"id\":3}]'", True, "'<array of 1 element>' == "),
    ("'{$5}' == '{$5}'", True, "'{$5}' == '{$5}'"),
)


@pytest.mark.parametrize(("text", "passed", "explanation"), EMBEDDED)
def test_an_expression_in_braces_within_a_string_is_its_value(text: str, passed: bool, explanation: str) -> None:
    scope = Scope(inputs={"name": "Ann", "limit": 10}, response=SCOPE.response)
    judgement = judge(parse_condition(text), scope)
    assert judgement.passed is passed
    assert explanation in judgement.explanation


def test_a_text_with_a_hole_in_it_is_compared_with_nothing() -> None:
    judgement = judge(parse_condition("'a-{$inputs.nothing}' == 'a-'"), SCOPE)
    assert not judgement.passed
    assert "`$inputs.nothing` is absent" in judgement.explanation


@pytest.mark.parametrize(
    ("text", "start"), [("$statusCode == 'a-{$inputs limit}'", 26), ("'{$response.bdy}' == 1", 11)]
)
def test_what_does_not_parse_in_the_braces_of_a_string_is_told_at_its_place(text: str, start: int) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse_condition(text)
    assert raised.value.start == start


@given(st.recursive(_LITERALS, _compound, max_leaves=8))
def test_a_condition_without_expressions_is_explained_by_itself(node: Node) -> None:
    with suppress(EvaluationError):
        Condition("", node).evaluate(SCOPE)
        assert parse_condition(judge(Condition("", node), SCOPE).explanation).node == node


@given(st.text() | st.text("$statusCode=!<>&|()'\" 0123.[]"))
def test_no_text_makes_the_parser_raise_anything_but_its_own_error(text: str) -> None:
    with suppress(ExpressionError):
        judge(parse_condition(text), SCOPE)


@pytest.mark.parametrize(
    ("condition", "fix"),
    [('"a" == "b"', "write `'a'`"), (r'"x\" == y" == "z"', "write `'x\" == y'`"), ('"it\'s" == 1', "write `'it''s'`")],
)
def test_a_string_in_double_quotes_is_told_whole_with_the_one_in_single_quotes(condition: str, fix: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_condition(condition)
    assert (caught.value.start, caught.value.fix) == (0, fix)
