"""Why rows of a batch did not succeed: each reason once, with how many rows have it, in room that does not grow.

Decides how many reasons are kept, and how many of them a person is told; of the other rows only the number is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from arazzo_engine.printable import in_line
from arazzo_engine.reporting.lines.widths import fill, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_KEPT: Final = 20
_MOST_TOLD: Final = 5


class Reason(Struct):
    """How many rows have a reason, and the first of them."""

    rows: int
    first: int

    @property
    def label(self) -> str:
        """The rows, for a person."""
        return f"row {self.first:,}" if self.rows == 1 else f"{self.rows:,} rows, first row {self.first:,}"


class Reasons(Struct):
    """The reasons that came first, and how many rows have others."""

    kept: dict[str, Reason] = field(default_factory=dict)
    others: int = 0

    def add(self, text: str, row: int) -> None:
        """Count a row."""
        self._add(text, Reason(1, row))

    def merge(self, more: Reasons) -> None:
        """Count what another has counted, too."""
        for text, reason in more.kept.items():
            self._add(text, reason)
        self.others += more.others

    def _add(self, text: str, more: Reason) -> None:
        known = self.kept.get(text)
        if known is not None:
            self.kept[text] = Reason(known.rows + more.rows, min(known.first, more.first))
        elif len(self.kept) < _MOST_KEPT:
            self.kept[text] = more
        else:
            self.others += more.rows

    def lines(self) -> Iterator[str]:
        """Yield the reasons for a person, those of most rows first."""
        told = sorted(self.kept.items(), key=lambda each: (-each[1].rows, each[1].first))
        width = max((width_of(reason.label) for _, reason in told[:_MOST_TOLD]), default=0)
        for text, reason in told[:_MOST_TOLD]:
            yield f"  {fill(reason.label, width)}  {in_line(text)}"
        rest = self.others + sum(reason.rows for _, reason in told[_MOST_TOLD:])
        if rest:
            yield f"  {rest:,} more row{'' if rest == 1 else 's'} for other reasons"

    def to_json(self) -> list[dict[str, Any]]:
        """Return the reasons that are kept as a JSON array."""
        return [{"reason": text, "rows": each.rows, "firstRow": each.first} for text, each in self.kept.items()]
