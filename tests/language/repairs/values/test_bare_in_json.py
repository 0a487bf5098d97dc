"""Expressions in JSON as text that stand outside its quotes have their braces; what may be a text is left alone."""

from __future__ import annotations

import json
from typing import Final

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.repairs.corrections import repair

_READ: Final = (
    ('{"a": $inputs.a}', '{"a": {$inputs.a}}'),
    ('{"b": "{$inputs.a}", "a": $inputs.a}', '{"b": "{$inputs.a}", "a": {$inputs.a}}'),
    (" [$inputs.a, $steps.find.outputs.id]", " [{$inputs.a}, {$steps.find.outputs.id}]"),
    ('{"b": "$inputs.a", "a": $inputs.a}', '{"b": "$inputs.a", "a": {$inputs.a}}'),
)  # fmt: skip
_LEFT_ALONE: Final = (
    '{"a": "$inputs.a"}',
    '{"a": {$inputs.a}}',
    '{"a": $inputs.nowhere}',
    "{ user(id: $inputs.a) }",
    "{a: $inputs.a}",
    "[see $inputs.a]",
    '{"a": $inputs.a + 1}',
)


def _payload(text: str) -> tuple[str, list[str]]:
    steps = [
        {"stepId": "find", "operationId": "o", "outputs": {"id": "$response.body"}},
        {"stepId": "send", "operationId": "o", "requestBody": {"payload": text}},
    ]
    inputs = {"type": "object", "properties": {"a": {}}}
    document = {"workflows": [{"workflowId": "w", "inputs": inputs, "steps": steps}]}
    repaired = repair(read_document(json.dumps(document), "file:///a.json"))
    found = repaired.document.value["workflows"][0]["steps"][1]["requestBody"]["payload"]
    return found, [each.code for each in repaired.problems]


@pytest.mark.parametrize(("text", "read"), _READ)
def test_an_expression_outside_quotes_has_its_braces(text: str, read: str) -> None:
    assert _payload(text) == (read, ["repaired"])


@pytest.mark.parametrize("text", _LEFT_ALONE)
def test_what_is_no_json_with_braces_either_is_left_alone(text: str) -> None:
    assert _payload(text) == (text, [])
