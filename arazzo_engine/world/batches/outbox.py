"""Where the outcomes of a batch go: a file with its journal, or a stream; and the rows that can be run again.

Decides which rows stand in which file: those that failed in one, those in doubt in another, because these must not be
run again before somebody has looked. Both are written anew each time the batch goes on.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from msgspec import field

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.reporting.batches.outcomes import RowStatus
from arazzo_engine.typed import SilentState
from arazzo_engine.world.loading.disk_files import is_taken

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.reporting.batches.outcomes import Outcome
    from arazzo_engine.world.batches.journal import Journal
    from arazzo_engine.world.batches.rows import Row

FAILED: Final = "failed"
IN_DOUBT: Final = "in-doubt"
_KINDS: Final = {
    RowStatus.FAILED: FAILED,
    RowStatus.STOPPED: FAILED,
    RowStatus.IN_DOUBT: IN_DOUBT,
}


class RowFiles(SilentState):
    """The files with the rows that did not succeed, by what is to be done with them; each is made for its first row."""

    paths: dict[str, str]
    _open: dict[str, IO[str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, source: str) -> None:
        """Remove those of an earlier time; raises ``ArazzoError`` (``option-invalid``) when a file cannot be one."""
        for path in self.paths.values():
            if is_taken(Path(path)) and is_taken(Path(source)) and Path(path).samefile(source):
                message = f"`{path}` would get the rows that fail, and the rows are read from it"
                raise ArazzoError(diagnose("option-invalid", message, fix="name another file with `--output`"))
        for path in self.paths.values():
            Path(path).unlink(missing_ok=True)

    def put(self, row: Row, status: RowStatus) -> None:
        """Write a row that did not succeed, if it can be run again; raises ``OSError``."""
        path = self.paths.get(_KINDS.get(status, ""))
        if path is None or row.problem is not None:
            return
        with self._lock:
            if path not in self._open:
                # a row may hold secrets
                self._open[path] = os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a")
            self._open[path].write(json.dumps(row.inputs) + "\n")
            self._open[path].flush()

    @property
    def written(self) -> dict[str, str]:
        """The files that have rows, whichever process wrote them, by what is to be done with those."""
        return {kind: path for kind, path in self.paths.items() if is_taken(Path(path))}

    def close(self) -> None:
        """Close the files."""
        for each in self._open.values():
            each.close()


class Outbox(SilentState):
    """Takes the outcomes. ``tell`` writes a line where there is no journal; ``lost`` is why one could not be kept.

    ``unanswered`` are the rows that have sent what may not be repeated, and have no outcome yet.
    """

    files: RowFiles
    journal: Journal | None = None
    tell: Callable[[str], None] = print
    lost: OSError | None = None
    unwritten: list[str] = field(default_factory=list)
    unanswered: set[int] = field(default_factory=set)

    def note(self, row: Row, step: str) -> None:
        """Note that a row is about to send what may not be repeated; raises ``OSError``."""
        if self.journal is not None:
            self.journal.note(row, step)
        self.unanswered.add(row.number)

    def put(self, row: Row, outcome: Outcome, line: bytes) -> bool:
        """Keep an outcome, and return whether it is kept."""
        try:
            if self.journal is None:
                self.tell(line.decode().removesuffix("\n"))
            else:
                self.journal.write(line)
            self.unanswered.discard(row.number)
            self.files.put(row, outcome.status)
        except OSError as error:
            self.lost = error
            self.unwritten.append(line.decode())
        return self.lost is None


def row_files(output: str | None, failed: str | None) -> RowFiles:
    """Return the files of a batch: beside its output, or where it was said."""
    paths = {} if output is None else {kind: _beside(output, kind) for kind in (FAILED, IN_DOUBT)}
    return RowFiles(paths if failed is None else {**paths, FAILED: failed})


def _beside(output: str, kind: str) -> str:
    path = Path(output)
    return str(path.with_name(f"{path.stem}.{kind}.jsonl"))
