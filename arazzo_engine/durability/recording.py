"""Recordings of kept runs: each is made of what is kept of its run, as if the run were made again, and nothing is sent.

Decides that one which could not be written whole is told, whoever asked for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.durability.carrying import Watching
from arazzo_engine.durability.runs import look

if TYPE_CHECKING:
    from arazzo_engine.durability.ledger import Ledger
    from arazzo_engine.durability.programs.opened import OpenPrograms


def record_run(ledger: Ledger, run_id: str, place: str, programs: OpenPrograms | None = None) -> None:
    """Record a run as far as it is kept; ``programs`` that are open must record at the same place.

    Raises ``ArazzoError`` (``result-unwritten`` when there is no room for it).
    """
    report = look(ledger, ledger.run(run_id), Watching(record=place), programs).report
    lost = next((each for each in report.diagnostics if each.code == "recording-lost"), None)
    if lost is not None:
        message = f"run `{run_id}` is kept, and its recording is not whole: {lost.message}"
        raise ArazzoError(diagnose("result-unwritten", message, fix="make room, and record it with `arazzo runs show`"))
