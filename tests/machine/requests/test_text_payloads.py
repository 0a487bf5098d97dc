"""Payloads that are text with expressions in it: a value stays one value of the text."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ScriptedWorld, document, run_scripted, step, workflow

from arazzo_engine.diagnostics import ArazzoError

INPUTS = {"type": "object", "properties": {"x": {}}}


def run_with(payload: str, value: Any, content_type: str) -> ScriptedWorld:
    world = ScriptedWorld()
    body = {"contentType": content_type, "payload": payload}
    run_scripted(document(workflow(step("a", requestBody=body), inputs=INPUTS)), world, {"x": value})
    return world


def sent(payload: str, value: Any, content_type: str = "application/json") -> bytes:
    return bytes(run_with(payload, value, content_type).sent[0].request.content)


@pytest.mark.parametrize(
    ("payload", "value", "read"),
    [
        ('{"a": "{$inputs.x}"}', 'say "hi" \\ \n', {"a": 'say "hi" \\ \n'}),
        ('{"a": "{$inputs.x}"}', 'x","admin":"true', {"a": 'x","admin":"true'}),
        ('{"a": "{$inputs.x}"}', 5, {"a": "5"}),
        ('{"a": "{$inputs.x}"}', [1, "b"], {"a": '[1,"b"]'}),
        ('{"a": "n {$inputs.x}", "b\\"": {$inputs.x}}', 7, {"a": "n 7", 'b"': 7}),
        ('{"a": {$inputs.x}}', {"b": [None]}, {"a": {"b": [None]}}),
        ('{"a": {$inputs.x}}', '{"b": 1}', {"a": {"b": 1}}),
    ],
)
def test_a_value_in_a_json_text_stays_one_value(payload: str, value: Any, read: Any) -> None:
    assert json.loads(sent(payload, value)) == read


@given(st.text())
def test_any_text_in_quotes_is_read_back_as_it_is(value: str) -> None:
    assert json.loads(sent('{"a": "{$inputs.x}", "b": 1}', value)) == {"a": value, "b": 1}


@pytest.mark.parametrize("value", ["bob", '1,"admin":true', '1}, {"b": 2'])
def test_a_text_outside_quotes_that_is_no_json_is_refused_before_anything_is_sent(value: str) -> None:
    with pytest.raises(ArazzoError, match="stands outside quotes"):
        run_with('{"a": {$inputs.x}}', value, "application/json")


def test_a_value_in_a_form_stays_one_value() -> None:
    content = sent("a={$inputs.x}&b=1", "x&admin=true+ä", "application/x-www-form-urlencoded")
    assert parse_qsl(content.decode()) == [("a", "x&admin=true+ä"), ("b", "1")]


def test_a_value_in_xml_or_other_text_stands_there_as_it_is() -> None:
    assert sent("<a>{$inputs.x}</a>", "<b/>", "application/xml") == b"<a><b/></a>"
    assert sent("Dear {$inputs.x}", '"Bob" & co', "text/plain") == b'Dear "Bob" & co'
