"""Conditions of the engine's own: whole values compared as JSON compares them, media types as such, and counts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from arazzo_engine.language.conditions.condition import judge
from arazzo_engine.language.conditions.grammar import (
    is_condition,
    is_own_condition,
    parse_condition,
    parse_own_condition,
)
from arazzo_engine.language.expressions.scope import Scope
from arazzo_engine.language.messages.exchange import Response


def _scope(body: Any = None, content_type: str = "application/json") -> Scope:
    return Scope(
        response=Response(200, (("Content-Type", content_type),), json.dumps(body).encode()), inputs={"list": [1, 2, 3]}
    )


def _holds(text: str, scope: Scope) -> bool:
    return judge(parse_own_condition(text), scope).passed


WHOLE: tuple[tuple[str, Any, bool], ...] = (
    ('$response.body == {"a": [1]}', {"a": [1]}, True),
    ('$response.body == {"a": [1]}', {"a": [1.0]}, True),
    ('$response.body == {"a": [1]}', {"a": [1], "b": 2}, False),
    ('$response.body == {"a": [1]}', {"a": ["1"]}, False),
    ('$response.body == {"a": [1]}', {"a": [True]}, False),
    ('$response.body == {"a": "X"}', {"a": "x"}, False),
    ('$response.body == {"a": null}', {}, False),
    ('$response.body == {"b": 1, "a": 2}', {"a": 2, "b": 1}, True),
    ("$response.body == {}", {}, True),
    ("$response.body == {}", [], False),
    ("$response.body == []", [], True),
    ("$response.body == []", {}, False),
    ("$response.body != []", [1], True),
    ("$response.body#/gone == []", {}, False),
    ('$response.body == {"a": {}, "b": []}', {"a": {}, "b": []}, True),
    ('$response.body == {"a": {}, "b": []}', {"a": [], "b": {}}, False),
    ('$statusCode == 200 && ["a", "b"] == $response.body', ["a", "b"], True),
    ('$response.body == {"t": "\\u003cb\\u003e"}', {"t": "<b>"}, True),
)


@pytest.mark.parametrize(("text", "body", "passed"), WHOLE)
def test_a_whole_value_is_compared_as_json_compares_it(text: str, body: Any, passed: bool) -> None:
    assert _holds(text, _scope(body)) is passed
    assert not is_condition(text)


def test_where_two_values_differ_is_told_and_nothing_that_is_long() -> None:
    judgement = judge(parse_own_condition('$response.body == {"a": [1, {"b": "x"}]}'), _scope({"a": [1, {"b": "y"}]}))
    assert judgement.explanation == "<object of 1 member> == <object of 1 member>: at `/a/1/b`, 'y' is not 'x'"


def test_an_order_of_whole_values_cannot_be_evaluated() -> None:
    assert not _holds("$response.body < [1]", _scope([0]))


MEDIA_TYPES = (
    ("== 'application/json'", "application/json; charset=utf-8", True),
    ("== 'Application/JSON'", "application/json", True),
    ("!= 'application/json'", "application/json; charset=utf-8", False),
    ("!= 'application/json'", "application/problem+json", True),
    ("== 'application/json; charset=utf-8'", "application/json;charset=UTF-8", True),
    ("== 'application/json; charset=utf-8'", "application/json", True),
    ("== 'application/json; charset=utf-8'", "application/json; charset=latin-1", False),
)


@pytest.mark.parametrize(("rest", "sent", "passed"), MEDIA_TYPES)
def test_a_media_type_is_compared_as_one(rest: str, sent: str, passed: bool) -> None:
    assert _holds(f"$response.header.content-type {rest}", _scope(content_type=sent)) is passed


def test_a_condition_of_the_specification_compares_the_whole_header() -> None:
    condition = parse_condition("$response.header.Content-Type == 'application/json'")
    assert not judge(condition, _scope(content_type="application/json; charset=utf-8")).passed


COUNTS: tuple[tuple[str, Any, bool], ...] = (
    ("$response.body.length == 2", [1, 2], True),
    ("$response.body.items.length > 0", {"items": []}, False),
    ("$response.body.items.length == 0", {"items": []}, True),
    ("$response.body#/items/length == 2", {"items": [1, 2]}, True),
    ("$response.body#/items.length == 2", {"items": [1, 2]}, True),
    ("$response.body.track.length == 9", {"track": {"length": 9}}, True),
    ("$response.body.name.length == 3", {"name": "abc"}, True),
    ("$response.body.gone.length == null", {}, True),
    ("$inputs.list.length == 3", None, True),
    ("$inputs.list.length", None, True),
)


@pytest.mark.parametrize(("text", "body", "passed"), COUNTS)
def test_length_counts_what_has_no_member_of_that_name(text: str, body: Any, passed: bool) -> None:
    assert _holds(text, _scope(body)) is passed


def test_a_condition_of_the_specification_counts_nothing() -> None:
    assert not judge(parse_condition("$response.body.length == 2"), _scope([1, 2])).passed


@pytest.mark.parametrize(
    "text", ["$response.body == {", "$response.body == [1,]", "{} {}", "$response.body == {a: 1}", "[NaN]"]
)
def test_what_is_no_json_is_no_condition(text: str) -> None:
    assert not is_own_condition(text)
