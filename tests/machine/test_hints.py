"""What an answer would have held for a criterion or an output that missed it is said in a note of the step."""

from __future__ import annotations

from typing import Any

import pytest
from scripted import ScriptedWorld, document, run_scripted, step, workflow

from arazzo_engine.language.messages.exchange import Response

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
