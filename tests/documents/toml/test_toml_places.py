"""Every key and value of a text in TOML is found where it stands."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arazzo_engine.documents.toml.places import spots_of

_TEXT = '''\
# a note = with signs
source-dir = ["a", 'b', # "not this"
  "c]"]

[servers]
"pay.ments" = "http://x#y"  # z
stock . 'the api' = 'its'
inline = {a = 1, "b c".d = [1,{z=2}], e = {}}
day = 2020-01-01 10:00:00 # no part of it
many = """
a = "b" ""\\""""
[env.staging.limits]
max-steps = +1_000
[[lists]]
first = true
'''


def _found(text: str) -> dict[tuple[str, ...], tuple[str, str]]:
    return {path: (text[slice(*spot.key)], text[slice(*spot.value)]) for path, spot in spots_of(text).items()}


def test_keys_and_values_are_where_they_stand() -> None:
    tomllib.loads(_TEXT)
    found = _found(_TEXT)
    assert found["source-dir",] == ("source-dir", '["a", \'b\', # "not this"\n  "c]"]')
    assert found["source-dir", "2"] == ('"c]"', '"c]"')
    assert found["servers",] == ("servers", "servers")
    assert found["servers", "pay.ments"] == ('"pay.ments"', '"http://x#y"')
    assert found["servers", "stock"] == ("stock . 'the api'", "'its'")
    assert found["servers", "stock", "the api"] == ("stock . 'the api'", "'its'")
    assert found["servers", "inline", "b c", "d", "1", "z"] == ("z", "2")
    assert found["servers", "inline", "e"] == ("e", "{}")
    assert found["servers", "day"] == ("day", "2020-01-01 10:00:00")
    assert found["servers", "many"] == ("many", '"""\na = "b" ""\\""""')
    assert found["env", "staging"] == ("env.staging.limits", "env.staging.limits")
    assert found["env", "staging", "limits", "max-steps"] == ("max-steps", "+1_000")
    assert found["lists", "first"] == ("first", "true")


def _written(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f"'{value}'"
        case list():
            return f"[ {' , '.join(map(_written, value))} ]"
        case dict():
            return f"{{ {', '.join(f'{name} = {_written(each)}' for name, each in value.items())} }}"
        case _:
            return str(value)


def _paths(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [each for name, part in parts for each in ((*path, str(name)), *_paths(part, (*path, str(name))))]


_NAMES = st.from_regex(r"[A-Za-z0-9_-]{1,4}", fullmatch=True)
_VALUES = st.recursive(
    st.one_of(
        st.integers(),
        st.booleans(),
        st.text(
            st.characters(codec="utf-8", exclude_characters="'\r\n", min_codepoint=32, exclude_categories=("Cc", "Cs"))
        ),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_NAMES, inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(_NAMES, _VALUES, max_size=4))
def test_every_part_of_any_text_has_a_place_that_holds_it(value: dict[str, Any]) -> None:
    text = "".join(f"{name} = {_written(each)}\n" for name, each in value.items())
    assert tomllib.loads(text) == value
    found = _found(text)
    assert sorted(found) == sorted(_paths(value))
    for path, (_, written) in found.items():
        part: Any = value
        for name in path:
            part = part[int(name)] if isinstance(part, list) else part[name]
        assert tomllib.loads(f"x = {written}") == {"x": part}


@pytest.mark.parametrize("text", ["", "\n# only a note", "[a]\r\nb = 1\r\n"])
def test_a_text_with_little_in_it_is_scanned_to_its_end(text: str) -> None:
    assert len(spots_of(text)) == (2 if "b" in text else 0)
