"""Parameters on the wire: the "Style Examples" of OpenAPI, what they leave open, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_core.deserializing.styles import util as openapi_core

from arazzo_engine.apis.descriptions.operations import In, ParameterDescription
from arazzo_engine.apis.urls import BaseUrl, request_url
from arazzo_engine.apis.wire_forms.parameters import (
    cookie_pairs,
    header_text,
    path_text,
    query_pairs,
    query_string,
)
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.reading import read_document

if TYPE_CHECKING:
    from collections.abc import Callable

_PLACE = read_document("{}", "file:///api.json").root()
_STRING, _ARRAY, _OBJECT = "blue", ["blue", "black", "brown"], {"R": 100, "G": 200, "B": 150}


def describe(location: str, style: str, *, explode: bool = False, **rest: Any) -> ParameterDescription:
    name = rest.pop("name", "color")
    return ParameterDescription(_PLACE, name, In(location), style=style, explode=explode, **rest)


def write(description: ParameterDescription, value: Any) -> str:
    match description.location:
        case In.PATH:
            return path_text(description, value)
        case In.QUERY:
            return "&".join(query_pairs(description, value))
        case In.QUERYSTRING:
            return "&".join(query_string(description, value))
        case In.HEADER:
            return header_text(description, value)
        case _:
            return "; ".join(cookie_pairs(description, value))


def refused(description: ParameterDescription, value: Any) -> list[str]:
    with pytest.raises(ArazzoError) as error:
        write(description, value)
    return [each.code for each in error.value.diagnostics]


# OpenAPI 3.2.0, Style Examples: style, explode, and the text for undefined, string, array, object
_STYLE_EXAMPLES = [
    ("path", "matrix", False, ";color", ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"),
    ("path", "matrix", True, ";color", ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"),
    ("path", "label", False, None, ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
    ("path", "label", True, None, ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
    ("path", "simple", False, None, "blue", "blue,black,brown", "R,100,G,200,B,150"),
    ("path", "simple", True, None, "blue", "blue,black,brown", "R=100,G=200,B=150"),
    ("header", "simple", False, "", "blue", "blue,black,brown", "R,100,G,200,B,150"),
    ("header", "simple", True, "", "blue", "blue,black,brown", "R=100,G=200,B=150"),
    ("query", "form", False, "color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    ("query", "form", True, "color=", "color=blue", "color=blue&color=black&color=brown", "R=100&G=200&B=150"),
    ("query", "spaceDelimited", False, "color=", "color=blue", "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"),
    ("query", "pipeDelimited", False, "color=", "color=blue", "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"),
    ("query", "deepObject", True, "color=", "color=blue", "color%5B0%5D=blue&color%5B1%5D=black&color%5B2%5D=brown", "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
    ("cookie", "form", False, "color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    ("cookie", "form", True, "color=", "color=blue", "color=blue; color=black; color=brown", "R=100; G=200; B=150"),
    ("cookie", "cookie", False, "color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    ("cookie", "cookie", True, "color=", "color=blue", "color=blue; color=black; color=brown", "R=100; G=200; B=150"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("location", "style", "explode", *("undefined", "string", "array", "object_")), _STYLE_EXAMPLES
)
def test_the_style_examples(
    location: str,
    style: str,
    explode: bool,
    undefined: str | None,
    string: str,
    array: str,
    object_: str,
) -> None:
    description = describe(location, style, explode=explode)
    assert [write(description, each) for each in (_STRING, _ARRAY, _OBJECT)] == [string, array, object_]
    for nothing in (None, ""):
        # in a path, nothing would change the route
        found = write(description, nothing) if undefined is not None else refused(description, nothing)
        assert found == (["value-unsendable"] if undefined is None else undefined)


@pytest.mark.parametrize(
    ("location", "style", "explode", "value", "text"),
    [
        ("query", "form", True, [], ""),
        ("query", "form", False, [], ""),
        ("query", "form", True, {}, ""),
        ("query", "pipeDelimited", False, [], ""),
        ("query", "deepObject", True, {}, ""),
        ("query", "form", True, ["", None], "color=&color="),
        ("query", "form", True, True, "color=true"),
        ("query", "form", True, 1.0, "color=1"),
        ("query", "form", True, 1e-7, "color=1e-7"),
        ("query", "form", False, [10.0, 0.5, 1e21], "color=10,0.5,1e%2B21"),
        ("query", "deepObject", True, {"a": [2.0]}, "color%5Ba%5D%5B0%5D=2"),
        ("query", "form", True, [[1.0, {"a": 1e-7}]], "color=%5B1%2C%7B%22a%22%3A1e-7%7D%5D"),
        ("path", "simple", False, 10.0, "10"),
        ("path", "label", True, {"a": -0.0}, ".a=0"),
        ("header", "simple", False, [1.0, 1e-7], "1,1e-7"),
        ("cookie", "form", True, 3.0, "color=3"),
        ("query", "form", True, 12345678901234567890, "color=12345678901234567890"),
        ("query", "form", True, [{"a": 1}], "color=%7B%22a%22%3A1%7D"),
        ("query", "form", False, ["a,b", "c"], "color=a%2Cb,c"),
        ("query", "form", True, "a b&c=d#e/f?g+%é", "color=a%20b%26c%3Dd%23e%2Ff%3Fg%2B%25%C3%A9"),
        ("query", "spaceDelimited", True, ["a", "b"], "color=a&color=b"),
        ("query", "pipeDelimited", True, ["a", "b"], "color=a&color=b"),
        ("query", "deepObject", False, {"a": 1}, "color%5Ba%5D=1"),
        ("query", "deepObject", True, {"a": {"b": ["x", {"c": None}]}, "d": True}, "color%5Ba%5D%5Bb%5D%5B0%5D=x&color%5Ba%5D%5Bb%5D%5B1%5D%5Bc%5D=&color%5Bd%5D=true"),
        ("query", "deepObject", True, [{"field": "Name", "direction": "asc"}], "color%5B0%5D%5Bfield%5D=Name&color%5B0%5D%5Bdirection%5D=asc"),
        ("query", "deepObject", True, {"a&b": "c]d"}, "color%5Ba%26b%5D=c%5Dd"),
        ("path", "matrix", True, [], ""),
        ("path", "matrix", False, {}, ""),
        ("path", "matrix", True, ["", "b"], ";color;color=b"),
        ("path", "simple", False, "a/b?c#d%2F é..", "a%2Fb%3Fc%23d%252F%20%C3%A9.."),
        ("path", "label", True, {"a.b": "/"}, ".a.b=%2F"),
        ("cookie", "form", True, "a;b=c,d", "color=a%3Bb%3Dc%2Cd"),
        ("cookie", "cookie", True, "a=b%3B", "color=a=b%3B"),
        ("header", "simple", False, "a, b;c é", "a, b;c é"),
        ("header", "simple", False, ["1", 2, None], "1,2,"),
    ],
)  # fmt: skip
def test_what_the_style_examples_leave_open(
    location: str,
    style: str,
    explode: bool,
    value: object,
    text: str,
) -> None:
    assert write(describe(location, style, explode=explode), value) == text


@pytest.mark.parametrize(
    ("location", "style", "value"),
    [
        ("query", "pipeDelimited", ["a|b"]),
        ("query", "spaceDelimited", {"a b": 1}),
        ("query", "form", "\ud800"),
        ("path", "simple", ".."),
        ("path", "simple", []),
        ("path", "label", ""),
        ("path", "label", {}),
        ("header", "simple", ["a,b", "c"]),
        ("header", "simple", "a\r\nb"),
        ("cookie", "cookie", "a;b"),
        ("cookie", "cookie", "a b"),
        ("cookie", "cookie", "é"),
        ("cookie", "form", "\udfff"),
    ],
)
def test_a_value_that_a_style_cannot_say_is_refused(location: str, style: str, value: object) -> None:
    assert refused(describe(location, style), value) == ["value-unsendable"]


@pytest.mark.parametrize(
    ("location", "style", "value"),
    [
        ("query", "form", ["a,b", "c"]),
        ("query", "form", {"a": "b,c"}),
        ("query", "spaceDelimited", ["a%20b"]),
        ("query", "pipeDelimited", ["a%7Cb"]),
        ("path", "simple", ["a,b"]),
        ("path", "matrix", {"a,b": 1}),
        ("cookie", "cookie", ["a,b", "c"]),
    ],
)
def test_a_reserved_value_that_would_be_read_as_two_is_refused(location: str, style: str, value: object) -> None:
    assert refused(describe(location, style, allow_reserved=True), value) == ["value-unsendable"]


@pytest.mark.parametrize(
    ("style", "value"), [("simple", ["a,b"]), ("simple", {"a": "b,c"}), ("matrix", ["a;b"]), ("matrix", {"a": "b;c"})]
)
def test_a_reserved_value_of_an_exploded_path_that_would_be_read_as_two_is_refused(style: str, value: object) -> None:
    assert refused(describe("path", style, explode=True, allow_reserved=True), value) == ["value-unsendable"]


@pytest.mark.parametrize("value", ["%2e%2E", ".%2e", "%2e", "..;x", ".;"])
def test_a_reserved_value_that_would_be_a_segment_of_dots_is_refused(value: str) -> None:
    assert refused(describe("path", "simple", allow_reserved=True), value) == ["value-unsendable"]


@pytest.mark.parametrize("value", ["%2e%2e", "..;x", "a/../b", "../a", "..\\a", "a.."])
def test_dots_that_are_encoded_into_one_segment_are_a_value(value: str) -> None:
    assert unquote(write(describe("path", "simple"), value)) == value


def test_a_value_that_nests_without_reason_is_refused() -> None:
    value: object = "x"
    for _ in range(100):
        value = [value]
    assert refused(describe("query", "deepObject"), value) == ["value-unsendable"]


@pytest.mark.parametrize(
    ("location", "style", "value", "text"),
    [
        ("query", "form", ":/?@!$'()*,;=", "color=:/?@!$'()*,;="),
        ("query", "form", "[]#&+ %", "color=%5B%5D%23%26%2B%20%25"),
        ("query", "form", "a%2Fb%zz", "color=a%2Fb%25zz"),
        ("query", "form", ["a/b", "c"], "color=a/b,c"),
        ("path", "simple", ":@!$&'()*+,;=", ":@!$&'()*+,;="),
        ("path", "simple", "a/b?c#d[%2F]", "a%2Fb%3Fc%23d%5B%2F%5D"),
    ],
)
def test_reserved_characters_pass_where_they_cannot_change_the_request(
    location: str, style: str, value: object, text: str
) -> None:
    assert write(describe(location, style, allow_reserved=True), value) == text


@pytest.mark.parametrize(
    ("location", "content_type", "value", "text"),
    [
        ("query", "application/json", {"a": ["é", 1]}, "color=%7B%22a%22%3A%5B%22%C3%A9%22%2C1%5D%7D"),
        ("query", "application/problem+json", "x", "color=%22x%22"),
        ("query", "text/plain", "a b", "color=a%20b"),
        ("query", "application/x-www-form-urlencoded", {"a": "b c"}, "color=a%3Db%2Bc"),
        ("path", "application/json", {"a": 1}, "%7B%22a%22%3A1%7D"),
        ("header", "application/json", {"a": [1]}, '{"a":[1]}'),
        ("header", "text/plain", '"etag"', '"etag"'),
        ("cookie", "application/json", [1], "color=%5B1%5D"),
        ("querystring", None, "filter=active&q={a b}&x=1%202", "filter=active&q=%7Ba%20b%7D&x=1%202"),
        ("querystring", "application/x-www-form-urlencoded", "?a=b#c", "a=b%23c"),
        ("querystring", "application/x-www-form-urlencoded", {"a": {"b": ["c d"]}}, "a%5Bb%5D%5B0%5D=c+d"),
        ("querystring", "Application/JSON", '{"a":1}', "%7B%22a%22%3A1%7D"),
        ("querystring", "application/json", {"a": 1}, "%7B%22a%22%3A1%7D"),
        ("querystring", None, "", ""),
    ],
)
def test_a_parameter_with_content_is_written_as_its_media_type(
    location: str, content_type: str | None, value: object, text: str
) -> None:
    assert write(describe(location, "form", content_type=content_type), value) == text


# --- the way back ---

# openapi-core splits after it has decoded, so that no value may have a delimiter in it
_WORDS = st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters=",.;=|&"), min_size=1)
_ARRAYS = st.lists(_WORDS, min_size=1)
_OBJECTS = st.dictionaries(st.from_regex(r"[a-z]\w*", fullmatch=True).filter(str.isascii), _WORDS, min_size=1)


class _Query(dict[str, Any]):
    """The query as a framework gives it to openapi-core: decoded, names with several values."""

    def __init__(self, text: str) -> None:
        self.pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True)
        super().__init__(self.pairs)

    def getlist(self, name: str) -> list[str]:
        return [value for each, value in self.pairs if each == name]

    def getall(self, name: str) -> list[str]:
        return self.getlist(name)


def _query(text: str, _key: str) -> dict[str, Any]:
    return _Query(text)


def _undecoded_query(text: str, _key: str) -> dict[str, Any]:
    # openapi-core looks for `%20`, which is a space in every query that was read
    name, _, value = text.partition("=")
    return {name: value}


def _path(text: str, key: str) -> dict[str, Any]:
    return {key: unquote(text)}


def _exploded_query_object(text: str, key: str) -> dict[str, Any]:
    # openapi-core wants the pairs of an exploded object as the one value of its name
    return {key: "&".join(f"{name}={value}" for name, value in parse_qsl(text))}


def _plain(text: str, key: str) -> dict[str, Any]:
    return {key: text}


_WAYS_BACK: list[tuple[str, str, bool, str, str, Callable[..., Any], Callable[[str, str], dict[str, Any]]]] = [
    ("query", "form", True, "array", "color", openapi_core.form_loads, _query),
    ("query", "form", False, "array", "color", openapi_core.form_loads, _query),
    ("query", "form", True, "string", "color", openapi_core.form_loads, _query),
    ("query", "form", False, "object", "color", openapi_core.form_loads, _query),
    ("query", "form", True, "object", "color", openapi_core.form_loads, _exploded_query_object),
    ("query", "pipeDelimited", False, "array", "color", openapi_core.pipe_delimited_loads, _query),
    ("query", "pipeDelimited", False, "object", "color", openapi_core.pipe_delimited_loads, _query),
    ("query", "spaceDelimited", False, "array", "color", openapi_core.space_delimited_loads, _undecoded_query),
    ("query", "deepObject", True, "object", "color", openapi_core.deep_object_loads, _query),
    ("path", "simple", False, "array", "color", openapi_core.simple_loads, _path),
    ("path", "simple", True, "object", "color", openapi_core.simple_loads, _path),
    ("path", "simple", False, "object", "color", openapi_core.simple_loads, _path),
    ("path", "label", False, "array", ".color", openapi_core.label_loads, _path),
    ("path", "label", True, "array", ".color*", openapi_core.label_loads, _path),
    ("path", "label", True, "object", ".color*", openapi_core.label_loads, _path),
    ("path", "label", False, "string", ".color", openapi_core.label_loads, _path),
    ("path", "matrix", False, "array", ";color", openapi_core.matrix_loads, _path),
    ("path", "matrix", True, "array", ";color*", openapi_core.matrix_loads, _path),
    ("path", "matrix", False, "object", ";color", openapi_core.matrix_loads, _path),
    ("path", "matrix", True, "object", ";color*", openapi_core.matrix_loads, _path),
    ("cookie", "form", False, "array", "color", openapi_core.form_loads, _undecoded_query),
]


@pytest.mark.parametrize(("location", "style", "explode", "type_", "key", "read", "arrive"), _WAYS_BACK)
@settings(max_examples=30)
@given(data=st.data())
def test_openapi_core_reads_back_what_was_written(
    location: str,
    style: str,
    explode: bool,
    type_: str,
    key: str,
    read: Any,
    arrive: Any,
    data: st.DataObject,
) -> None:
    value = data.draw({"string": _WORDS, "array": _ARRAYS, "object": _OBJECTS}[type_])
    text = write(describe(location, style, explode=explode), value)
    assert text.isascii()
    found = read(explode, "color", type_, arrive(text, key))
    if arrive is _undecoded_query:
        found = [unquote(each) for each in found]
    assert found == value


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.booleans())
def test_a_path_value_never_changes_the_route(value: str, allow_reserved: bool) -> None:
    try:
        text = path_text(describe("path", "simple", allow_reserved=allow_reserved), value)
    except ArazzoError:
        return
    assert not set(text) & set("/?# ")
    url = request_url(BaseUrl("https://h", "/v1"), "/things/{color}/parts", {"color": text})
    assert url.count("/") == 6
    if not allow_reserved:
        assert unquote(text) == value


@given(st.text(st.characters(exclude_categories=["Cs"])), st.booleans())
def test_a_query_value_never_ends_early(value: str, allow_reserved: bool) -> None:
    (pair,) = query_pairs(describe("query", "form", allow_reserved=allow_reserved), value)
    assert pair.isascii()
    assert not set(pair) & set("&#+ ")
    if not allow_reserved:
        assert parse_qsl(pair, keep_blank_values=True) == [("color", value)]
