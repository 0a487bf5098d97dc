"""JSONPath of RFC 9535: the nodes it selects, and the work that it may do."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.jsonpath.rfc9535 import Rfc9535

VALUE = {"a": [{"b": 1}, {"b": "x.y"}], "c": {"d": None}}


@pytest.mark.parametrize(
    ("query", "nodes"),
    [
        ("$", [((), VALUE)]),
        ("$.a[-1].b", [(("a", "1", "b"), "x.y")]),
        ("$..d", [(("c", "d"), None)]),
        ("$.a[?match(@.b, 'x.y')].b", [(("a", "1", "b"), "x.y")]),
        ("$.a[?search(@.b, '[.]')].b", [(("a", "1", "b"), "x.y")]),
        ("$.a[?match(@.b, 'x')]", []),
        ("$.a[?match(@.b, '(')]", []),
        ("$.a[?@ == $.a[0]].b", [(("a", "0", "b"), 1)]),
        # RFC 9535, section 2.3.5.1: "[`$`] represents the root node", in a filter within a filter too
        ("$.a[?@[?@ == $.a[0].b]].b", [(("a", "0", "b"), 1)]),
        # RFC 9535, section 2.3.5.2.1: an existence test is "true if ... selects at least one node", whatever its value
        ("$.c[?@]", [(("c", "d"), None)]),
    ],
)
def test_a_query_selects_nodes_with_their_places(query: str, nodes: list[Any]) -> None:
    assert list(Rfc9535(query).nodes(VALUE)) == nodes


@pytest.mark.parametrize("value", [None, False, 0, "", [], {}], ids=repr)
def test_a_node_exists_whatever_its_value_is(value: Any) -> None:
    assert Rfc9535("$[?@]").nodes([value]) == ((("0",), value),)
    assert Rfc9535("$[?!@]").nodes([value]) == ()
    assert Rfc9535("$[?@.a && @['a']]").nodes([{"a": value}]) == ((("0",), {"a": value}),)


def test_a_filter_may_have_many_terms() -> None:
    query = "$[?" + " || ".join(f"@ == {number}" for number in range(100)) + "]"
    assert [value for _, value in Rfc9535(query).nodes([99, 100])] == [99]


@pytest.mark.parametrize(
    ("query", "start"),
    [("$.a != 'x'", 4), ("$.a[", 4), ("$['a','b'", 9), ("$[?none(@)]", 3), ("$[?@.a = 1]", 7)],
)
def test_what_is_wrong_has_a_place(query: str, start: int) -> None:
    with pytest.raises(QueryError) as caught:
        Rfc9535(query)
    assert caught.value.span is not None
    assert caught.value.span[0] == start
    assert caught.value.span[1] > start


@pytest.mark.parametrize(
    "query", ["$[?match(@, 'x') == true]", "$[?count(@)]", "$[?match(@, 'x', 'y')]", "$[?@.* == 1]"]
)
def test_what_is_not_well_typed_is_no_query(query: str) -> None:
    with pytest.raises(QueryError, match="not valid"):
        Rfc9535(query)


def test_a_dot_of_an_i_regexp_matches_the_separators_that_ecma_262_excludes() -> None:
    assert Rfc9535("$[?match(@, '.')]").nodes(["\u2028", "\n", "\r", "x"]) == ((("0",), "\u2028"), (("3",), "x"))


def nested(width: int, depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value] * width
    return value


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("$..*..*..*..*..*", nested(10, 5)),
        ("$[?$[?$[?$[?@.x]]]]", list(range(1_000))),
        ("$[?$ == $]", list(range(10_000))),
        ("$[?$ < $]", list(range(10_000))),
        ("$[?@ == 1 || @ == 2]", list(range(250_000))),
        ("$[?count($..*) > 0]", list(range(10_000))),
    ],
)
def test_a_query_that_looks_at_too_much_is_stopped(query: str, value: Any) -> None:
    with pytest.raises(EvaluationError, match="it looks at too much"):
        Rfc9535(query).nodes(value)


def test_a_value_that_nests_too_deep_is_told() -> None:
    with pytest.raises(EvaluationError, match="too deep"):
        Rfc9535("$..x").nodes(nested(1, 10_000))
    with pytest.raises(EvaluationError):
        Rfc9535("$[?@ == $[0]]").nodes([nested(1, 100_000), nested(1, 100_000)])


@pytest.mark.parametrize("query", ["$" + "[?@" * 2_000 + "]" * 2_000, "$" + "[?(" * 3_000, "$." + "a" * 20_000])
def test_a_hostile_query_is_refused(query: str) -> None:
    with pytest.raises(QueryError):
        Rfc9535(query)


@given(st.text(alphabet="$.[]*?@'\"ab0:,()=<>&|!-\\ ", max_size=25))
def test_no_text_makes_a_query_raise_anything_but_its_own_errors(text: str) -> None:
    with suppress(QueryError, EvaluationError):
        Rfc9535("$" + text).nodes(VALUE)


@pytest.mark.parametrize(
    "text", ["$[?@.n < 1e999]", f"$[?@.n < {'9' * 5000}]", f"$[{'9' * 5000}]", f"$[0:{'9' * 5000}]"]
)
def test_a_number_that_nothing_can_hold_is_no_query(text: str) -> None:
    with pytest.raises(QueryError):
        Rfc9535(text)


@pytest.mark.parametrize(
    ("query", "fix"),
    [
        ("$.a[(@.length-1)]", "write `$.a[-1]`: a negative index counts from the end"),
        ("$..a[( @.length - 2 )].b", "write `$..a[-2].b`: a negative index counts from the end"),
        ("$.a[(@.length)]", ""),
        ("$.a[", ""),
    ],
)
def test_the_last_element_of_the_older_draft_is_told_with_what_to_write(query: str, fix: str) -> None:
    with pytest.raises(QueryError, match="not valid") as refused:
        Rfc9535(query)
    assert refused.value.fix == fix
