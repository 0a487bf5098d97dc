"""What an answer would have held for a criterion or an output that missed it is said in a note of the step."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from scripted import ScriptedWorld, document, run_scripted, step, workflow

from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.hints import Lack, notes_of, together

_HTML = (("Content-Type", "text/html; charset=utf-8"),)


def _notes(one: dict[str, Any], response: Response) -> tuple[str, ...]:
    return run_scripted(document(workflow(one)), ScriptedWorld({"a": [response]})).steps[0].notes


@pytest.mark.parametrize(
    ("rest", "content", "headers", "is_told"),
    [
        ({"successCriteria": [{"condition": "$response.body#/x == 1"}]}, b'{"x": 2}', _HTML, True),
        ({"successCriteria": [{"condition": "$response.body.x == 1"}]}, b' [{"x": 2}]', _HTML, True),
        (
            {"successCriteria": [{"context": "$response.body", "type": "jsonpath", "condition": "$.x"}]},
            b'{"x": 2}',
            _HTML,
            True,
        ),
        ({"outputs": {"x": "$response.body#/x"}}, b'{"x": 2}', (("Content-Type", "text/plain"),), True),
        ({"outputs": {"x": "$response.body#/x"}}, b'{"x": 2}', (("Content-Type", "application/octet-stream"),), True),
        # nothing was missed, nothing looked at the body, or the body is no JSON
        ({"outputs": {"x": "$response.body"}}, b'{"x": 2}', _HTML, False),
        ({"successCriteria": [{"condition": "$statusCode == 500"}]}, b'{"x": 2}', _HTML, False),
        ({"successCriteria": [{"condition": "$response.body#/x == 1"}]}, b"{x: 2}", _HTML, False),
        ({"successCriteria": [{"condition": "$response.body#/x == 1"}]}, b"<p>2</p>", _HTML, False),
        (
            {"successCriteria": [{"condition": "$response.body#/x == 1"}]},
            b'{"x": 2}',
            (("Content-Type", "application/json"),),
            False,
        ),
    ],
)
def test_json_that_is_read_as_a_text_is_told_where_something_missed_it(
    rest: dict[str, Any],
    content: bytes,
    headers: Any,
    is_told: bool,
) -> None:
    notes = _notes(step("a", **rest), Response(200, headers, content))
    assert any("the body holds JSON and is read as a text" in note for note in notes) is is_told


@pytest.mark.parametrize(
    ("condition", "body", "is_told"),
    [
        ("$response.body.items.size > 0", b'{"items": [1]}', True),
        ("$response.body#/items/count > 0", b'{"items": [1]}', True),
        # a condition counts by `length`
        ("$response.body.length == 2", b"[1]", False),
        ("$response.body.items.length > 0", b'{"items": {"length": 0}}', False),
        ("$response.body.items.length > 0", b'{"items": "text"}', False),
    ],
)
def test_the_number_of_elements_that_a_condition_asks_for_in_vain_is_told(
    condition: str,
    body: bytes,
    is_told: bool,
) -> None:
    one = step("a", successCriteria=[{"condition": condition}])
    notes = _notes(one, Response(200, (("Content-Type", "application/json"),), body))
    assert any("a list has no member `" in note for note in notes) is is_told


# --- what a step that was not run would have given is told once, anything else by itself ---

_NOT_RUN = "step `make` was not run"


def test_what_one_step_did_not_give_is_told_once() -> None:
    lacks = [Lack((name,), _NOT_RUN, is_of_others=True) for name in ("a", "b", "c")]
    assert notes_of(lacks) == ("outputs `a`, `b`, `c` have no value: step `make` was not run",)


def test_one_output_alone_is_told_as_one() -> None:
    assert notes_of([Lack(("a",), _NOT_RUN, is_of_others=True)]) == (
        "output `a` has no value: step `make` was not run",
    )


def test_each_step_is_told_by_itself_and_in_order() -> None:
    first, other = Lack(("a",), _NOT_RUN, is_of_others=True), Lack(("b",), "step `pay` was not run", is_of_others=True)
    found = [each.names for each in together([first, other, replace(first, names=("c",))])]
    assert found == [("a", "c"), ("b",)]


def test_what_names_nothing_is_told_for_each() -> None:
    lacks = [Lack((name,), "`$response.body#/x` names nothing") for name in ("a", "b")]
    assert notes_of(lacks) == tuple(f"output `{each}` is absent: `$response.body#/x` names nothing" for each in "ab")
