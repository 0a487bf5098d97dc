"""Why a text is no TOML is told in plain words, at its place, with no part of it."""

from __future__ import annotations

import tomllib

import pytest

from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.toml.text import read_toml

_REFUSED = {
    "a=1\na=2": ("a key stands twice in one table", 7),
    "a.b=1\n[a.b]": ("a key stands twice in one table", 11),
    "a = {x=1,x=2}": ("a key stands twice in one table", 12),
    "[a]\n[a]": ("a table is declared twice", 6),
    "[a": ("a bracket is not closed", 2),
    "a = [1, 2": ("a bracket is not closed", 9),
    'a = "x': ("a string is not closed", 6),
    "a = 'x": ("a string is not closed", 6),
    "a = '''x": ("a string is not closed", 8),
    'a = """x': ("a string is not closed", 8),
    'a = "x\n"': ("a string is not closed on its line, or holds a control character", 6),
    'a = "\\q"': ("a string holds a backslash that escapes nothing", 7),
    "a = b": ("what stands here is no value", 4),
    "a = ": ("what stands here is no value", 3),
    "a. = 1": ("what stands here is no key", 3),
    "= 3": ("this is neither a key nor a table", 0),
    "a": ("a key has no `=` after it", 1),
    "x = 1\r\na = 1 2": ("something follows the end of a value", 12),
}


@pytest.mark.parametrize("text", _REFUSED)
def test_a_text_that_is_no_toml_is_told_in_plain_words(text: str) -> None:
    with pytest.raises(MalformedText) as refused:
        read_toml(text)
    message, offset = _REFUSED[text]
    assert (refused.value.message, bool(refused.value.fix)) == (message, True)
    assert abs(refused.value.offset - offset) <= 1


def test_brackets_without_an_end_are_refused() -> None:
    with pytest.raises(MalformedText, match="nests too deep"):
        read_toml("a = " + "[" * 10_000)


def test_what_is_toml_is_read_by_the_standard_library() -> None:
    text = "a.b = [1, 'x']\n[c]\nd = 2026-01-01"
    assert read_toml(text) == tomllib.loads(text)
