"""One row of a table of repairs: its example, and the function that decides what it recognises and writes.

Which rows there are, and in which order they are tried, is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from arazzo_engine.documents.json.writing import json_text
from arazzo_engine.edits import Applicability

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names
    from arazzo_engine.language.repairs.sites import Kind

# a person would not write more by hand
_LONGEST_FIX: Final = 1_000
_LONGEST_SHOWN: Final = 160
# what is shown in front of the first difference of long texts
_BEFORE: Final = 40
_Correct: TypeAlias = "Callable[[JsonValue, Names], JsonValue]"


def nothing(_value: JsonValue, _names: Names) -> JsonValue:
    """Repair nothing: the row makes its repair by the kind of object."""
    return None


class Repair(Struct, frozen=True):
    """One row: what it is called, why it is made, an example before and after, where it looks and what it does.

    A *safe* one is made whenever a document is read; an *unsafe* one by ``arazzo fix --unsafe`` alone; one that is only
    *shown* by nobody: its example says what a person would write. What one writes that ``is_own`` has an extension of
    this engine, and means nothing elsewhere: it is read so, and ``arazzo fix`` writes it with ``--unsafe`` alone.
    """

    name: str
    reason: str
    found: str
    written: str
    kinds: tuple[Kind, ...]
    correct: _Correct
    applicability: Applicability = Applicability.SAFE
    is_own: bool = False
    of_kind: Callable[[Kind, JsonValue], JsonValue] | None = None

    def make(self, kind: Kind, value: JsonValue, names: Names) -> JsonValue:
        """Return what stands at a place of that kind after this repair, ``None`` when there is nothing to repair."""
        return self.correct(value, names) if self.of_kind is None else self.of_kind(kind, value)


def fix_by_writing(written: str, *, is_own: bool = False) -> str:
    """Return the fix that is to write something: whole, for what is cut nobody can write; what is too long is shown.

    What only this engine reads, ``is_own``, is shown to those who ask for it.
    """
    if len(written) <= _LONGEST_FIX:
        return f"write {written}"
    return f"write what `arazzo fix{' --unsafe' if is_own else ''}` shows"


def read_as(found: str, written: str, longest: int = _LONGEST_SHOWN) -> str:
    """Return that one text is read as another, never as what looks the same: long ones from where they begin to differ.

    >>> read_as("$inputs.id[0]", "$inputs.id#/0"), read_as("regex ", "regex")
    ('`$inputs.id[0]` is read as `$inputs.id#/0`', '`"regex "` is read as `"regex"`')
    """
    one, other = shortened(found, longest), shortened(written, longest)
    if one == other:
        start = max(0, _length_of_same(found, written) - _BEFORE)
        before = "…" if start else ""
        pieces = found[start:], written[start:]
        one, other = (f"{before}{shortened(each, longest)}" for each in pieces)
        if one == other:
            one, other = (f"{before}{json_text(each[:longest])}" for each in pieces)
    return f"`{one}` is read as `{other}`"


def _length_of_same(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, pair in pairs if pair[0] != pair[1]), min(len(one), len(other)))


def shortened(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """Return a text in one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest] + "…"
