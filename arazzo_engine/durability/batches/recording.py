"""Recordings of the durable runs of rows: each is made of what is kept, when its run goes no further.

Decides which rows get one: those of which this command knows something new. A row that was over before, and has its
recording, keeps that.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from os import fspath
from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.durability.programs.opened import OpenPrograms
from arazzo_engine.durability.recording import record_run
from arazzo_engine.durability.runs import state_of
from arazzo_engine.typed import SilentState
from arazzo_engine.world.recording.places import is_recorded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.durability.ledger import Ledger
    from arazzo_engine.durability.runs import State
    from arazzo_engine.world.engine import Engine


class RowRecordings(SilentState):
    """Records the runs of rows in the folder that ``programs`` record in."""

    ledger: Ledger
    programs: OpenPrograms

    def state_of(self, run_id: str) -> State | None:
        """Return how far a run is kept, ``None`` when it is not."""
        known = next(iter(self.ledger.runs([run_id])), None)
        return None if known is None else state_of(known)

    def record(self, run_id: str, before: State | None) -> tuple[Diagnostic, ...]:
        """Record a run that was so far ``before``, and return why that could not be done, if so."""
        folder = self.programs.record or ""
        if before is not None and before is self.state_of(run_id) and is_recorded(folder, run_id):
            return ()
        try:
            record_run(self.ledger, run_id, folder, self.programs)
        except ArazzoError as error:
            reason = error.diagnostics[0].message
            fix = f"`arazzo runs show {run_id} --record FILE` records it later"
            return (diagnose("recording-lost", f"the run of the row is kept, and not recorded: {reason}", fix=fix),)
        return ()


@contextmanager
def recordings_of(ledger: Ledger, engine: Engine) -> Iterator[RowRecordings | None]:
    """Give what records the runs of rows, where the engine says that they are to be recorded."""
    if engine.record is None:
        yield None
        return
    with closing(OpenPrograms(fspath(engine.record))) as programs:
        yield RowRecordings(ledger, programs)
