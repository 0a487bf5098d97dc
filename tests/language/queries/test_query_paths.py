"""What a JSONPath asks of a value, read from its text."""

from __future__ import annotations

import pytest

from arazzo_engine.language.queries.compiling import compile_query
from arazzo_engine.language.queries.expression_types import RFC9535, ExpressionType, Language
from arazzo_engine.language.queries.jsonpath.query_paths import Demand, demands_of_query


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
        ('$[?$.state != "ok"]', [Demand(("state",), "!=", "ok"), Demand(("state",))]),
        ("$[?3 <= @.n]", [Demand(("0", "n"), ">=", 3), Demand(("0",))]),
        ("$[?length($.a) == 2]", [Demand(("a",), "==", 2, counts=True), Demand(("a",))]),
        ("$[?0 < count(@.a[*])]", [Demand(("0", "a"), ">", 0, counts=True), Demand(("0",))]),
        ("$.a[?@ == null]", [Demand(("a", "0"), "==", None), Demand(("a", "0"))]),
    ],
)
def test_a_query_is_read(query: str, demands: list[Demand]) -> None:
    assert demands_of_query(query) == tuple(demands)
    compile_query(ExpressionType(Language.JSONPATH, RFC9535), query)


@pytest.mark.parametrize(
    "query", ["$..a", "$.a + 1", "a.b", "$[?@.a == @.b]", "$[?value(@.a) > 1]", "$[?@.a || @.b]", "$.a["]
)
def test_a_query_of_another_form_is_not_guessed_at(query: str) -> None:
    assert demands_of_query(query) is None
