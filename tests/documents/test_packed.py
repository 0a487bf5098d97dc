"""A packed value is the same value, whole and in parts, and damage is never taken for one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arazzo_engine.documents.packed import DamagedError, Packed, pack
from arazzo_engine.documents.pointers import resolve_pointer
from arazzo_engine.documents.values import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.pointers import Pointer

_SCALARS: Final = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
_VALUES: Final = st.recursive(
    _SCALARS,
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text(max_size=5), values, max_size=5),
    max_leaves=30,
)
# objects with many members, with large ones, and with both, one within the other
_LARGE: Final[dict[str, Any]] = {
    "many": {f"name {number}": {"number": number} for number in range(200)},
    "large": {"text": "x" * 20_000, "small": {"a": [1, {"b": None}]}, "": {"~/": 2**70}},
    "both": {f"{number}": {"text": "y" * 20_000, "n": 0.1} for number in range(70)},
    "empty": {},
    "deep": {"1": {"2": {"3": {"4": {"5": {"6": {"7": {"8": "z" * 20_000}}}}}}}},
}


class _Text:
    text = "the text"

    def __init__(self, value: Any) -> None:
        self.value = value
        self.rereadings = 0

    def reread(self) -> Any:
        self.rereadings += 1
        return self.value


def _pointers(value: Any, pointer: Pointer = ()) -> Iterator[Pointer]:
    yield pointer
    yield (*pointer, "no such member")
    for token, each in (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    ):
        yield from _pointers(each, (*pointer, str(token)))


def _same(one: Any, other: Any) -> bool:
    if one is ABSENT or other is ABSENT:
        return one is other
    return json.dumps(one) == json.dumps(other)


@settings(deadline=None)  # the machine may be busy
@given(_VALUES)
def test_every_part_of_a_packed_value_is_the_same(value: Any) -> None:
    packed = Packed(pack(value, {}), _Text(value))
    for pointer in _pointers(value):
        assert _same(packed.at(pointer), resolve_pointer(value, pointer))


def test_every_part_of_a_large_value_is_the_same_and_nothing_is_read_again() -> None:
    source = _Text(_LARGE)
    packed = Packed(pack(_LARGE, {}), source)
    for pointer in _pointers(_LARGE):
        assert _same(packed.at(pointer), resolve_pointer(_LARGE, pointer))
    assert source.rereadings == 0
    assert packed.text == "the text"


def test_a_part_is_read_without_the_rest() -> None:
    data = bytearray(pack(_LARGE, {}))
    at = data.index(b"yyyy")
    data[at] ^= 1
    source = _Text(_LARGE)
    packed = Packed(bytes(data), source)
    assert packed.at(("many", "name 7", "number")) == 7
    assert packed.at(("large", "small", "a", "1", "b")) is None
    assert source.rereadings == 0
    # the damaged part is read from the text
    assert packed.at(("both", "0", "text")) == "y" * 20_000
    assert source.rereadings == 1


@settings(deadline=None)  # the machine may be busy
@given(st.data())
def test_damage_is_never_taken_for_a_value(data: st.DataObject) -> None:
    value = {"paths": {f"/{number}": {"get": number} for number in range(70)}, "info": {"a": "b"}}
    whole = pack(value, {"rows": [["a", "b"]]})
    kind = data.draw(st.sampled_from(["flip", "cut", "garbage"]))
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = {
        "flip": whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :],
        "cut": whole[:at],
        "garbage": data.draw(st.binary(max_size=100)),
    }[kind]
    try:
        packed = Packed(damaged, _Text(value))
    except DamagedError:
        return
    assert packed.at(()) == value
    assert packed.derived("rows") in ([["a", "b"]], None)


def test_what_was_derived_is_kept_with_the_value() -> None:
    packed = Packed(pack({}, {"rows": [1, 2]}), _Text({}))
    assert packed.derived("rows") == [1, 2]
    assert packed.derived("other") is None


@pytest.mark.parametrize("data", [b"", b"\x00" * 12, b"\x00" * 7 + b"\x02\x00\x00\x00\x00{}"])
def test_bytes_without_an_index_are_refused(data: bytes) -> None:
    with pytest.raises(DamagedError):
        Packed(data, _Text(None))
