"""Rehearsing all paths of workflows: as many runs as there is something new to be shown by.

Decides when there is nothing left to try. What is tried is decided by the walk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.watch import watched_by
from arazzo_engine.reporting.events import ignore
from arazzo_engine.simulation.inputs import varied_inputs
from arazzo_engine.simulation.paths.covering import coverage_of
from arazzo_engine.simulation.paths.varying import Varying
from arazzo_engine.simulation.paths.walk import walk_of
from arazzo_engine.world.drivers.driving import drive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription
    from arazzo_engine.language.expressions.scope import Values
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


class Shown(Struct, frozen=True):
    """A run that showed something new, and the inputs that it had."""

    report: RunReport
    inputs: Values


def _cover(prepared: Prepared, call: Call, deadline: Deadline) -> Coverage:
    walk, shown = walk_all(prepared, call, deadline)
    return coverage_of(call.key.workflow_id, walk, [each.report for each in shown])


def walk_all(prepared: Prepared, call: Call, deadline: Deadline) -> tuple[Walk, list[Shown]]:
    """Return what is shown of a workflow, and the runs that showed something new."""
    runs = prepared.start(ignore, deadline)
    if runs.stage is None:
        raise TypeError("all paths are rehearsed, and never run")
    linked = prepared.ready.linked
    free = frozenset((call.key, name) for name in (*call.made_up, *call.defaulted))
    walk = runs.stage.walk = walk_of(linked.reachable([call.key]), Varying(linked, free))
    runs.stage.lean = prepared.lean_of(call, runs.stage, deadline)
    shown: list[Shown] = []
    while walk.begin():
        # each run knows nothing of those before it
        session = prepared.start(ignore, deadline).session
        before = len(walk.shown)
        varied = _varied(linked, call, walk)
        report = drive(prepared.interaction(session, varied), runs.world)
        if len(walk.shown) > before or not shown:
            shown.append(Shown(report, varied.inputs))
    return walk, shown


def _varied(linked: LinkedDescription, call: Call, walk: Walk) -> Call:
    if walk.variation is None or not walk.variation.inputs:
        return call
    return replace(call, inputs=varied_inputs(linked, call.key, call.inputs, walk.variation))
