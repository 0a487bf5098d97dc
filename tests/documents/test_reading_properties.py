"""What holds for every text: values survive the way through a text, positions lead back, nothing else is raised."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.pointers import resolve_pointer
from arazzo_engine.documents.positions import Positions
from arazzo_engine.documents.reading import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["no", "12:30", "1_000", "=", "<<", "~", "0x1", "null", "a: b", "# c", "- d", "*e", "&f"])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
# pieces that texts of either kind are made of, so that the parsers are led further than noise would lead them
pieces = st.sampled_from(
    [*'{}[]:,"\'\n\t -?&*!|>%@`#~<=\\', "\n  ", "\n    ", ": ", "- ", "<<: ", "&a ", "*a", "a", "b", "1", ".inf", "0x",
     "!!int ", "null", "---\n", "...\n", "%YAML 1.1\n", "\\u", "\\ud800", "é", "😀", "\x00", "\x85", "\u2028",
     "\ufeff", "1e999", "NaN"]
)  # fmt: skip
texts = st.lists(pieces, max_size=40).map("".join) | st.text()
uris = st.sampled_from(["file:///a.json", "file:///a.yaml", "https://example.com/api"])


class Quoting(yaml.SafeDumper):
    """Writes every string in quotes: PyYAML writes YAML 1.1, where `0E0` is text and U+0085 breaks a line."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", data, style='"')


Quoting.add_representer(str, Quoting.represent_str)


def same(one: JsonValue, other: JsonValue) -> bool:
    # 1, 1.0 and True are equal in Python
    return json.dumps(one) == json.dumps(other)


@given(values, uris, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_a_value_survives_the_way_through_json(
    value: JsonValue, uri: str, indent: int | str | None, escape: object
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=bool(escape))
    if not (isinstance(value, dict | list | str) or uri.endswith(".json")):
        # a number or a word that stands alone is YAML
        text = f"[{text}]"
        value = [value]
    assert same(read_document(text, uri).value, value)
    assert same(read_document(text.encode(), uri).value, value)


@given(values)
def test_a_value_survives_the_way_through_yaml(value: JsonValue) -> None:
    text = yaml.dump({"value": value}, Dumper=Quoting, allow_unicode=False)
    assert same(read_document(text, "file:///a.yaml").value, json.loads(json.dumps({"value": value}, sort_keys=True)))


@given(texts, uris)
@settings(max_examples=500)
def test_no_text_raises_anything_but_a_diagnostic(text: str, uri: str) -> None:
    read = read_or_diagnose(text, uri)
    if not isinstance(read, tuple):
        assert_places(read)
        return
    assert read
    for each in read:
        assert each.location is not None
        assert 1 <= each.location.line <= text.count("\n") + 1
        # the end of a line is a place, and so is its carriage return, which is not shown
        assert 1 <= each.location.column <= len(each.location.source) + 2


@given(st.binary() | texts.map(lambda text: text.encode("utf-16", "surrogatepass")), uris)
def test_no_bytes_raise_anything_but_a_diagnostic(source: bytes, uri: str) -> None:
    assert read_or_diagnose(source, uri)


@given(texts, st.lists(st.sampled_from(["a", "b", "0", "1", ""]), max_size=3))
def test_every_text_has_a_place_for_every_pointer(text: str, pointer: list[str]) -> None:
    for of in ("value", "key"):
        span = Positions(text).span(tuple(pointer), of)
        assert 0 <= span.start <= span.start + span.width <= len(text)
        assert "\n" not in text[span.start : span.start + span.width]


@given(values, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_every_pointer_of_a_json_text_leads_to_its_value(
    value: JsonValue, indent: int | str | None, escape: object
) -> None:
    text = json.dumps([value], indent=indent, ensure_ascii=bool(escape))
    for pointer, scalar in leaves([value]):
        start = Positions(text).span(pointer, "value").start
        opening = start - isinstance(scalar, str)
        found, _ = json.JSONDecoder().raw_decode(text, opening)
        assert same(found, scalar)
        key = Positions(text).span(pointer, "key").start
        if isinstance(resolve_pointer([value], pointer[:-1]), dict):
            assert json.JSONDecoder().raw_decode(text, key - 1)[0] == pointer[-1]


def read_or_diagnose(source: str | bytes, uri: str) -> Document | tuple[Diagnostic, ...]:
    try:
        return read_document(source, uri)
    except ArazzoError as error:
        return error.diagnostics


def assert_places(document: Document) -> None:
    for pointer, scalar in leaves(document.value):
        span = Positions(document.text).span(pointer, "value")
        if span.is_plain and isinstance(scalar, str):
            assert document.text.startswith(scalar, span.start)


def leaves(value: JsonValue, pointer: Pointer = ()) -> Iterator[tuple[Pointer, JsonValue]]:
    if not isinstance(value, dict | list):
        yield pointer, value
        return
    for token, child in value.items() if isinstance(value, dict) else enumerate(value):
        yield from leaves(child, (*pointer, str(token)))
