"""Where a pointer leads in a text, for JSON and YAML, for what is there and for what is missing."""

from __future__ import annotations

import pytest

from arazzo_engine.documents.document import Place
from arazzo_engine.documents.pointers import parse_pointer
from arazzo_engine.documents.positions import Positions, Span
from arazzo_engine.documents.reading import read_document

YAML = """\
# a comment
title: "Pets: a story"
name: 'it''s'
version: 1.0   # plain
200: OK
text: |
  one
  two
folded: one
  two
empty:
tagged: &t !!str  é😀
steps:
  - stepId: first
    with: {a: [1, 'two']}
  -   - x
"quoted key": v
"""

JSON = '{\n\t"a": ["x", {"b/c": "y\\nz", "d": 1.50}],\r\n\t"e\\u0078": {},\n\t"f": [true, null]\n}'


def shown(text: str, pointer: str, of: str = "value") -> tuple[str, bool]:
    span = Positions(text).span(parse_pointer(pointer), of)
    return text[span.start : span.start + span.width], span.is_plain


@pytest.mark.parametrize(
    ("pointer", "source", "is_plain"),
    [
        ("/title", "Pets: a story", True),
        ("/name", "it''s", False),
        ("/version", "1.0", True),
        ("/200", "OK", True),
        ("/text", "|", False),
        ("/folded", "one", False),
        ("/empty", "", True),
        ("/tagged", "é😀", True),
        ("/steps", "- stepId: first", False),
        ("/steps/0", "stepId: first", False),
        ("/steps/0/stepId", "first", True),
        ("/steps/0/with", "{a: [1, 'two']}", False),
        ("/steps/0/with/a", "[1, 'two']", False),
        ("/steps/0/with/a/0", "1", True),
        ("/steps/0/with/a/1", "two", True),
        ("/steps/1", "- x", False),
        ("/steps/1/0", "x", True),
        ("/quoted key", "v", True),
        ("", 'title: "Pets: a story"', False),
    ],
)
def test_the_span_of_a_yaml_value_is_its_first_line(pointer: str, source: str, is_plain: object) -> None:
    assert shown(YAML, pointer) == (source, is_plain)


@pytest.mark.parametrize(
    ("pointer", "source", "is_plain"),
    [
        ("/a", '["x", {"b/c": "y\\nz", "d": 1.50}]', False),
        ("/a/0", "x", True),
        ("/a/1/b~1c", "y\\nz", False),
        ("/a/1/d", "1.50", True),
        ("/ex", "{}", False),
        ("/f/0", "true", True),
        ("/f/1", "null", True),
        ("", "{", False),
    ],
)
def test_the_span_of_a_json_value_is_its_first_line(pointer: str, source: str, is_plain: object) -> None:
    assert shown(JSON, pointer) == (source, is_plain)


@pytest.mark.parametrize(
    ("text", "pointer", "source"),
    [
        (YAML, "/title", "title"),
        (YAML, "/200", "200"),
        (YAML, "/quoted key", "quoted key"),
        (YAML, "/steps/0/with/a", "a"),
        (JSON, "/a/1/b~1c", "b/c"),
        (JSON, "/ex", "e\\u0078"),
        # what has no key is meant itself
        (YAML, "/steps/0", "stepId: first"),
        (JSON, "/a/0", "x"),
    ],
)
def test_the_span_of_a_key_is_the_name_of_the_member(text: str, pointer: str, source: str) -> None:
    assert shown(text, pointer, "key")[0] == source


@pytest.mark.parametrize("of", ["value", "key"])
@pytest.mark.parametrize(
    ("text", "pointer", "source"),
    [
        (YAML, "/nope", 'title: "Pets: a story"'),
        (YAML, "/steps/0/operationId", "stepId: first"),
        (YAML, "/steps/7", "steps"),
        (YAML, "/steps/00", "steps"),
        (YAML, "/steps/0/with/b/c/d", "with"),
        (YAML, "/title/0", "title"),
        (JSON, "/nope", "{"),
        (JSON, "/a/1/nope", '{"b/c": "y\\nz", "d": 1.50}],'),
        (JSON, "/e~01", "{"),
        ("5", "/a", "5"),
    ],
)
def test_a_missing_member_is_shown_at_what_should_hold_it(text: str, pointer: str, source: str, of: str) -> None:
    found, is_plain = shown(text, pointer, of)
    assert source.startswith(found)
    assert found
    assert not is_plain


MERGING = """\
base: &base {id: 1, deep: {x: 1}}
one:
  <<: *base
  own: 2
two: *base
three:
  <<: [{y: 1}, *base]
four: &four
  <<: *base
five:
  <<: *four
  <<x: 1
"""


@pytest.mark.parametrize(
    ("pointer", "source"),
    [
        ("/one/own", "2"),
        ("/one/id", "*base"),
        ("/one/deep/x", "*base"),
        ("/two", "*base"),
        ("/two/id", "*base"),
        ("/three/y", "[{y: 1}, *base]"),
        ("/three/id", "[{y: 1}, *base]"),
        ("/five/id", "*four"),
        # what no merge brings in is missing from the mapping itself
        ("/one/nope", "one"),
        ("/five/nope", "five"),
        ("/base/id", "1"),
    ],
)
def test_what_an_alias_brings_in_is_shown_at_the_alias(pointer: str, source: str) -> None:
    assert shown(MERGING, pointer)[0] == source


def test_a_mapping_that_merges_itself_has_an_end() -> None:
    assert shown("a: &a {<<: *a, b: 1}", "/a/c")[0] == "a"


@pytest.mark.parametrize("text", ["", "*a", "a: @", "[1", "\ud800", "a: [", "- - - :", "{", '"'])
def test_a_text_that_cannot_be_read_has_a_first_line(text: str) -> None:
    assert Positions(text).span(("a", "0"), "value") == Span(0, len(text), is_plain=False)


def test_a_deep_text_has_positions() -> None:
    depth = 900
    assert shown("[" * depth + "7" + "]" * depth, "/0" * depth)[0] == "7"
    assert shown("- " * depth + "7", "/0" * depth)[0] == "7"


@pytest.mark.parametrize(
    ("text", "pointer", "span", "expected"),
    [
        ("a: 1\nb: 'x == $y'\n", "b", (5, 7), ("2:10", 2, "b: 'x == $y'")),
        ('{"a":\n "x == $y"}', "a", (5, 7), ("2:8", 2, ' "x == $y"}')),
        # an escape moves what follows it, so the whole value is shown
        ('{"a": "\\u0078 == $y"}', "a", (5, 7), ("1:8", 12, '{"a": "\\u0078 == $y"}')),
        ("a: >-\n  x ==\n  $y\n", "a", (5, 7), ("1:4", 2, "a: >-")),
    ],
)
def test_a_span_inside_a_string_is_added_to_its_place(
    text: str, pointer: str, span: tuple[int, int], expected: tuple[str, int, str]
) -> None:
    location = Place(read_document(text, "file:///t"), (pointer,)).location(span)
    assert (f"{location.line}:{location.column}", location.width, location.source) == expected


@pytest.mark.parametrize(
    ("text", "pointer", "lines"),
    [
        (YAML, "", range(2, 18)),
        (YAML, "/text", range(6, 9)),
        (YAML, "/folded", range(9, 11)),
        (YAML, "/empty", range(11, 12)),
        (YAML, "/steps", range(13, 17)),
        (YAML, "/steps/0", range(14, 16)),
        (YAML, "/steps/0/with/a/1", range(15, 16)),
        (YAML, "/steps/2", None),
        (JSON, "/a", range(2, 3)),
        (JSON, "/f", range(4, 5)),
        (JSON, "/g", None),
        ("{", "/a", None),
    ],
)
def test_a_member_takes_its_lines_with_its_name_and_what_is_not_there_takes_none(
    text: str, pointer: str, lines: range | None
) -> None:
    assert Positions(text).lines(parse_pointer(pointer)) == lines


def test_a_part_beyond_what_is_written_is_told_where_the_value_begins() -> None:
    document = read_document("a: short\nb: other\n", "file:///a.yaml")
    location = document.root().child("a").location((20, 24))
    assert (location.line, location.column, location.width) == (1, 4, 5)
    assert document.root().child("a").location((1, 3)).column == 5
