"""Why a criterion failed, in words: what it met, what it wanted, and what is there instead of what is missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from arazzo_engine.language.criteria import CriterionResult
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.reporting.ending.criteria import beside, in_words, names_instead, state

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

_EIGHT = ", ".join(f"`n{index}`" for index in range(8))


@pytest.mark.parametrize(
    ("condition", "explanation", "words", "met"),
    [
        ("$statusCode == 201", "402 == 201", "402 is not 201", ""),
        ("$statusCode != 404", "404 != 404", "404 is 404", ""),
        ("$statusCode < 300", "302 < 300", "302 is not less than 300", ""),
        ("$response.body#/a/n >= 5", "4 >= 5", "n 4 is less than 5", "n 4"),
        ("$response.body#/a == 'b'", "'it''s > c' == 'b'", "a 'it''s > c' is not 'b'", "a 'it''s > c'"),
        ("$response.body.state == 'done'", "'run' == 'done'", "state 'run' is not 'done'", "state 'run'"),
        ("$response.body#/status == 'done'", "absent == 'done'", "`$response.body#/status` names nothing", ""),
        ("$statusCode == 200 && $inputs.n == 1", "200 == 200 && 2 == 1", "200 == 200 && 2 == 1", ""),
        ("$[?@.a == 1]", "selects nothing", "selects nothing", ""),
    ],
)  # fmt: skip
def test_a_comparison_is_told_in_words(condition: str, explanation: str, words: str, met: str) -> None:
    result = CriterionResult(condition, passed=False, explanation=explanation)
    assert in_words(result) == words
    assert state(result) == met


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"error": "declined", "message": "no"}, "the answer has no `status`; it has `error`, `message`"),
        ({"state": 1}, "the answer has no `status`; it has `state`: did you mean `state`?"),
        ({}, "the answer has no `status`: the object is empty"),
        ([1], "the answer is a list, whose elements are named by their index"),
        ([], "the answer is an empty list"),
        ("done", "absent"),
        ({f"n{index}": 1 for index in range(10)}, f"the answer has no `status`; it has {_EIGHT} and 2 more"),
    ],
)  # fmt: skip
def test_what_is_there_instead_of_a_missing_member_is_told(body: object, told: str) -> None:
    result = CriterionResult("$response.body#/status == 'done'", passed=False, explanation="absent == 'done'")
    answer = Response(200, (("Content-Type", "application/json"),), json.dumps(body).encode())
    assert beside(result, answer) == told


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("0/id", "`books` is an empty list"),
        ("a/2/id", "`a` is a list of 1 element, of which the first is `0`"),
        ("a/0/name", "the answer has no `name`; it has `id`"),
        ("a/id", "`a` is a list, whose elements are named by their index"),
        ("a/0/id/b", ""),
    ],
)
def test_where_a_path_leads_into_a_list_is_told_by_how_much_is_in_it(path: str, told: str) -> None:
    books: JsonValue = [] if path == "0/id" else {"a": [{"id": 1}]}
    assert names_instead(["books", *path.split("/")], {"books": books}) == told
