"""What a JSONPath asks of a value, read from its text."""

from __future__ import annotations

import pytest

from arazzo_engine.language.queries.compiling import compile_query
from arazzo_engine.language.queries.expression_types import RFC9535, ExpressionType, Language
from arazzo_engine.simulation.queries.jsonpath import LACKS, Demand, demands_of_query, denials_of_query


@pytest.mark.parametrize(
    ("query", "demands"),
    [
        ("$", [Demand(())]),
        ("$.a.b", [Demand(("a", "b"))]),
        ("$['a b'][\"c\"]", [Demand(("a b", "c"))]),
        ("$[2].id", [Demand(("2", "id"))]),
        ("$[-1].id", [Demand(("0", "id"))]),
        ("$.items[*].id", [Demand(("items", "0", "id"))]),
        ("$.items[0:2]", [Demand(("items", "0"))]),
        ("$[?@.state == 'ok'].id", [Demand(("0", "state"), "==", "ok"), Demand(("0", "id"))]),
        ("$[?(@.n > 3 && @.ok)]", [Demand(("0", "n"), ">", 3), Demand(("0", "ok")), Demand(("0",))]),
        ('$[?$.state != "ok"]', [Demand(("state",), "!=", "ok"), Demand(("0",))]),
        ("$[?3 <= @.n]", [Demand(("0", "n"), ">=", 3), Demand(("0",))]),
        ("$[?@.a || @.b]", [Demand(("0", "a")), Demand(("0",))]),
        ("$[?!@.a]", [Demand(("0", "a"), LACKS), Demand(("0",))]),
        ("$[?!(@.a == 'b' && @.c)]", [Demand(("0", "a"), "!=", "b"), Demand(("0",))]),
        ("$[?length($.a) >= 2]", [Demand(("a",), ">=", 2, "length"), Demand(("0",))]),
        ("$[?match(@.a, 'x.*')]", [Demand(("0", "a"), "==", "x.*", "match"), Demand(("0",))]),
        (
            "$[?count($.a[*].b) > 1]",
            [
                Demand(("a",), "==", 2, "length"),
                *(Demand(("a", index, "b")) for index in "01"),
                Demand(("0",)),
            ],
        ),
        (
            "$[?count($.a[?@.b == 1]) == 1]",
            [Demand(("a",), "==", 1, "length"), Demand(("a", "0", "b"), "==", 1), Demand(("a", "0")), Demand(("0",))],
        ),
        ("$.a[?@ == null]", [Demand(("a", "0"), "==", None, "node"), Demand(("a", "0"))]),
        ("$..a", [Demand(("..", "a"))]),
        ("$..*", [Demand(("..", "0"))]),
        ("$.a..[?@.b]['c']", [Demand(("a", "..", "0", "b")), Demand(("a", "..", "0", "c"))]),
        ("$.a[3:5].b", [Demand(("a", "3", "b"))]),
        ("$.a[1, 2]['b', \"c\"]", [Demand(("a", "1", "b"))]),
    ],
)
def test_a_query_is_read(query: str, demands: list[Demand]) -> None:
    assert demands_of_query(query) == tuple(demands)
    compile_query(ExpressionType(Language.JSONPATH, RFC9535), query)


@pytest.mark.parametrize(
    "query",
    ["$...a", "$..", "$.a + 1", "a.b", "$[?@.a == @.b]", "$[?length(@) > @.n]", "$[?count($[*]) > 'a']", "$.a["],
)
def test_a_query_of_another_form_is_not_guessed_at(query: str) -> None:
    assert demands_of_query(query) is None


@pytest.mark.parametrize(
    ("query", "demands"),
    [
        ("$.a.b", [Demand(("a", "b"), LACKS)]),
        ("$.a[*]", [Demand(("a",), "==", 0, "length")]),
        ("$[?@.a == 'b']", [Demand(("0", "a"), "!=", "b")]),
        ("$[?length($.a) > 0]", [Demand(("a",), "<=", 0, "length")]),
        ("$[?count($.a[*]) > 0]", [Demand(("a",), "==", 0, "length")]),
        ("$[?@.a || @.b]", [Demand(("0", "a"), LACKS), Demand(("0", "b"), LACKS)]),
        ("$", []),
        ("$..a", []),
    ],
)
def test_a_query_is_denied(query: str, demands: list[Demand]) -> None:
    assert denials_of_query(query) == tuple(demands)
