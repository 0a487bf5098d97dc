"""What is said of operators and queries of other languages: exactly what to write instead."""

from __future__ import annotations

import pytest

from arazzo_engine.language.conditions.foreign import fix_operator
from arazzo_engine.language.conditions.grammar import parse_condition
from arazzo_engine.language.expressions.grammar import ExpressionError
from arazzo_engine.language.queries.foreign import fix_query

_OWN = "write a criterion of its own: "
_TAGS = (
    "`context: $response.body#/tags`, `type: regex`, `condition: 'new'`; "
    "of a list, `type: jsonpath` and `condition: $[?@ == 'new']`"
)
_IDS = (
    "`context: $response.body#/ids`, `type: regex`, `condition: '3'`; "
    "of a list, `type: jsonpath` and `condition: $[?@ == 3]`"
)
_LOCATION = "`context: $response.header.Location`, `type: regex`, `condition: 'items'`"
OPERATORS = (
    ("$response.body.name matches '^a'", "`context: $response.body#/name`, `type: regex`, `condition: '^a'`"),
    ("$response.body#/a =~ /x[0-9]/i", "`context: $response.body#/a`, `type: regex`, `condition: 'x[0-9]'`"),
    ("$response.body['a b'][0].startsWith('x.')",
     "`context: $response.body#/a b/0`, `type: regex`, `condition: '^x\\.'`"),
    ('endsWith($url, "x")', "`context: $url`, `type: regex`, `condition: 'x$'`"),
    ("$response.header.Location contains /items/", _LOCATION),
    ("$statusCode == 200 && $response.body#/tags contains new", _TAGS),
    ("$response.body#/ids includes 3", _IDS),
    ("!contains($response.body#/a, 'x')",
     "`context: $response.body#/a`, `type: regex`, and a pattern that it matches"),
)  # fmt: skip


@pytest.mark.parametrize(("found", "written"), OPERATORS)
def test_an_operator_that_there_is_not_is_told_with_the_criterion_to_write(found: str, written: str) -> None:
    assert fix_operator(found) == _OWN + written
    with pytest.raises(ExpressionError) as refusal:
        parse_condition(found)
    assert refusal.value.fix == _OWN + written


@pytest.mark.parametrize("text", ["$statusCode == 200", "typeof $url == 'string'", "x" * 5_000])
def test_nothing_is_said_of_other_mistakes(text: str) -> None:
    assert fix_operator(text) == ""


QUERIES = (
    ("items.0.id", "write `$.items[0].id`"),
    ("items.#.id", "write `$.items[*].id`"),
    ("item-s.#", "write `$.item-s[*]`".replace(".item-s", "['item-s']")),
    ('items.#(id=="3").name', "write `$.items[?@.id == '3'].name`"),
    ("items.#(id>3)#.name", "write `$.items[?@.id > 3].name`"),
    ('items.0.id == "x"', "write `$[?$.items[0].id == 'x']`"),
    ("$.items contains 3", "write `$[?search($.items, '3')]`, or of a list `$.items[?@ == 3]`"),
    ("$.name matches '^a'", "write `$[?search($.name, '^a')]`"),
    ("$.[", ""),
    ("x" * 5_000, ""),
)


@pytest.mark.parametrize(("found", "fix"), QUERIES)
def test_a_query_of_another_language_is_told_as_jsonpath_writes_it(found: str, fix: str) -> None:
    assert fix_query(found) == fix
