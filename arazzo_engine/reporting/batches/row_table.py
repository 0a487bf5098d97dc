"""A number for each row of a batch, by the number of the row: a few bytes for each, since rows are close to each other.

Decides that one row which is far from all others, as nobody but a damaged file has it, takes no room for those between.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

from msgspec import field

from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from collections.abc import Iterator

# how many rows may be lacking between others, besides so many for each that is there
_GAP: Final = 1_000_000
_GAP_OF_EACH: Final = 16


class RowTable(SilentState):
    """Numbers from 0 on by the numbers of rows; what is not there is 0. ``kind`` is that of ``array``."""

    kind: str
    count: int = 0
    _near: array[int] = field(default_factory=lambda: array("B"))
    _far: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._near = array(self.kind)

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of the rows that have one, in the order of the rows."""
        yield from (each for each in self._near if each)
        yield from (self._far[row] for row in sorted(self._far))

    def get(self, row: int) -> int:
        """Return the number of a row."""
        found = self._near[row] if row < len(self._near) else 0
        return found or self._far.get(row, 0)

    def put(self, row: int, number: int) -> None:
        """Keep the number of a row in place of the one before it."""
        self.count += 1
        if row >= max(len(self._near), _GAP + _GAP_OF_EACH * self.count):
            self._far[row] = number
            return
        lacking = row + 1 - len(self._near)
        if lacking > 0:
            self._near.frombytes(bytes(lacking * self._near.itemsize))
        self._near[row] = number
        self._far.pop(row, None)
