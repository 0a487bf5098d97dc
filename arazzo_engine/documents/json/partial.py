"""JSON texts of which a part cannot be held: what can be read is read, and only the member that cannot is lost.

Decides what is lost: the smallest member that has a number without a finite value, one with too many digits, half a
character, or more levels than may be. An array has no holes, so an element that cannot be read takes the member along
in which its array stands. Where nothing contains it, nothing is left. Whether a text may be read in part is not known
here.
"""

from __future__ import annotations

import json
import math
from enum import Enum
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.documents.pointers import render_pointer

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue


class _Unreadable(Enum):
    """Stands where a value cannot be held, until what contains it is left out."""

    HERE = "here"


_HERE: Final = _Unreadable.HERE


class PartlyRead(Struct):
    """What could be read; ``lost`` has a JSON Pointer for each member that could not."""

    value: JsonValue = None
    lost: list[str] = field(default_factory=list)
    repeats: bool = False

    def members(self, pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
        """Take the members of an object; the last of one name counts."""
        found = dict(pairs)
        self.repeats = self.repeats or len(found) != len(pairs)
        return found


def read_partly(text: str, depth: int) -> PartlyRead | None:
    """Return what can be read of a JSON text, ``None`` when it is no JSON, or nothing of it can be read."""
    read = PartlyRead()
    try:
        value = json.loads(
            text, object_pairs_hook=read.members, parse_float=_float, parse_int=_int, parse_constant=_constant
        )
    except (ValueError, RecursionError):
        return None
    read.value = _Reading(read.lost).readable(value, "", depth)
    return None if read.value is _HERE else read


def _float(literal: str) -> float | _Unreadable:
    number = float(literal)
    return number if math.isfinite(number) else _HERE


def _int(literal: str) -> int | _Unreadable:
    try:
        return int(literal)
    except ValueError:
        # the interpreter refuses to convert integers of more than some 4,000 digits, as that takes quadratic time
        return _HERE


def _constant(_name: str) -> _Unreadable:
    return _HERE


class _Reading(Struct, frozen=True):
    """Takes out what cannot be held; ``lost`` gets the place of each member that is gone."""

    lost: list[str]

    def readable(self, value: JsonValue, at: str, levels: int) -> JsonValue:
        match value:
            case str():
                return value if _is_whole(value) else _HERE
            case dict() | list() if levels == 0:
                return _HERE
            case dict():
                return self._members(value, at, levels - 1)
            case list():
                elements = [self.readable(each, f"{at}/{place}", levels - 1) for place, each in enumerate(value)]
                return _HERE if any(each is _HERE for each in elements) else elements
            case _:
                return value

    def _members(self, whole: dict[str, JsonValue], at: str, levels: int) -> dict[str, JsonValue]:
        found = {}
        for name, each in whole.items():
            place = at + render_pointer((name,))
            value = self.readable(each, place, levels) if _is_whole(name) else _HERE
            if value is _HERE:
                self.lost.append(place)
            else:
                found[name] = value
        return found


def _is_whole(text: str) -> bool:
    # RFC 8259, section 8.2: "bit sequences that cannot encode Unicode characters; for example, "\uDEAD""
    return text.isascii() or not any("\ud800" <= each <= "\udfff" for each in text)
