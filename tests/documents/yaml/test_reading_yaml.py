"""What a YAML text becomes: the core schema of YAML 1.2, and what of YAML a JSON value cannot hold."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING

import pytest
import yaml
from refusals import place, refused

from arazzo_engine.documents.reading import read_document

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

URI = "file:///a.yaml"


def read(text: str) -> JsonValue:
    return read_document(text, URI).value


@pytest.fixture(params=["libyaml", "PyYAML's own parser"], autouse=True)
def _parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    # some wheels of PyYAML come without libyaml
    if request.param == "libyaml" and not yaml.__with_libyaml__:
        pytest.skip("PyYAML was built without libyaml")
    if request.param != "libyaml":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        *((text, None) for text in ("", "~", "null", "Null", "NULL")),
        *((text, True) for text in ("true", "True", "TRUE")),
        *((text, False) for text in ("false", "False", "FALSE")),
        ("0", 0), ("-12", -12), ("+12", 12), ("007", 7), ("0o17", 15), ("0xFf", 255),
        ("12345678901234567890123456789", 12345678901234567890123456789),
        ("1.5", 1.5), ("-.5", -0.5), ("1.", 1.0), ("1e3", 1000.0), ("6.02E+23", 6.02e23), ("3.1", 3.1),
    ],
)  # fmt: skip
def test_a_plain_scalar_is_what_the_core_schema_says(scalar: str, value: JsonValue) -> None:
    found = read(f"a: {scalar}")["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "scalar",
    ["no", "yes", "on", "off", "y", "nULL", "tRUE", "12:30", "190:20:30", "1_000", "2024-01-31", "2024-01-31T10:00:00Z",
     "=", "<<", "0b11", "0o8", "0xg", "-0o7", "1.2.3", "1e", ".", "-a", "+", "e5", ".5.", "nan",
     "inf", "\u0663", "\uff11\uff12"],
)  # fmt: skip
def test_what_the_core_schema_does_not_name_is_text(scalar: str) -> None:
    assert read(f"- {scalar}")[0] == scalar


@pytest.mark.parametrize("scalar", ["'1'", '"1"', "!!str 1", "! 1", "|-\n  1", ">-\n  1"])
def test_a_scalar_that_says_so_is_text(scalar: str) -> None:
    assert read(f"a: {scalar}") == {"a": "1"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!!int 12", 12), ("!!int '12'", 12), ("!!float 1", 1.0), ("!!float '1.5'", 1.5), ("!!bool 'true'", True),
        ("!!null ''", None), ("!!map {a: 1}", {"a": 1}), ("!!seq [1]", [1]), ("!<tag:yaml.org,2002:str> 1", "1"),
    ],
)  # fmt: skip
def test_the_tags_of_json_are_obeyed(text: str, value: JsonValue) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("text", "key"),
    [("200: OK", "200"), ("0x10: a", "0x10"), ("true: a", "true"), ("~: a", "~"), ("null: a", "null"), ("? \n: a", ""),
     ("2024-01-31: a", "2024-01-31"), ("!!int 5: a", "5"), ("'<<': a", "<<"), ("? |-\n  k\n: a", "k"),
     ("1.10: a", "1.10")],
)  # fmt: skip
def test_a_key_is_its_text(text: str, key: str) -> None:
    assert list(read(text)) == [key]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("# nothing\n", None), ("---\n...\n", None), ("--- 5\n...\n", 5),
        ("%YAML 1.2\n---\na: 1", {"a": 1}),
        ("a: |\n  x\n  y\nb: >\n  x\n  y\n", {"a": "x\ny\n", "b": "x y\n"}),
        ("- - 1\n  - 2\n- {}\n- []", [[1, 2], {}, []]),
        ('"a": "\\u00e9"', {"a": "é"}),
    ],
)  # fmt: skip
def test_a_text_becomes_its_value(text: str, value: JsonValue) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: &x {k: 1}\nb: *x", {"k": 1}),
        ("a: &x 200\nb: *x", 200),
        ("a: &x [1]\nc: &x [2]\nb: *x", [2]),
        ("&x a: 1\nb: *x", "a"),
        ("a: &x {k: 1, l: 1}\nb:\n  <<: *x\n  k: 2", {"k": 2, "l": 1}),
        ("a: &x {k: 1, l: 1}\nb:\n  k: 2\n  <<: *x", {"k": 2, "l": 1}),
        ("b:\n  <<: [{k: 1}, {k: 2, l: 2}]", {"k": 1, "l": 2}),
        ("a: &x {k: 1}\nc: &y {<<: *x, l: 2}\nb: {<<: *y}", {"k": 1, "l": 2}),
        ("b: {<<: {}, <<x: 1}", {"<<x": 1}),
    ],
)
def test_aliases_and_merge_keys_are_expanded(text: str, value: JsonValue) -> None:
    assert read(text)["b"] == value


def test_an_alias_may_be_a_key() -> None:
    assert read("a: &x 200\nb: {*x : 1}") == {"a": 200, "b": {"200": 1}}


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("a: 1\nb: .inf", "2:4", "`.inf`: a number must be finite"),
        ("a: -.INF", "1:4", "`-.INF`: a number must be finite"),
        ("a: .nan", "1:4", "`.nan`: a number must be finite"),
        ("a: 1e999", "1:4", "`1e999`: a number must be finite"),
        (f"a: {'7' * 5000}", "1:4", "a number has more than 3,500 digits"),
        ("a: !!int x", "1:4", "`x` has the tag `!!int`, but is something else"),
        ("a: !!float x", "1:4", "`x` has the tag `!!float`, but is something else"),
        ("a: !!bool 'yes'", "1:4", "`yes` has the tag `!!bool`"),
        ("a: !secret x", "1:4", "the tag `!secret` has no meaning in JSON"),
        ("a: !!binary x", "1:4", "the tag `!!binary` has no meaning in JSON"),
        ("a: !!set {x}", "1:4", "the tag `!!set` has no meaning in JSON"),
        ("a: !!seq {x: 1}", "1:4", "the tag `!!seq` has no meaning in JSON"),
        ("{a: 1}: b", "1:1", "a key is a mapping or a sequence"),
        ("? - a\n: b", "1:3", "a key is a mapping or a sequence"),
        ("a: {{ name", "1:5", "a key is a mapping or a sequence"),
        ("a: &x [1]\n*x : 2", "2:1", "a key is a mapping or a sequence"),
        ("a: &x\n  b: *x", "2:6", "the alias `*x` stands inside what it refers to"),
        ("a: 1\n---\nb: 2", "2:1", "a second YAML document"),
        ("a: {<<: 1}", "1:5", "`<<` merges a mapping or a sequence of mappings"),
        ("a: {<<: [{}, 1]}", "1:5", "`<<` merges a mapping or a sequence of mappings"),
    ],
)  # fmt: skip
def test_what_json_cannot_hold_is_refused_where_it_stands(text: str, where: str, said: str) -> None:
    (diagnostic,) = refused(text, URI)
    assert (diagnostic.code, place(diagnostic)) == ("yaml-feature", where)
    assert said in diagnostic.message
    assert diagnostic.fix


@pytest.mark.parametrize(
    ("text", "value"), [('a: !int "14"', "14"), ("a: !float 1.5", "1.5"), ("a: !bool 'true'", "true")]
)
def test_a_tag_of_another_tool_that_makes_a_number_is_told_by_the_number(text: str, value: str) -> None:
    (diagnostic,) = refused(text, URI)
    assert diagnostic.fix == f"write `{value}`, without the tag and without quotes"


@pytest.mark.parametrize("text", ["a: !secret x", "a: !!binary x", "a: !float $inputs.n"])
def test_a_tag_of_another_tool_is_removed_or_is_text(text: str) -> None:
    (diagnostic,) = refused(text, URI)
    assert diagnostic.fix == "remove the tag, or put it in quotes with the value if it is text"


_ALONE = "write `$inputs.sku` for the value as it is, or `'{$inputs.sku}'` for a text"
_LONGER = "write `{$inputs.sku}` instead, and put the whole value in quotes"
_OTHER = "put the whole value in quotes if it is text"


@pytest.mark.parametrize(
    ("text", "where", "written", "fix"),
    [
        ("a: {{ inputs.sku }}", "1:4", "{{ inputs.sku }}", _ALONE),
        ("a: {{$inputs.sku}} # so", "1:4", "{{$inputs.sku}}", _ALONE),
        ("a: [{{ $inputs.sku }}]", "1:5", "{{ $inputs.sku }}", _ALONE),
        ("a: {b: {{ inputs.sku }}}", "1:8", "{{ inputs.sku }}", _ALONE),
        ("a: {{{ inputs.sku }}}", "1:4", "{{{ inputs.sku }}}", _ALONE),
        ("{{ inputs.sku }}: a", "1:1", "{{ inputs.sku }}", _ALONE),
        ("a: {{ inputs.sku }}-b", "1:4", "{{ inputs.sku }}", _LONGER),
        ("a: {{ sku }}", "1:4", "{{ sku }}", _OTHER),
        ("a: {{ inputs.sku | upper }}", "1:4", "{{ inputs.sku | upper }}", _OTHER),
        ("a: {{}}", "1:4", "{{}}", _OTHER),
    ],
)
def test_double_braces_without_quotes_are_told(text: str, where: str, written: str, fix: str) -> None:
    (diagnostic,) = refused(text, URI)
    assert (diagnostic.code, place(diagnostic), diagnostic.fix) == ("yaml-feature", where, fix)
    said = "without quotes is a mapping whose key is a mapping, and nothing replaces double braces"
    assert diagnostic.message == f"`{written}` {said}"


@pytest.mark.parametrize(
    ("text", "where", "first"),
    [
        ("a: 1\nb: 2\na: 3", "3:1", "1:1"),
        ("p:\n  200: x\n  '200': y", "3:4", "2:3"),
        ("p: [{k: 1, k: 1}]", "1:12", "1:6"),
        ("a: &x k\nb: {*x : 1, k: 2}", "2:13", "2:5"),
        ("a: {<<: {}, <<: {}}", "1:13", "1:5"),
    ],
)
def test_a_repeated_key_is_told_with_the_first_one(text: str, where: str, first: str) -> None:
    (diagnostic,) = refused(text, URI)
    assert (diagnostic.code, place(diagnostic)) == ("duplicate-key", where)
    assert str(diagnostic.related[0].location) == f"the.text:{first}"


def test_a_mistake_behind_a_repeated_key_comes_first() -> None:
    assert [each.code for each in refused("a: 1\na: 2\nb: @", URI)] == ["malformed-yaml"]


def test_the_garbage_collector_is_on_again_after_reading() -> None:
    read("a: 1")
    refused("a: @", URI)
    assert gc.isenabled()


def test_the_garbage_collector_stays_off_where_it_was_off() -> None:
    gc.disable()
    try:
        read("a: 1")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_several_threads_read_at_once_and_leave_the_garbage_collector_on() -> None:
    text = "".join(f"key{number}: [1, two, 3.5]\n" for number in range(2000))
    values: list[JsonValue] = []
    threads = [threading.Thread(target=lambda: values.append(read(text))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(values) == 4
    assert all(value == values[0] for value in values)
    assert gc.isenabled()
