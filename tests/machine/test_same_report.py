"""A run is determined by its replies: driven in a thread, in an event loop, or replayed, it gives the same report."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from drawn import SCRIPTS, documents
from hypothesis import given, settings
from replaying import RecordingWorld, ReplayedWorld, ReplayError
from scripted import AsyncScriptedWorld, ScriptedWorld, document, make_workflows_ready, step, workflow

from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.machine.settings import Limits, Settings
from arazzo_engine.world.drivers.driving import drive, drive_async

if TYPE_CHECKING:
    from arazzo_engine.language.messages.answers import NoResponse
    from arazzo_engine.language.messages.exchange import Response
    from arazzo_engine.reporting.run_report import RunReport

_LIMITS = Settings(limits=Limits(steps=40, nesting=4))


def _world(script: dict[str, list[Response | NoResponse]]) -> ScriptedWorld:
    return ScriptedWorld({name: list(answers) for name, answers in script.items()}, takes=1.0)


@settings(deadline=None, max_examples=150)
@given(documents(), SCRIPTS)
def test_a_run_gives_the_same_report_however_it_is_driven(
    text: str, script: dict[str, list[Response | NoResponse]]
) -> None:
    ready = make_workflows_ready(text)

    def interaction() -> Any:
        return run(Session(ready.linked, _LIMITS), ready.calls[0], "run")

    recording = RecordingWorld(_world(script))
    report: RunReport = drive(interaction(), recording)
    assert asyncio.run(drive_async(interaction(), AsyncScriptedWorld(_world(script)))) == report
    assert drive(interaction(), ReplayedWorld(tuple(recording.records))) == report


def test_a_replay_that_asks_for_something_else_is_stopped() -> None:
    recorded = make_workflows_ready(document(workflow(step("a"))))
    changed = make_workflows_ready(document(workflow(step("b"))))
    world = RecordingWorld(ScriptedWorld())
    drive(run(Session(recorded.linked), recorded.calls[0], "run"), world)
    with pytest.raises(ReplayError, match="is not the request that was recorded"):
        drive(run(Session(changed.linked), changed.calls[0], "run"), ReplayedWorld(tuple(world.records)))
