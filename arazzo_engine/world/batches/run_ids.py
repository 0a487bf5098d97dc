"""The ids of the runs of a batch: one for each row, and none twice.

Decides what a row's run is called: by its number, or by one of its inputs. Which ids there were is kept on disk, so
that it needs no room that grows.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import ArazzoError, Location, diagnose
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.world.batches.rows import Row

# as that of a durable run, of which it is a part
_ID: Final = lazy_pattern(r"[A-Za-z0-9_.:\-]{1,120}")
_CHARACTERS: Final = "letters, digits, `_`, `-`, `.` and `:`, at most 120 of them"


class RunIds:
    """Names the runs of the rows of a batch, in order; ``named_by`` is the input that names a row."""

    def __init__(self, batch_id: str, named_by: str | None, shown: str) -> None:
        self._batch_id = batch_id
        self._named_by = named_by
        self._shown = shown
        self._known = None if named_by is None else _empty_table()

    def of(self, row: Row) -> str:
        """Return the id of a row's run; raises ``ArazzoError`` (``row-malformed``, ``row-id-repeated``)."""
        if self._named_by is None or self._known is None:
            return f"{self._batch_id}-{row.number}"
        value = row.inputs.get(self._named_by)
        name = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not _ID.fullmatch(name):
            message = f"row {row.number:,} has no `{self._named_by}` that could name its run"
            raise ArazzoError(diagnose("row-malformed", message, self._place(row), fix=f"give {_CHARACTERS}"))
        earlier = self._number_of(name, row.number)
        if earlier != row.number:
            message = f"row {row.number:,} has the same `{self._named_by}` as row {earlier:,}, and it names the run"
            fix = "remove one of the two rows, or name the runs by another input"
            raise ArazzoError(diagnose("row-id-repeated", message, self._place(row), fix=fix))
        return f"{self._batch_id}-{name}"

    def _number_of(self, name: str, number: int) -> int:
        assert self._known is not None  # noqa: S101 - it is there when rows are named
        self._known.execute("INSERT OR IGNORE INTO named VALUES (?, ?)", (name, number))
        found: int = self._known.execute("SELECT row FROM named WHERE name = ?", (name,)).fetchone()[0]
        return found

    def close(self) -> None:
        """Forget the ids."""
        if self._known is not None:
            self._known.close()

    def _place(self, row: Row) -> Location:
        found = row.places().get(self._named_by or "")
        return found or Location(self._shown, row.line)


def _empty_table() -> sqlite3.Connection:
    # https://www.sqlite.org/inmemorydb.html: an empty name is a temporary database, spilled to disk as it grows
    table = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    table.execute("CREATE TABLE named (name TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")
    return table
