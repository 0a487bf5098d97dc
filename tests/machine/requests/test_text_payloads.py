"""Payloads that are text with expressions in it: a value stays one value of the text."""

from __future__ import annotations

import csv
import io
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


NDJSON, SEQUENCE, CSV, GRAPHQL = "application/x-ndjson", "application/json-seq", "text/csv", "application/graphql"


def refusal(payload: str, value: Any, content_type: str) -> str:
    with pytest.raises(ArazzoError) as error:
        run_with(payload, value, content_type)
    (diagnostic,) = error.value.diagnostics
    assert diagnostic.code in {"request-body-malformed", "input-unsendable"}
    return diagnostic.message


@pytest.mark.parametrize(
    "content_type", [NDJSON, "application/jsonl", "application/ndjson", "application/json-lines", "text/x-jsonl"]
)
def test_a_value_in_a_line_of_json_adds_no_lines(content_type: str) -> None:
    value = 'x"}\n{"delete":{"_id":"1"}}\n{"b":"'
    lines = sent('{"index":{}}\n{"a":"{$inputs.x}"}\n', value, content_type).decode().split("\n")
    assert [json.loads(line) for line in lines if line] == [{"index": {}}, {"a": value}]


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_in_quotes_of_a_row_of_json_is_read_back(value: str) -> None:
    text = sent('\x1e{"a":"{$inputs.x}"}\n\x1e[1]\n', value, SEQUENCE).decode()
    assert [json.loads(each) for each in text.split("\x1e")[1:]] == [{"a": value}, [1]]


@pytest.mark.parametrize(
    ("payload", "value", "content_type"),
    [
        ('{"a":{$inputs.x}}\n', '1}\n{"b":2', NDJSON),
        ('{"a":{$inputs.x}}\n', "{\n}", NDJSON),
        ("{$inputs.x}", '{"a":1}\nnothing', NDJSON),
        ("$inputs.x", '{"a":1}\n{"b"', NDJSON),
        ("$inputs.x", '{"a":1}\n', SEQUENCE),
        ("[1]\n[2", "", NDJSON),
    ],
)
def test_a_text_that_is_no_row_of_json_is_refused(payload: str, value: str, content_type: str) -> None:
    assert "JSON" in refusal(payload, value, content_type)


def test_a_row_of_json_may_be_given_as_one_text() -> None:
    assert sent("$inputs.x", '{"a":1}\n{"b":2}\n', NDJSON) == b'{"a":1}\n{"b":2}\n'
    assert sent("$inputs.x", "\x1e1\n\x1e2\n", SEQUENCE) == b"\x1e1\n\x1e2\n"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\0")))
def test_a_value_in_a_quoted_field_of_csv_is_one_field(value: str) -> None:
    text = sent('a,"b {$inputs.x}",c\n1,2,3\n', value, CSV).decode()
    assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == [["a", f"b {value}", "c"], ["1", "2", "3"]]


@pytest.mark.parametrize(
    ("payload", "value", "content"),
    [
        ("a,{$inputs.x}\n", "b c", b"a,b c\n"),
        ("a,{$inputs.x}\n", 10.0, b"a,10\n"),
        ("a;{$inputs.x}\n", "1,5", b"a;1,5\n"),
        ("$inputs.x", 'a,"b"\n', b'a,"b"\n'),
        ("{$inputs.x}", "a,b\nc,d\n", b"a,b\nc,d\n"),
    ],
)
def test_a_value_of_one_field_needs_no_quotes_in_csv(payload: str, value: Any, content: bytes) -> None:
    assert sent(payload, value, CSV) == content


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        ("a,{$inputs.x}\n", "b,c"),
        ("a,{$inputs.x}\n", "b\nc"),
        ("a,{$inputs.x}\n", 'b"'),
        ("a,{$inputs.x}\n", [1, 2]),
        ("a\tb,{$inputs.x}\n", "c\td"),
        ("a;{$inputs.x}\n", "b;c"),
    ],
)
def test_a_value_that_would_be_two_fields_of_csv_is_refused(payload: str, value: Any) -> None:
    assert "more than one field" in refusal(payload, value, CSV)
    assert "more than one field" in refusal(payload, value, "application/x-csv")


@pytest.mark.parametrize(
    ("payload", "value", "content"),
    [
        ('{ a(b: "{$inputs.x}") { c } }', 'd") { e } #\n\\', '{ a(b: "d\\") { e } #\\n\\\\") { c } }'),
        ('{ a(b: "\\"{$inputs.x}") }', '"', '{ a(b: "\\"\\"") }'),
        ('{ a(b: """c {$inputs.x} d""") }', 'x"""y', '{ a(b: """c x\\"""y d""") }'),
        ("{ a(b: {$inputs.x}) }", 5, "{ a(b: 5) }"),
        ("{ a(b: {$inputs.x}) }", "RED", "{ a(b: RED) }"),
        ("{ a(b: {$inputs.x}) }", None, "{ a(b: null) }"),
        ("{ a(b: {$inputs.x}) }", {"c": ["d", {"e": 1.0}]}, '{ a(b: {c:["d",{e:1}]}) }'),
        ('{ a(b: "c") { {$inputs.x} } }', "id", '{ a(b: "c") { id } }'),
        ('# {$inputs.x} "\n{ a }', "why", '# why "\n{ a }'),
        ('# "\n{ a(b: {$inputs.x}) }', 1, '# "\n{ a(b: 1) }'),
        ("$inputs.x", "{ a b }", "{ a b }"),
    ],
)
def test_a_value_in_graphql_stays_one_value(payload: str, value: Any, content: str) -> None:
    assert sent(payload, value, GRAPHQL).decode() == content


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        ("{ a(b: {$inputs.x}) }", "1) { c } d(e: 2"),
        ("{ a(b: {$inputs.x}) }", {"c d": 1}),
        ("{ a { {$inputs.x} } }", "b c"),
        ('{ a(b: """{$inputs.x}""") }', 'x"'),
        ('{ a(b: """{$inputs.x}""") }', "x\\"),
        ("# {$inputs.x}\n{ a }", "x\n{ b }"),
    ],
)
def test_a_value_that_would_change_a_graphql_document_is_refused(payload: str, value: Any) -> None:
    assert "GraphQL" in refusal(payload, value, GRAPHQL)
