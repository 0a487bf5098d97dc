"""A JSON value that is written as YAML is read back as the same value, whatever its texts look like."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arazzo_engine.documents.reading import read_document
from arazzo_engine.documents.yaml.writing import write_yaml

_WORDS = (
    "1e3",
    "0o17",
    "12:30",
    "no",
    "~",
    "2026-01-01",
    ".5",
    "1e999",
    "-",
    "a: b",
    "# a",
    " a",
    "<<",
    "true",
    "\x85",
    "a\u2028b",
    "\r",
)
_TEXTS = st.sampled_from(_WORDS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_NUMBERS = st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)
_VALUES = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(_VALUES)
def test_any_value_is_read_back_as_it_was(value: object) -> None:
    read = read_document(write_yaml({"value": value}), "file:///it.yaml").value["value"]
    assert json.dumps(read) == json.dumps(value)


@pytest.mark.parametrize("text", ["1e3", "0o17", "no", "2026-01-01"])
def test_a_text_that_some_reader_takes_for_something_else_is_quoted(text: str) -> None:
    assert write_yaml({"a": text}) == f"a: '{text}'\n"


def test_a_value_that_stands_twice_is_written_twice() -> None:
    value = ["x"]
    assert write_yaml({"a": value, "b": value}) == "a:\n- x\nb:\n- x\n"
