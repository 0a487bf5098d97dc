"""Documents that grow when they are worked on: the work is counted, so that none of them can exhaust the engine."""

from __future__ import annotations

import json
from typing import Any

import pytest
from scripted import OneSource

from arazzo_engine.apis.descriptions.references import Resolver
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.diagnostics import Location, diagnose, nearest, render_diagnostic
from arazzo_engine.documents.json.places import JsonPlaces, json_places
from arazzo_engine.documents.outline import Outline
from arazzo_engine.documents.positions import nodes_of
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.expressions.strings import join_json, join_parts, split_expressions
from arazzo_engine.language.messages.payloads import parse_payload
from arazzo_engine.language.queries.json_nodes import JsonQuery
from arazzo_engine.language.queries.jsonpath.rfc9535 import Rfc9535
from arazzo_engine.simulation.samples import sample


def _count(value: Any) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(_count, inside))


_SELF = {"$ref": "#/A"}
_FOUR = {"type": "object", "required": list("abcd"), "properties": dict.fromkeys("abcd", _SELF)}
_ARRAYS: dict[str, Any] = {"type": "string"}
for _ in range(4):
    _ARRAYS = {"type": "array", "minItems": 100, "items": _ARRAYS}


@pytest.mark.parametrize(
    "schema", [_FOUR, {"allOf": [_SELF] * 4}, _ARRAYS, {"allOf": [{"properties": 5}, {"required": 5}]}]
)
def test_a_sample_is_no_larger_than_the_schemas_that_are_looked_at(schema: dict[str, Any]) -> None:
    document = read_document(json.dumps({"A": schema}), "file:///api.json")
    made = sample(Schema(document.root().child("A"), schema), Resolver(OneSource()))
    assert _count(made) <= 20_000


def test_only_so_many_candidates_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    import difflib

    compared: list[int] = []
    real = difflib.get_close_matches

    def counting(word: str, possibilities: list[str], n: int) -> list[str]:
        compared.append(len(possibilities))
        return real(word, possibilities, n)

    monkeypatch.setattr(difflib, "get_close_matches", counting)
    candidates = [f"operation{number}" for number in range(100_000)]
    assert nearest("operatoin99999", candidates) is not None
    assert nearest("x" * 100_000, [*candidates, "x" * 99_999]) is None
    assert len(compared) == 1
    assert compared[0] <= 500
    assert nearest("CREATEuser", ["createUser", "deleteUser"]) == "createUser"


@pytest.mark.parametrize(
    ("owner", "walk", "text"),
    [
        (JsonPlaces, "_look_through", json.dumps({"entries": [{"n": number} for number in range(50)]})),
        (Outline, "items", f"entries: [{', '.join(f'{{n: {number}}}' for number in range(50))}]"),
    ],
)
def test_a_collection_is_walked_once_however_many_of_its_entries_are_located(
    owner: type, walk: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks: list[object] = []
    real = getattr(owner, walk)

    def counting(self: object, of: object) -> object:
        walks.append(of)
        return real(self, of)

    monkeypatch.setattr(owner, walk, counting)
    nodes_of.cache_clear()
    document = read_document(text, "file:///a")
    columns = [document.root().child("entries", index, "n").location().column for index in range(50)]
    assert columns == sorted(set(columns))
    assert 1 <= len(walks) == len(set(walks)) <= 52


def test_what_a_large_text_has_in_too_many_collections_is_located_by_what_is_around_it() -> None:
    depth, padding = 100, " " * 20_000
    text = f"{'[' * depth}7{padding}{']' * depth}"
    places = json_places(text)
    assert places is not None
    assert places.find(("0",) * depth).is_there
    large = f"{'[' * depth}7{padding * 60}{']' * depth}"
    found = json_places(large)
    assert found is not None
    around = found.find(("0",) * depth)
    assert not around.is_there
    assert 40 <= around.value.start < depth


def test_no_text_of_a_document_begins_a_line() -> None:
    evil = "x\n::error file=a::b"
    at = Location(evil, pointer=f"/{evil}")
    told = render_diagnostic(diagnose("operation-not-found", evil, at, fix=evil))
    assert not any(line.startswith("::") for line in told.splitlines())
    assert r"x\n::error" in told


def test_of_a_name_of_a_million_letters_a_finding_shows_both_ends_and_no_secret() -> None:
    name = "x" * 1_000_000
    message = f"step `{name} https://me:hidden@a.example/{'y' * 1_000_000}` has no end"
    text = render_diagnostic(diagnose("unknown-step", message, fix=f"write `{name}`"))
    assert len(text) < 6_000
    assert text.partition("\n")[0].endswith("yyy` has no end")
    assert "hidden" not in text


def test_each_part_of_a_text_is_read_once_however_many_expressions_it_has() -> None:
    read: list[int] = []

    def note(before: int, text: str) -> int:
        read.append(len(text))
        return before + len(text)

    at = read_document("", "file:///t").root()
    parts = tuple(split_expressions("abc{$inputs.x}" * 1_000, at, []))
    joined = join_parts(parts, lambda _part, before: str(before), note, 0)
    assert joined.startswith("abc3abc6abc9")
    assert sum(read) == 3_000


def test_a_json_text_knows_where_its_strings_end_whatever_stands_in_them() -> None:
    at = read_document("", "file:///t").root()
    parts = tuple(split_expressions(r'{"a\"{$inputs.x}": "\\", "b": {$inputs.x}, "c{$inputs.x}"', at, []))
    assert join_json(parts, lambda _part: "in", lambda _part: "out") == r'{"a\"in": "\\", "b": out, "cin"'


def test_a_sequence_of_more_elements_than_are_read_is_text_and_says_why() -> None:
    read = parse_payload(b"0\n" * 1_000_001, "application/jsonl")
    assert isinstance(read.value, str)
    assert read.problem is not None
    assert "it has more than 1,000,000 elements" in read.problem


def test_more_events_than_are_read_are_text_and_say_why() -> None:
    read = parse_payload(b"data:\n\n" * 1_000_001, "text/event-stream")
    assert isinstance(read.value, str)
    assert read.problem == ("the body claims `text/event-stream` but is not read: it has more than 1,000,000 elements")


def test_an_event_of_very_many_lines_is_one_text() -> None:
    read = parse_payload(b"data: a\n" * 200_000 + b"\n", "text/event-stream").value
    assert read == [{"data": "\n".join("a" * 200_000)}]


def test_a_value_is_put_into_very_many_places_at_once() -> None:
    query = JsonQuery(Rfc9535("$.list[*].a"))
    payload = {"list": [{"a": 0, "b": number} for number in range(20_000)], "rest": {}}
    changed = query.replace(payload, 1)
    assert changed == {"list": [{"a": 1, "b": number} for number in range(20_000)], "rest": {}}
    assert changed["rest"] is payload["rest"]
    assert JsonQuery(Rfc9535("$..*")).replace({"a": {"b": 1}}, 2) == {"a": 2}
