"""Rehearsing all paths of workflows: as many runs as there is something new to be shown by.

Decides when there is nothing left to try. What is tried is decided by the walk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.watch import watched_by
from arazzo_engine.reporting.events import ignore
from arazzo_engine.simulation.paths.covering import coverage_of
from arazzo_engine.simulation.paths.walk import walk_of
from arazzo_engine.world.drivers.driving import drive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.machine.interpreter import Call
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.simulation.paths.coverage import Coverage
    from arazzo_engine.simulation.paths.walk import Walk
    from arazzo_engine.world.drivers.deadline import Deadline
    from arazzo_engine.world.running import Prepared


def rehearse_all(prepared: Prepared, deadline: Deadline) -> Iterator[Coverage]:
    """Yield what is shown of each workflow; raises ``ArazzoError`` (``run-time-limit``, ``option-invalid``)."""
    if prepared.means.recordings is not None:
        message = "`--record` records a run, and a rehearsal of all paths makes many"
        raise ArazzoError(diagnose("option-invalid", message, fix="leave out one of them"))
    for call in prepared.ready.calls:
        with watched_by(deadline.remaining):
            yield _cover(prepared, call, deadline)


def _cover(prepared: Prepared, call: Call, deadline: Deadline) -> Coverage:
    return coverage_of(call.key.workflow_id, *walk_all(prepared, call, deadline))


def walk_all(prepared: Prepared, call: Call, deadline: Deadline) -> tuple[Walk, list[RunReport]]:
    """Return what is shown of a workflow, and the reports of the runs that showed something new."""
    runs = prepared.start(ignore, deadline)
    if runs.stage is None:
        raise TypeError("all paths are rehearsed, and never run")
    walk = runs.stage.walk = walk_of(prepared.ready.linked.reachable([call.key]))
    reports: list[RunReport] = []
    while walk.begin():
        # each run knows nothing of those before it
        session = prepared.start(ignore, deadline).session
        before = len(walk.shown)
        report = drive(prepared.interaction(session, call), runs.world)
        if len(walk.shown) > before or not reports:
            reports.append(report)
    return walk, reports
