"""What is put into JSON as text, outside its quotes, is held to the operation as a value in an object is."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import codes, validated

BODY: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "lines": {"type": "array", "items": {"type": "string"}}, "n": {}},
}
INPUTS: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "count": {"type": "integer"},
        "text": {"type": "string"},
        "objects": {"type": "array", "items": {"type": "object"}},
    },
}


def _told(payload: str) -> list[tuple[str, str]]:
    described = {"requestBody": {"content": {"application/json": {"schema": BODY}}}}
    step = {"requestBody": {"contentType": "application/json", "payload": payload}}
    return codes(validated(step, described, workflow={"inputs": INPUTS}))


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ('{"name": {$inputs.count}}', [("error", "type-refused")]),
        ('{"name": "a", "lines": {$inputs.objects}}', [("warning", "type-refused")]),
        ('{"name": "a", "lines": [{$inputs.count}]}', [("warning", "type-refused")]),
        # in quotes it is a text, and a text without quotes is whatever JSON it is
        ('{"name": "{$inputs.count}"}', []),
        ('{"name": {$inputs.text}}', []),
        ('{"name": "a", "n": {$inputs.count}}', []),
    ],
)
def test_a_value_in_a_text_of_json_is_held_to_its_place(payload: str, told: list[tuple[str, str]]) -> None:
    assert _told(payload) == told
