"""Texts without quotes in a JSONPath: read as texts where nothing else can be meant, else told with both readings."""

from __future__ import annotations

from typing import Any, Final

import pytest

from arazzo_engine.language.queries.foreign import fix_query
from arazzo_engine.language.queries.jsonpath.unquoted import fix_compared
from arazzo_engine.language.repairs.corrections import correct
from arazzo_engine.language.repairs.names import Names
from arazzo_engine.language.repairs.sites import Kind, Site
from arazzo_engine.language.repairs.soundness import is_sound

_NAMES: Final = Names(inputs=frozenset({"wanted"}), steps={"find": frozenset({"all"})})


def _corrected(condition: str, **fields: Any) -> Any:
    found = {"context": "$response.body", "type": "jsonpath", "condition": condition, **fields}
    site = Site(Kind.CRITERION, {name: each for name, each in found.items() if each is not None}, ("x",), _NAMES)
    written, made = correct(site)
    assert not made or not is_sound(site)
    return written


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ("$[?@.state == open]", "$[?@.state == 'open']"),
        ("$[?(@.state == open)]", "$[?(@.state == 'open')]"),
        ("$.items[?@.state == No such thing].id", "$.items[?@.state == 'No such thing'].id"),
        ("$[?@.state == open && @.count == 3]", "$[?@.state == 'open' && @.count == 3]"),
        ("$[?@.least == -3 && @.day != 2026-02-03]", "$[?@.least == -3 && @.day != '2026-02-03']"),
        ("$.state == No such thing", "$[?$.state == 'No such thing']"),
        ("$.items[?@.state == open].length > 0", "$.items[?@.state == 'open']"),
        # with the operators of another language beside them
        ("$[?@.state == open and @.kind = b]", "$[?@.state == 'open' && @.kind == 'b']"),
        ("$.items[?@.state equals open AND @.n gt 3] != []", "$.items[?@.state == 'open' && @.n > 3]"),
        ("$.count = 3 and $.state === open", "$[?$.count == 3 && $.state == 'open']"),
    ],
)
def test_a_text_without_quotes_in_a_query_is_a_text(found: str, written: str) -> None:
    assert _corrected(found)["condition"] == written
    assert _corrected(written)["condition"] == written


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ("#/state == No such thing", "$response.body#/state == 'No such thing'"),
        ("$.state != No such thing", "$response.body#/state != 'No such thing'"),
        ("#/state == open && #/kind != b c", "$response.body#/state == 'open' && $response.body#/kind != 'b c'"),
    ],
)
def test_a_comparison_that_no_filter_says_is_a_simple_condition_with_its_texts_in_quotes(
    found: str, written: str
) -> None:
    assert _corrected(found) == {"condition": written}


def test_a_query_without_its_type_has_its_texts_in_quotes_too() -> None:
    assert _corrected("$.items[?@.state == open]", type=None)["condition"] == "$.items[?@.state == 'open']"


def test_a_selector_has_its_texts_in_quotes() -> None:
    selector = {"context": "$steps.find.outputs.all", "selector": "$[?@.state == on hold].id", "type": "jsonpath"}
    site = Site(Kind.SELECTOR, selector, ("x",), _NAMES)
    assert not is_sound(site)
    assert correct(site)[0] == {**selector, "selector": "$[?@.state == 'on hold'].id"}


@pytest.mark.parametrize(
    "condition",
    [
        "$[?@.state == None]",
        "$[?@.state == True]",
        "$[?@.state == not there]",
        # the name of an input
        "$[?@.state == wanted]",
        "$[?@.state == length(b)]",
        "$[?@.state == a, b]",
        "$[?@.state == open",
    ],
)
def test_what_may_be_something_else_than_a_text_is_left_alone(condition: str) -> None:
    assert _corrected(condition)["condition"] == condition


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("$[?@.state == None]", "write `null` where no value is meant, and `'None'` where a text is"),
        ("$[?@.state == TRUE]", "write `true` where that is meant, and `'TRUE'` where a text is"),
        ("$[?@.a == 'None' && @.state == wanted]", "write `'wanted'` where a text is meant"),
        ("$[?@.state == null]", ""),
    ],
)
def test_the_fix_names_each_thing_that_may_be_meant(text: str, fix: str) -> None:
    assert fix_compared(text) == fix


def test_a_fix_for_a_condition_in_the_place_of_a_query_has_its_text_in_quotes() -> None:
    assert fix_query("state == gone") == "write `$[?$.state == 'gone']`"
    assert fix_query("state == None") == "write `null` where no value is meant, and `'None'` where a text is"


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("$[?@.state contains 'a.b']", "write `search(@.state, 'a[.]b')`, or of a list `@.state[?@ == 'a.b']`"),
        ("$[?contains(@.state, 'paid')]", "write `search(@.state, 'paid')`, or of a list `@.state[?@ == 'paid']`"),
        ("$[?@.state matches '^paid$']", "write `match(@.state, 'paid')`"),
        ("$[?@.state =~ /due$/i]", "write `match(@.state, '.*due')`, whose patterns have no flags"),
        ("$[?@.state =~ /due/]", "write `search(@.state, 'due')`"),
        ("$[?@.state ~~ 'due']", ""),
    ],
)
def test_the_fix_of_what_a_filter_searches_is_a_function_of_jsonpath(text: str, fix: str) -> None:
    assert fix_query(text) == fix


_TYPED: Final = Names(
    inputs=frozenset({"id", "name", "any"}), numbers=frozenset({"id"}), texts=frozenset({"name"}), steps={}
)
_ONE_OF_ID: Final = "$[?count($[?@.id == {$inputs.id}]) == 1]"


def _counted(condition: str) -> Any:
    return correct(Site(Kind.CRITERION, {"condition": condition}, ("x",), _TYPED))[0]


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ("count($response.body#[?@.id == $inputs.id]) == 1", _ONE_OF_ID),
        ("length($response.body[?@.id == $inputs.id]) == 1", _ONE_OF_ID),
        ("size($response.body#[?@.id == {$inputs.id}])==1", _ONE_OF_ID),
        ("$response.body[?@.id == $inputs.id].length == 1", _ONE_OF_ID),
        ("count($response.body.items[?(@.n == $inputs.name)]) > 0", "$.items[?(@.n == '{$inputs.name}')]"),
        ("count($response.body[?@.id == 1]) >= 2", "$[?count($[?@.id == 1]) >= 2]"),
    ],
)
def test_what_a_filter_selects_is_counted_in_a_query(found: str, written: str) -> None:
    assert {"type": "jsonpath", "context": "$response.body", "condition": written} == {
        name: " ".join(each.split()) for name, each in _counted(found).items()
    }


def test_a_pointer_before_a_filter_is_of_the_context() -> None:
    found = _counted("count($response.body#/items[?@.id == 1]) > 0")
    assert found == {"context": "$response.body#/items", "type": "jsonpath", "condition": "$[?@.id == 1]"}


@pytest.mark.parametrize("query", ["#[?@.id == $inputs.any]) == 1", "[?@.id == 1])"])
def test_what_may_be_a_text_or_a_number_or_counts_for_nothing_is_left_alone(query: str) -> None:
    found = f"count($response.body{query}"
    assert _counted(found) == {"condition": found}
