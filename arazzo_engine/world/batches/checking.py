"""Checking the rows of a batch before anything is sent: all of them are read, and each is checked as its run would be.

Decides how many problems are told: the first ones of each kind, and how many there are. No row is kept.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.world.batches.row_inputs import RowInputs
    from arazzo_engine.world.batches.rows import Row
    from arazzo_engine.world.batches.run_ids import RunIds
    from arazzo_engine.world.running import Prepared

_MOST_OF_A_KIND: Final = 10
_MOST_WARNINGS: Final = 100


class RowsChecked(Struct):
    """What was found in the rows: how many there are, how many are wrong, the first problems, and what should be said.

    ``first`` is the run of a row that is right, of which nothing has happened yet.
    """

    rows: int = 0
    wrong: int = 0
    problems: list[Diagnostic] = field(default_factory=list)
    warnings: dict[tuple[str, str], Diagnostic] = field(default_factory=dict)
    first: Prepared | None = None
    _counts: Counter[str] = field(default_factory=Counter)

    def take(self, row: Row, inputs: RowInputs, ids: RunIds) -> None:
        """Check one more row."""
        self.rows += 1
        try:
            prepared = inputs.prepare(row)
            ids.of(row)
        except ArazzoError as error:
            self.wrong += 1
            for each in error.diagnostics:
                self._keep(each)
            return
        self.first = self.first or prepared
        for warning in prepared.warnings if len(self.warnings) < _MOST_WARNINGS else ():
            self.warnings.setdefault((warning.code, warning.message), warning)

    def _keep(self, problem: Diagnostic) -> None:
        self._counts[problem.code] += 1
        if self._counts[problem.code] <= _MOST_OF_A_KIND:
            self.problems.append(problem)


def check_rows(rows: Iterable[Row], inputs: RowInputs, ids: RunIds, watch: Callable[[int], None]) -> RowsChecked:
    """Check every row; ``watch`` is told how many were looked at."""
    checked = RowsChecked()
    for row in rows:
        checked.take(row, inputs, ids)
        watch(checked.rows)
    return checked
