"""JSONPath of the draft that some documents name: the nodes it selects, and what is no part of it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.jsonpath.draft import GoessnerDraft

VALUE = {"books": [{"price": 8, "title": "a'b"}, {"price": 12, "isbn": "1"}], "x y": {"deep": 1}}


@pytest.mark.parametrize(
    ("query", "nodes"),
    [
        ("$", [((), VALUE)]),
        ("$.books[0].title", [(("books", "0", "title"), "a'b")]),
        ("$['x y'].deep", [(("x y", "deep"), 1)]),
        ("$..deep", [(("x y", "deep"), 1)]),
        ("$.books[-1:].isbn", [(("books", "1", "isbn"), "1")]),
        ("$.books[?(@.price<10)].price", [(("books", "0", "price"), 8)]),
        ("$.books[?(@.isbn)].price", [(("books", "1", "price"), 12)]),
        (r"$.books[?(@.title=='a\'b')].price", [(("books", "0", "price"), 8)]),
        ("$..books[0,1].price", [(("books", "0", "price"), 8), (("books", "1", "price"), 12)]),
        ("$.books[?(@.price==$.books[1].price)].isbn", [(("books", "1", "isbn"), "1")]),
        ("$.nothing", []),
    ],
)
def test_a_query_selects_nodes_with_their_places(query: str, nodes: list[Any]) -> None:
    assert list(GoessnerDraft(query).nodes(VALUE)) == nodes


@pytest.mark.parametrize(
    "query",
    [
        "books",
        "$.books[",
        "$.books[(@.length)]",
        "$.books[(@.length/2)]",
        "$.books[?(title)]",
        "$.books[?(true)]",
        "$.books[?(@.title && 1 == 1)]",
        "$.`len`",
        "$.a + $.b",
        "$.books where title",
        "$.books[?(@.title =~ '(a+)+$')]",
        "$.`sub(/(a+)+$/, b)`",
        "$." + "a" * 20_000,
        "$" + ".a" * 4_000,
    ],
)
def test_what_is_no_part_of_the_draft_is_refused(query: str) -> None:
    with pytest.raises(QueryError):
        GoessnerDraft(query)


def test_a_script_expression_that_is_not_read_is_told_with_one_that_is() -> None:
    with pytest.raises(QueryError) as refused:
        GoessnerDraft("$.books[(@.length/2)]")
    assert refused.value.fix == "of script expressions, write `[(@.length-1)]` or a filter `[?(@.a > 1)]`"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("$.a[(@.length-1)]", [(("a", "2"), [3])]),
        ("$.a[(@.length - 2)]", [(("a", "1"), 2)]),
        ("$.a[(@['length']-3)]", [(("a", "0"), 1)]),
        ("$.a[(@.length-4)]", []),
        ("$..a[(@.length-1)]", [(("a", "2"), [3])]),
        ("$.o[(@.length-1)]", []),
        ("$.a[-1]", [(("a", "2"), [3])]),
        ("$['[(@.length-1)]']", [(("[(@.length-1)]",), "named")]),
        ("$.lists[?(@.items.length > 1)].n", [(("lists", "1", "n"), 2)]),
        ("$.lists[?(@.n.length == 1)].n", []),
    ],
)
def test_the_length_of_a_list_is_what_the_scripts_of_the_draft_make_of_it(query: str, found: Any) -> None:
    value = {
        "a": [1, 2, [3]],
        "o": {"length": 1, "0": 5},
        "[(@.length-1)]": "named",
        "lists": [{"items": [1], "n": 1}, {"items": [1, 2], "n": 2}],
    }
    assert list(GoessnerDraft(query).nodes(value)) == found


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("$..*..*..*..*..*..*", {"a": [[[[[1] * 8] * 8] * 8] * 8] * 8}),
        ("$[?(@==$)]", [[list(range(1_000))] * 10] * 1_000),
        ("$..[?(@.x)]..[?(@.x)]..[?(@.x)]", [[{"x": [{"x": 1}] * 30}] * 30] * 30),
    ],
)
def test_a_query_that_looks_at_too_much_is_stopped(query: str, value: Any) -> None:
    with pytest.raises(EvaluationError, match="it looks at too much"):
        GoessnerDraft(query).nodes(value)


@given(st.text(alphabet="$.[]*?@'\"ab0:,()=<>&|!-\\` ", max_size=25))
def test_no_text_makes_a_query_raise_anything_but_its_own_errors(text: str) -> None:
    with suppress(QueryError, EvaluationError):
        GoessnerDraft("$" + text).nodes(VALUE)
