"""The difference of two texts of a document: as lines that ``patch`` takes, and where a place of one is in the other.

Decides which lines are the same. It never lets a line that stands in a text very often count as none, as ``difflib``
does by itself; in a long text the lines that stand there once say which others are compared.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.world.rewriting.line_pairs import opcodes_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from difflib import SequenceMatcher

    from arazzo_engine.world.rewriting.line_pairs import Opcode

_AROUND: Final = 3
# of longer texts, all lines with all others would take too much time
_LONG: Final = 300


class Difference(Struct, frozen=True, dict=True):
    """Two texts of one document, before and after."""

    name: str
    before: str
    after: str

    @cached_property
    def _lines(self) -> tuple[list[str], list[str]]:
        return self.before.splitlines(keepends=True), self.after.splitlines(keepends=True)

    @cached_property
    def _matcher(self) -> SequenceMatcher[str]:
        from difflib import SequenceMatcher  # noqa: PLC0415 - few differences are shown

        matcher = SequenceMatcher(None, *self._lines, autojunk=False)
        if max(map(len, self._lines)) > _LONG:
            # where the matcher has them, it looks for none
            matcher.opcodes = opcodes_of(*self._lines)  # type: ignore[attr-defined]  # not in the stubs
        return matcher

    @cached_property
    def _opcodes(self) -> tuple[Opcode, ...]:
        return tuple(self._matcher.get_opcodes())

    def unified(self) -> str:
        """Return the unified difference, empty when there is none."""
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in self._told()
        )

    def _told(self) -> Iterator[str]:
        before, after = self._lines
        # grouping them shortens the list that the matcher has of them
        _ = self._opcodes
        for number, group in enumerate(self._matcher.get_grouped_opcodes(_AROUND)):
            if number == 0:
                yield from (f"--- {self.name}\n", f"+++ {self.name}\n")
            first, last = group[0], group[-1]
            yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n"
            for tag, start, end, new_start, new_end in group:
                sign = " " if tag == "equal" else "-"
                yield from (f"{sign}{line}" for line in before[start:end])
                yield from (f"+{line}" for line in after[new_start:new_end] if tag != "equal")

    def place_before(self, line: int, column: int) -> tuple[int, int]:
        """Return where a place of the text after is in the text before, or what is there instead; both count from 1."""
        before, after = self._lines
        for tag, start, end, new_start, new_end in self._opcodes:
            if not new_start < line <= new_end:
                continue
            found = min(start + line - 1 - new_start, max(start, end - 1), len(before) - 1)
            is_there = tag in {"equal", "replace"}
            return found + 1, _column(before[found], after[line - 1], column) if is_there else 1
        return line, column


def _column(before: str, after: str, column: int) -> int:
    shared = _shared(before, after)
    if column <= shared + 1:
        return column
    tail = _shared(before[::-1], after[::-1])
    left = len(after) - column + 1
    return len(before) - left + 1 if left <= tail else shared + 1


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    least = min(len(one), len(other))
    return next((index for index in range(least) if one[index] != other[index]), least)


def _range(start: int, end: int) -> str:
    count = end - start
    if count == 1:
        return f"{start + 1}"
    # an empty range is named by the line before it
    return f"{start + bool(count)},{count}"
