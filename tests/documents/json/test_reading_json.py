"""What a JSON text becomes, and what is refused although the standard library would take it."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest
from refusals import place, refused

from arazzo_engine.documents.reading import read_document

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

URI = "https://example.com/a.json"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2.5, "x", true, false, null]}', {"a": [1, 2.5, "x", True, False, None]}),
        ('\t{\r\n\t"a":\t1\r\n}\n', {"a": 1}),
        ("12345678901234567890123456789", 12345678901234567890123456789),
        ('"\\ud83d\\ude00 \\/"', "😀 /"),
        ("\ufeff[]", []),
        ("", None),
        (" \n", None),
    ],
)
def test_a_json_text_becomes_its_value(text: str, value: JsonValue) -> None:
    assert read_document(text, URI).value == value


@pytest.mark.parametrize("uri", ["https://example.com/openapi", "file:///a.yaml"])
def test_json_is_recognised_whatever_the_document_is_called(uri: str) -> None:
    # YAML refuses tabs that indent, and JSON does not
    assert read_document('{\n\t"a": "\\ud83d\\ude00"\n}', uri).value == {"a": "😀"}


def test_a_document_keeps_its_text_without_the_byte_order_mark() -> None:
    document = read_document("\ufeff{}".encode(), URI, "a.json")
    assert (document.uri, document.name, document.text) == (URI, "a.json", "{}")


def test_a_document_without_a_name_is_known_by_its_uri() -> None:
    assert read_document("{}", URI).name == URI


@pytest.mark.parametrize(
    "source",
    [
        "é: 1".encode(),
        codecs.BOM_UTF8 + "é: 1".encode(),
        codecs.BOM_UTF16_LE + "é: 1".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "é: 1".encode("utf-16-be"),
    ],
)
def test_bytes_are_utf_8_unless_they_begin_with_another_mark(source: bytes) -> None:
    assert read_document(source, "file:///a.yaml").value == {"é": 1}


def test_bytes_that_are_no_text_are_refused_where_they_stand() -> None:
    (diagnostic,) = refused("é: ü\nb: ".encode() + b"x\xffy\nc: 1\n", "file:///a.yaml")
    assert diagnostic.code == "malformed-yaml"
    assert place(diagnostic) == "2:5"
    assert diagnostic.location is not None
    assert diagnostic.location.source == "b: x\ufffdy"
    assert diagnostic.fix == "save the text as UTF-8"


@pytest.mark.parametrize(
    ("text", "where", "said", "fix"),
    [
        ('{"a": 1,}', "1:8", "a comma follows the last entry", "remove the trailing comma"),
        ("[\n  1,\n  2,\n]", "3:4", "a comma follows the last entry", "remove the trailing comma"),
        ("{'a': 1}", "1:2", "a string is in single quotes", "put it in double quotes"),
        ("{\"a\": 'b'}", "1:7", "a string is in single quotes", "put it in double quotes"),
        ("{\n  a: 1\n}", "2:3", "the key `a` is not in quotes", "put the key in double quotes"),
        ('{"a": yes}', "1:7", "`yes` is no JSON value", "put text in double quotes"),
        ('{"a": True}', "1:7", "`True` is no JSON value", "write `true`"),
        ('{"a": None}', "1:7", "`None` is no JSON value", "write `null`"),
        ('{"a": 1 "b": 2}', "1:8", "two entries have no comma between them", "add a comma here"),
        ('{"a": 1\n "b": 2}', "1:8", "two entries have no comma between them", "add a comma here"),
        ('{"a": "b"c"}', "1:10", "text follows the end of a string", 'write `\\"` for a double quote inside a string'),
        ('{"a" 1}', "1:6", "a key has no `:` after it", "write `:` between a key and its value"),
        ('{"a": "b}', "1:7", "a string is not closed", "close the string with a double quote"),
        ('{"a": "b\nc"}', "1:9", "a string holds a line break", "write `\\n` for a line break"),
        ('{"a": "\\d"}', "1:8", "a backslash that escapes nothing", "write `\\\\` for a backslash"),
        ('{"a": "\\u12"}', "1:9", "not followed by four hexadecimal digits", "write four hexadecimal digits"),
        ('{"a": 1', "1:8", "the text ends too early", "close every bracket"),
        ('{"a":', "1:6", "the text ends too early", "close every bracket"),
        ("{} {}", "1:4", "something follows the end of the value", "remove it"),
        ('{"a": 1, // one\n}', "1:10", "JSON has no comments", "remove the comment"),
        ('{"a": ]}', "1:7", "`]` stands where a value or a key must be", "remove it"),
        ('{"a": NaN}', "1:7", "`NaN`: a number must be finite", "write a finite number, or `null`"),
        ('{"NaN": "NaN", "a": -Infinity}', "1:21", "`-Infinity`: a number must be finite", "write a finite number"),
        ('{"a": 1e400}', "1:7", "`1e400`: a number must be finite", "write a finite number"),
        (f'{{"a": {"7" * 5000}}}', "1:7", "a number has too many digits", "write it as a string"),
        ('{"a": "\\ud83d"}', "1:7", "half of a surrogate pair", "write the character itself"),
    ],
)  # fmt: skip
def test_a_text_that_is_not_json_is_told_with_its_place_and_a_fix(text: str, where: str, said: str, fix: str) -> None:
    (diagnostic,) = refused(text)
    assert diagnostic.code == "malformed-json"
    assert place(diagnostic) == where
    assert said in diagnostic.message
    assert fix in diagnostic.fix


def test_the_excerpt_is_the_line_that_is_wrong() -> None:
    (diagnostic,) = refused('{\r\n  "a": 1,\r\n}')
    assert diagnostic.location is not None
    assert diagnostic.location.source == '  "a": 1,'


def test_flow_style_is_yaml_unless_the_document_says_it_is_json() -> None:
    assert read_document("{a: [1, no,],}", "file:///a.yaml").value == {"a": [1, "no"]}
    assert refused("{a: [1, no,],}", "file:///A.JSON?v=1#x")[0].code == "malformed-json"


def test_a_text_that_is_neither_json_nor_flow_style_is_told_as_json() -> None:
    (diagnostic,) = refused('{"a": 1 "b": 2}', "https://example.com/openapi")
    assert diagnostic.code == "malformed-json"


def test_a_constant_that_json_lacks_does_not_turn_into_text() -> None:
    assert refused('{"a": NaN}', "file:///a.yaml")[0].code == "malformed-json"


def test_every_repeated_key_is_told_with_the_first_one() -> None:
    text = '{\n  "a": {"x": 1, "y": 2, "\\u0078": 3},\n  "b": [0, {"z": 1,\n "z": 2}],\n  "a": 1\n}'
    assert [(each.code, place(each)) for each in refused(text)] == [
        ("duplicate-key", "2:26"),
        ("duplicate-key", "4:3"),
        ("duplicate-key", "5:4"),
    ]


def test_a_repeated_key_names_itself_its_pointer_and_the_first_one() -> None:
    (diagnostic,) = refused('{"p": [{"a/b": 1,\n  "a/b": 2}]}')
    assert diagnostic.message == "the key `a/b` occurs twice in one mapping"
    assert diagnostic.location is not None
    assert diagnostic.location.pointer == "/p/0/a~1b"
    assert [str(each.location) for each in diagnostic.related] == ["the.text:1:10"]


def test_a_text_with_very_many_repeated_keys_is_told_by_fifty_of_them() -> None:
    text = "{" + ",".join('"a": 1' for _ in range(1000)) + "}"
    assert len(refused(text)) == 50
