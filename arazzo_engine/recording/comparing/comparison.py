"""What came of comparing two runs: what differs in each attempt, where in a document that was decided, how far it goes.

Decides how it is told, as text and as JSON. What makes a difference is decided by ``differences``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from arazzo_engine.printable import bold, one_line
from arazzo_engine.recording.comparing.differences import Difference
from arazzo_engine.secret_names import hide_in_urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.diagnostics import Diagnostic, Location
    from arazzo_engine.recording.comparing.attempts import Attempt

_WIDEST: Final = 160
_MOST_SHOWN: Final = 12


class Told(Struct, frozen=True):
    """A difference, and the place in the document that decided it, if one did."""

    difference: Difference
    location: Location | None = None

    def lines(self) -> Iterator[str]:
        """Yield it for a person."""
        at = "" if self.location is None else f"  ({self.location})"
        each = self.difference
        yield f"{each.field}:{at}"
        yield f"  then  {one_line(hide_in_urls(each.then), _WIDEST)}"
        yield f"  now   {one_line(hide_in_urls(each.now), _WIDEST)}"

    def to_json(self) -> dict[str, Any]:
        """Return it for a program."""
        each, at = self.difference, self.location
        place = None if at is None else {"uri": at.uri, "line": at.line, "column": at.column, "pointer": at.pointer}
        return {"field": each.field, "then": hide_in_urls(each.then), "now": hide_in_urls(each.now), "location": place}


class Row(Struct):
    """One attempt of a step, and what differs in it.

    ``took`` has how long both took, in seconds, and ``pair`` both of them, where that is known.
    """

    workflow_id: str
    step_id: str
    attempt: int
    differences: list[Told] = field(default_factory=list)
    took: tuple[float | None, float | None] | None = None
    pair: tuple[Attempt | None, Attempt | None] | None = None

    @property
    def name(self) -> str:
        """The attempt as a person names it."""
        again = f", attempt {self.attempt}" if self.attempt > 1 else ""
        return f"{self.workflow_id}.{self.step_id}{again}"

    def to_json(self) -> dict[str, Any]:
        """Return it for a program."""
        took = None if self.took is None else [None if each is None else round(each * 1000, 3) for each in self.took]
        return {
            "workflowId": self.workflow_id,
            "stepId": self.step_id,
            "attempt": self.attempt,
            "same": not self.differences,
            "differences": [each.to_json() for each in self.differences],
            **({} if took is None else {"elapsedMs": took}),
        }


class Comparison(Struct):
    """Two runs beside each other.

    ``beginning`` is why one of them would not begin, ``ending`` what differs in how they ended. ``stopped`` says why no
    more of them could be compared, ``cut`` where a recording was cut off: what would have followed, nobody knows.
    """

    name: str
    rows: list[Row] = field(default_factory=list)
    beginning: list[Told] = field(default_factory=list)
    ending: list[Told] = field(default_factory=list)
    stopped: str = ""
    cut: str = ""

    @property
    def is_same(self) -> bool:
        """Whether nothing differs, as far as it goes."""
        return not self.beginning and not self.ending and not any(row.differences for row in self.rows)

    @property
    def same_rows(self) -> int:
        """How many attempts are the same before the first that differs."""
        return next((number for number, row in enumerate(self.rows) if row.differences), len(self.rows))

    def add(self, found: Iterable[Told]) -> None:
        """Take differences of the last attempt, or of the whole run before there is one."""
        into = self.rows[-1].differences if self.rows else self.ending
        into.extend(each for each in found if each not in into)

    def tell_refused(self, found: Iterable[Diagnostic]) -> None:
        """Tell why a run would not begin with the inputs that there were."""
        self.beginning.extend(Told(Difference("inputs", "taken", each.message), each.location) for each in found)

    def to_json(self) -> dict[str, Any]:
        """Return it for a program."""
        return {
            "name": self.name,
            "same": self.is_same,
            "sameAttempts": self.same_rows,
            "complete": not self.cut,
            "cut": self.cut,
            "stopped": self.stopped,
            "beginning": [each.to_json() for each in self.beginning],
            "attempts": [row.to_json() for row in self.rows],
            "ending": [each.to_json() for each in self.ending],
        }

    def to_text(self) -> str:
        """Return it for a person: what is the same in a line, and then each difference."""
        return "\n".join(self._lines())

    def summary(self) -> str:
        """Return it in one line."""
        count = len(self.rows)
        attempts = f"{count} attempt{'' if count == 1 else 's'}"
        verdict = (
            f"{bold('same', 'green')}: {attempts}" if self.is_same else f"{bold('differs', 'red')}: {self._where()}"
        )
        return f"{self.name}: {verdict}{f'; {self.cut}' if self.cut else ''}"

    def _where(self) -> str:
        at = self.same_rows
        if self.beginning:
            return "its inputs would be refused"
        if at == len(self.rows):
            return "in how it ended"
        return f"at {self.rows[at].name}, after {at} that {'is' if at == 1 else 'are'} the same"

    def _lines(self) -> Iterator[str]:
        yield self.summary()
        for told in self.beginning:
            yield from (f"  {line}" for line in told.lines())
        for number, row in enumerate(self.rows):
            if row.differences or (row.took is not None and number < self.same_rows):
                yield f"  {row.name}{_took(row)}{'' if row.differences else '  same'}"
            for told in row.differences[:_MOST_SHOWN]:
                yield from (f"    {line}" for line in told.lines())
            if len(row.differences) > _MOST_SHOWN:
                yield f"    and {len(row.differences) - _MOST_SHOWN} more"
        if self.ending:
            yield "  the end"
        for told in self.ending:
            yield from (f"    {line}" for line in told.lines())
        if self.stopped:
            yield f"  {self.stopped}"


def _took(row: Row) -> str:
    if row.took is None:
        return ""
    then, now = (f"{each * 1000:.0f} ms" if each is not None else "not run" for each in row.took)
    return f"  {then} / {now}"
