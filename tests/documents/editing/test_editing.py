"""Editing a text: it says what was wanted, and every character that says nothing anew is the one that was there."""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written_texts import Scribe, any_document, any_value

from arazzo_engine.documents.editing.differences import same
from arazzo_engine.documents.editing.editing import edit_text
from arazzo_engine.documents.editing.putting import put
from arazzo_engine.documents.outline import Kind
from arazzo_engine.documents.positions import outline_of
from arazzo_engine.documents.reading import read_document
from arazzo_engine.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.document import Document

_URI: Final = "file:///a.yaml"


def _edit(pointer: tuple[str, ...], value: Any, before: str = "") -> Edit:
    return Edit(_URI, pointer, json.dumps(value), before=before)


def _read(text: str) -> Document:
    return read_document(text, _URI, "a.yaml")


def _edited(text: str, *edits: Edit) -> str:
    edited = edit_text(_read(text), edits)
    assert edited.refused == ()
    return edited.text


# the text, what is written where, and the text that comes of it
ROWS: Final[tuple[tuple[str, tuple[str, ...], Any, str], ...]] = (
    # a mapping that is a list of what it maps, or of itself
    ("a:\r\n  one: &o # why\r\n    x: 1\r\n", ("a",), [{"k": "one", "x": 1}],
     "a:\r\n  - &o # why\r\n    k: one\r\n    x: 1\r\n"),
    ("a:\n  one: {x: 1}\n  two:\n      x: 2\n", ("a",), [{"k": "one", "x": 1}, {"k": "two", "x": 2}],
     "a:\n  - {k: one, x: 1}\n  -\n      k: two\n      x: 2\n"),
    ("a:\n  one: # why\n    x: 1 # it\n  two:\n    x: 2\n", ("a",), [{"k": "one", "x": 1}, {"k": "two", "x": 2}],
     "a:\n  - k: one # why\n    x: 1 # it\n  - k: two\n    x: 2\n"),
    ("a:\n    'one':\n        x: 1\n", ("a",), [{"k": "one", "x": 2}], "a:\n      - k: 'one'\n        x: 2\n"),
    ("a:\n one:\n  x: 1\n", ("a",), [{"k": "one", "x": 1}], "a:\n -\n  k: one\n  x: 1\n"),
    ("a:\n  one:\n    k: one\n    x: 1\n", ("a",), [{"k": "one", "x": 1}], "a:\n  -\n    k: one\n    x: 1\n"),
    ('{"a": {"one": {"x": 1}, "two": {}}}', ("a",), [{"k": "one", "x": 1}, {"k": "two"}],
     '{"a": [{"k": "one", "x": 1}, {"k": "two"}]}'),
    ("a:   # why\n  # the one\n  x: 1 # it\n  y: 2\n", ("a",), [{"x": 1, "y": 3}],
     "a:   # why\n  # the one\n- x: 1 # it\n  y: 3\n"),
    ("a: {x: 1}\n", ("a",), [{"k": "it", "x": 1}], "a: [{k: it, x: 1}]\n"),
    ("a: one # why\nb: 2\n", ("a",), "two", "a: two # why\nb: 2\n"),
    ("a:  'one'\n", ("a",), "it's", "a:  'it''s'\n"),
    ('a: "one"\n', ("a",), 'say "x"', 'a: "say \\"x\\""\n'),
    ('a: "caf\\u00e9 one"\n', ("a",), "café two", 'a: "caf\\u00e9 two"\n'),
    ("a: one\n", ("a",), "two: three", "a: 'two: three'\n"),
    ("a: one\n", ("a",), "yes", "a: 'yes'\n"),
    ("a: 1\n", ("a",), "1", "a: '1'\n"),
    ("a: '1'\n", ("a",), 1, "a: 1\n"),
    ("a:\nb: 2\n", ("a",), "one", "a: one\nb: 2\n"),
    ("a: !!str 1\n", ("a",), "2 x", "a: !!str 2 x\n"),
    ("{a: one, b: [two]}\n", ("b", "0"), "x, y", "{a: one, b: ['x, y']}\n"),
    ("日本: [🙂, one]\r\nb: 2\r\n", ("日本", "1"), "é", "日本: [🙂, é]\r\nb: 2\r\n"),
    ("\ufeffa: one\n", ("a",), "two", "a: two\n"),
    ("%YAML 1.2\n---\na: one\n...\n", ("a",), "two", "%YAML 1.2\n---\na: two\n...\n"),
    # of several lines, those that stay are those that were
    ("a: |\n   1\n\n   two  \n   3\nb: 1\n", ("a",), "1\n\nto  \n3\n", "a: |\n   1\n\n   to  \n   3\nb: 1\n"),
    ("a: >-\n  one\n  two\n", ("a",), "one three", "a: >-\n  one\n  three\n"),
    ("a: 'one\n  two''s'\n", ("a",), "one three's", "a: 'one\n  three''s'\n"),
    ("a: one\n  two\nb: 1\n", ("a",), "one three", "a: one\n  three\nb: 1\n"),
    ('a: "one \\\n  two"\n', ("a",), "one three", 'a: "one \\\n  three"\n'),
    ("a: |\r\n  one\r\n  two\r\n", ("a",), "one\nthree\n", "a: |\r\n  one\r\n  three\r\n"),
    # members that come, go and are renamed
    ("- a: 1 # one\n  # two\n  b: 2\n", ("0",), {"b": 2}, "-\n  # two\n  b: 2\n"),
    ("- a: 1\n  b: 2\n", ("0",), {"b": 2}, "- b: 2\n"),
    ("a: 1\nb:\n  c: 1\n  d: 2\n# end\n", (), {"a": 1}, "a: 1\n# end\n"),
    ("{a: 1, b: 2, c: 3}\n", (), {"a": 1}, "{a: 1}\n"),
    ("{a: 1, b: 2, c: 3}\n", (), {"c": 3}, "{c: 3}\n"),
    ("a: {b: 1}\n", ("a",), {}, "a: {}\n"),
    ("- $ref: '#/x' # why\n", ("0",), {"reference": "$x"}, "- reference: '$x' # why\n"),
    ("a:\n- b: 1 # one\n\nc: 1\n", ("a", "0", "d"), 2, "a:\n- b: 1 # one\n  d: 2\n\nc: 1\n"),
    ("a:\n- b: |\n    x\n  c: 1\n", ("a", "0", "d"), [1], "a:\n- b: |\n    x\n  c: 1\n  d: [1]\n"),
    ("- {}\n", ("0", "a"), "x", "- {a: x}\n"),
    ("- {b: 1}\n", ("0", "a"), "x", "- {b: 1, a: x}\n"),
    ("- - a: 1\n", ("0", "0", "b"), {"c": {"d": 1}}, "- - a: 1\n    b:\n      c: {d: 1}\n"),
    # elements that come and go
    ("a:\n- 1 # one\n- 2\n- 3\n", ("a",), [1, 3], "a:\n- 1 # one\n- 3\n"),
    ("a:\n  - 1 # one\n  - 2\n", ("a",), [1, 5, 2], "a:\n  - 1 # one\n  - 5\n  - 2\n"),
    ("a:\n  - 1\nb: 1\n", ("a",), [0, 1], "a:\n  - 0\n  - 1\nb: 1\n"),
    ("a: [1, 2, 3]\n", ("a",), [1, 3], "a: [1, 3]\n"),
    ("a: [1]\n", ("a",), [1, 2], "a: [1, 2]\n"),
    # a value of another kind
    ("a: jsonpath\n", ("a",), {"type": "jsonpath"}, "a: {type: jsonpath}\n"),
    ("a: {$x}\n", ("a",), "{$x}", "a: '{$x}'\n"),
    ("a:\n  - 1\n", ("a",), "x", "a: x\n"),
    ("a: # why\n# what\n- 1\nb: 2\n", ("a",), [], "a: # why\n# what\n  []\nb: 2\n"),
    # JSON in its own form
    ('{"a":"x\\/y","b":1}', ("a",), "x/z", '{"a":"x\\/z","b":1}'),
    ('{\n\t"a" : [ 1 ]\n}\n', ("b",), "é", '{\n\t"a" : [ 1 ],\n\t"b": "é"\n}\n'),
    ('{\r\n  "a": 1,\r\n  "b": 2\r\n}', (), {"b": 2}, '{\r\n  "b": 2\r\n}'),
    ('{"a": "\\ud83d\\ude42 x"}', ("a",), "🙂 y", '{"a": "\\ud83d\\ude42 y"}'),
    ('{"a": 1}', ("a",), None, '{"a": null}'),
    # aliases
    ("a: &x one\nb: *x\n", ("b",), "two", "a: &x one\nb: two\n"),
    ("a: &x {c: 1}\nb:\n  <<: *x\n  d: 2\n", ("b", "c"), 3, "a: &x {c: 1}\nb:\n  c: 3\n  <<: *x\n  d: 2\n"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "pointer", "value", "written"), ROWS)
def test_only_what_is_said_anew_is_written_anew(text: str, pointer: tuple[str, ...], value: Any, written: str) -> None:
    assert _edited(text, _edit(pointer, value)) == written


def test_a_new_member_stands_before_the_one_that_is_named() -> None:
    text = "a: 1\n# about b\nb:\n- c: 1\n"
    assert _edited(text, _edit(("new",), 0, before="b"), _edit(("b", "0", "new"), 0, before="c")) == (
        "a: 1\nnew: 0\n# about b\nb:\n- new: 0\n  c: 1\n"
    )


@pytest.mark.parametrize(
    ("text", "pointer", "written"),
    [
        ("- a: 1\n  # about b\n  b: 2 # why\n  c: 3\n", ("0", "new"), "- a: 1\n  # about b\n  new: 0 # why\n  c: 3\n"),
        ('{"b": {"b": 1}}', ("new",), '{"new": 0}'),
    ],
)
def test_a_member_stands_in_the_place_of_another_one(text: str, pointer: tuple[str, ...], written: str) -> None:
    assert _edited(text, Edit(_URI, pointer, "0", instead_of="b")) == written


def test_what_has_an_anchor_is_written_once_when_all_its_places_mean_it() -> None:
    text = "a: &x one # why\nb: *x\nc: [*x]\n"
    edits = [_edit(pointer, "two") for pointer in (("a",), ("b",), ("c", "0"))]
    assert _edited(text, *edits) == "a: &x two # why\nb: *x\nc: [*x]\n"


def test_what_has_an_anchor_is_left_alone_when_another_place_means_what_is_there() -> None:
    text = "a: &x one\nb: *x\n"
    edited = edit_text(_read(text), [_edit(("a",), "two")])
    assert edited.text == text
    assert [edit.pointer for edit in edited.refused] == [("a",)]


def test_of_several_edits_those_that_can_be_written_are() -> None:
    text = "a: &x one\nb: *x\nc: 1\n"
    edited = edit_text(_read(text), [_edit(("a",), "two"), _edit(("c",), 2), _edit(("b",), "three")])
    assert edited.text == "a: &x one\nb: three\nc: 2\n"
    assert [edit.pointer for edit in edited.refused] == [("a",)]


def test_an_edit_within_what_is_not_there_is_left_undone() -> None:
    edits = (_edit(("a", "x", "b"), 2), _edit(("c",), 4))
    edited = edit_text(_read("a: {b: 1}\nc: 3\n"), edits)
    assert (edited.text, edited.refused) == ("a: {b: 1}\nc: 4\n", edits[:1])


def test_an_edit_that_changes_nothing_is_none() -> None:
    edited = edit_text(_read("a: 'x'\n"), [_edit(("a",), "x"), _edit((), {"a": "x"})])
    assert edited.text == "a: 'x'\n"
    assert edited.refused == ()


def _places(value: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield at, value
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from _places(member, (*at, str(name)))


def _changed(draw: random.Random, value: Any) -> Any:
    """Return another value: with members or elements that come and go, a text with a part of it changed."""
    match value:
        case dict() if draw.random() < 0.8:
            kept = {name: each for name, each in value.items() if draw.random() < 0.7}
            return {**kept, draw.choice(("new", "z: y")): any_value(draw, 2)} if draw.random() < 0.5 else kept
        case list() if draw.random() < 0.8:
            rest = [each for each in value if draw.random() < 0.7]
            at = draw.randint(0, len(rest))
            return [*rest[:at], any_value(draw, 2), *rest[at:]] if draw.random() < 0.5 else rest
        case str() if value and draw.random() < 0.7:
            at = draw.randint(0, len(value))
            put_in = draw.choice(("Q", "'", '"', "\n", "$a#/b", " z", ""))
            return value[:at] + put_in + value[at + draw.randint(0, 2) :]
        case _:
            return any_value(draw, 1)


def _text(draw: random.Random) -> str:
    scribe = Scribe(draw)
    return scribe.json(any_document(draw)) if draw.random() < 0.25 else scribe.yaml(any_document(draw))


def _apart(places: list[tuple[str, ...]]) -> bool:
    return not any(one[: len(other)] == other for one in places for other in places if one is not other)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_an_edited_text_says_what_was_wanted(seed: int) -> None:
    draw = random.Random(seed)
    document = _read(_text(draw))
    chosen = draw.sample(list(_places(document.value)), 1) + draw.choices(list(_places(document.value)), k=3)
    chosen = [each for index, each in enumerate(chosen) if _apart([place for place, _ in chosen[: index + 1]])]
    edits = [_edit(pointer, _changed(draw, value)) for pointer, value in chosen]

    edited = edit_text(document, edits)

    wanted = document.value
    for edit in edits:
        wanted = wanted if edit in edited.refused else put(wanted, edit.pointer, edit.value)
    found = _read(edited.text).value
    assert same(found, wanted)
    assert edit_text(_read(edited.text), [each for each in edits if each not in edited.refused]).text == edited.text


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_nothing_around_a_scalar_that_is_edited_is_touched(seed: int) -> None:
    draw = random.Random(seed)
    document = _read(_text(draw))
    text, outline = document.text, outline_of(document.text)
    scalars = [row for row, kind in enumerate(outline.kinds) if kind == Kind.SCALAR]
    row = draw.choice(scalars)
    pointer = outline.pointer(row)
    _, value = next(each for each in _places(document.value) if each[0] == pointer)
    if isinstance(value, dict | list):
        return  # the row is the key of a collection
    edited = edit_text(document, [_edit(pointer, any_value(draw, 0))])
    if edited.refused:
        assert "*" in text
        return
    value_row = outline.afters[row] if _is_key(outline, row) else row
    if outline.kinds[value_row] == Kind.ALIAS:
        return
    start, end = outline.starts[value_row], outline.ends[value_row]
    assert edited.text.startswith(text[:start].rstrip("'\"").rstrip())
    assert edited.text.endswith(re.sub(r"^['\"]", "", text[end:]).lstrip(" \r\n"))


def _is_key(outline: Any, row: int) -> bool:
    return any(
        key == row
        for mapping, kind in enumerate(outline.kinds)
        if kind == Kind.MAPPING
        for key, _ in outline.members(mapping)
    )


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_a_comment_outlives_an_edit_of_any_scalar(seed: int) -> None:
    draw = random.Random(seed)
    document = _read(Scribe(draw).yaml(any_document(draw)))
    scalars = [(pointer, each) for pointer, each in _places(document.value) if not isinstance(each, dict | list)]
    chosen = draw.choices(scalars, k=3) if scalars else []
    edits = [_edit(pointer, _changed(draw, each)) for pointer, each in chosen]
    edited = edit_text(document, {edit.pointer: edit for edit in edits}.values())
    for comment in ("# why", "# note", "# é", "# a: b", "# - x", "# first", "# last", "# block"):
        # the header of a block goes with it, when it is written in quotes
        lost = document.text.count(comment) - edited.text.count(comment)
        assert lost <= (len(edits) if comment == "# block" else 0)
