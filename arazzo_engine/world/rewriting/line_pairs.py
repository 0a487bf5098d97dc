"""Which lines of two long texts are the same ones, found in a time that grows as the texts do.

Decides by the lines that stand once in each text: those that are in the same order in both are the same, and what is
between two of them is compared by itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Opcode: TypeAlias = "tuple[str, int, int, int, int]"

# what is between two pairs may be long where nearly nothing is the same
_LONG: Final = 5_000


def opcodes_of(before: Sequence[str], after: Sequence[str]) -> list[Opcode]:
    """Return what is equal, replaced, removed and put in, as ``difflib`` has it.

    >>> opcodes_of(["a", "b", "c"], ["a", "x", "c"])
    [('equal', 0, 1, 0, 1), ('replace', 1, 2, 1, 2), ('equal', 2, 3, 2, 3)]
    """
    found: list[Opcode] = []
    for each in _between_pairs(before, after):
        if found and each[0] == found[-1][0] == "equal":
            tag, start, _, new_start, _ = found.pop()
            found.append((tag, start, each[2], new_start, each[4]))
        else:
            found.append(each)
    return found


def _between_pairs(before: Sequence[str], after: Sequence[str]) -> Iterator[Opcode]:
    from difflib import SequenceMatcher  # noqa: PLC0415 - few differences are shown

    start = new_start = 0
    for end, new_end in (*_pairs(before, after), (len(before), len(after))):
        part, new_part = before[start:end], after[new_start:new_end]
        matcher = SequenceMatcher(None, part, new_part, autojunk=max(len(part), len(new_part)) > _LONG)
        for tag, first, last, new_first, new_last in matcher.get_opcodes():
            yield tag, start + first, start + last, new_start + new_first, new_start + new_last
        if end < len(before):
            yield "equal", end, end + 1, new_end, new_end + 1
        start, new_start = end + 1, new_end + 1


def _pairs(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Return the most lines that stand once in each text and in the same order in both."""
    counts, new_counts = Counter(before), Counter(after)
    places = {line: number for number, line in enumerate(after) if new_counts[line] == 1}
    ends: list[int] = []
    last: list[int] = []
    candidates: list[tuple[int, int, int]] = []
    for number, line in enumerate(before):
        if counts[line] != 1 or line not in places:
            continue
        at = bisect_left(ends, places[line])
        ends[at : at + 1], last[at : at + 1] = [places[line]], [len(candidates)]
        candidates.append((number, places[line], last[at - 1] if at else -1))
    found, at = [], last[-1] if last else -1
    while at >= 0:
        number, place, at = candidates[at]
        found.append((number, place))
    return found[::-1]
