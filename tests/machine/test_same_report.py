"""A run is determined by its replies: driven in a thread, in an event loop, or replayed, it gives the same report."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import DOWN, ScriptedWorld, answer, document, make_workflows_ready, step, workflow

from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.machine.settings import Limits, Settings
from arazzo_engine.world.drivers.driving import drive, drive_async
from arazzo_engine.world.drivers.replaying import RecordingWorld, ReplayedWorld, ReplayError

if TYPE_CHECKING:
    from arazzo_engine.language.messages.exchange import Response
    from arazzo_engine.machine.answers import Answer, NoResponse
    from arazzo_engine.machine.effects import Send
    from arazzo_engine.machine.events import Event
    from arazzo_engine.machine.report.run_report import RunReport

_STEPS = "abcd"
_LIMITS = Settings(limits=Limits(steps=40, nesting=4))
_CRITERIA = st.sampled_from([[], [{"condition": "$statusCode >= 500"}], [{"condition": "$response.body#/n > 1"}]])


class _AsyncWorld:
    """The scripted world for an event loop: it gives way to the loop before every answer."""

    def __init__(self, world: ScriptedWorld) -> None:
        self.world = world

    async def send(self, effect: Send) -> Answer:
        await asyncio.sleep(0)
        return self.world.send(effect)

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.world.wait(seconds)

    def emit(self, event: Event) -> float:
        return self.world.emit(event)

    def draw(self) -> str:
        return self.world.draw()


@st.composite
def _actions(draw: st.DrawFn, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    actions = []
    for number in range(draw(st.integers(0, 2))):
        kind = draw(st.sampled_from(kinds))
        action: dict[str, Any] = {"name": f"action{number}", "type": kind, "criteria": draw(_CRITERIA)}
        if kind == "goto":
            action |= draw(st.sampled_from([{"stepId": name} for name in _STEPS] + [{"workflowId": "other"}]))
        if kind == "retry":
            action |= {"retryAfter": draw(st.integers(0, 2)), "retryLimit": draw(st.integers(0, 2))}
            action |= draw(st.sampled_from([{}, {"stepId": "d"}, {"workflowId": "other"}]))
        actions.append(action)
    return actions


def _dependencies(draw: st.DrawFn) -> dict[str, list[str]]:
    """Draw what each step depends on; no circle, because each depends only on those after it in one order."""
    order = draw(st.permutations(_STEPS))
    later = {name: order[index + 1 :] for index, name in enumerate(order[:-1])}
    wanted = later if draw(st.booleans()) else {}
    return {name: draw(st.lists(st.sampled_from(each), max_size=2, unique=True)) for name, each in wanted.items()}


@st.composite
def _documents(draw: st.DrawFn) -> str:
    steps = [
        step(
            name,
            outputs={"n": "$response.body#/n"},
            onSuccess=draw(_actions(("goto", "end"))),
            onFailure=draw(_actions(("goto", "end", "retry"))),
        )
        for name in _STEPS
    ]
    if draw(st.booleans()):
        timeout = draw(st.sampled_from([{}, {"timeout": 1}, {"timeout": 2500}]))
        steps.insert(draw(st.integers(0, 4)), {"stepId": "call", "workflowId": "other", **timeout})
    needs = _dependencies(draw)
    for each in steps:
        if needs.get(each["stepId"]):
            each["dependsOn"] = needs[each["stepId"]]
    other = workflow(step("e", outputs={"n": "$response.body#/n"}), name="other", outputs={"n": "$steps.e.outputs.n"})
    return document(workflow(*steps, outputs={"n": "$steps.d.outputs.n"}), other)


_ANSWERS = st.lists(
    st.sampled_from([answer(200, {"n": 1}), answer(200, {"n": 2}), answer(500), answer(503, Retry_After="3"), DOWN]),
    min_size=1,
    max_size=4,
)
_SCRIPTS = st.fixed_dictionaries(dict.fromkeys("abcde", _ANSWERS))


def _world(script: dict[str, list[Response | NoResponse]]) -> ScriptedWorld:
    return ScriptedWorld({name: list(answers) for name, answers in script.items()}, takes=1.0)


@settings(deadline=None, max_examples=150)
@given(_documents(), _SCRIPTS)
def test_a_run_gives_the_same_report_however_it_is_driven(
    text: str, script: dict[str, list[Response | NoResponse]]
) -> None:
    ready = make_workflows_ready(text)

    def interaction() -> Any:
        return run(Session(ready.linked, _LIMITS), ready.calls[0], "run")

    recording = RecordingWorld(_world(script))
    report: RunReport = drive(interaction(), recording)
    assert asyncio.run(drive_async(interaction(), _AsyncWorld(_world(script)))) == report
    assert drive(interaction(), ReplayedWorld(tuple(recording.records))) == report


def test_a_replay_that_asks_for_something_else_is_stopped() -> None:
    recorded = make_workflows_ready(document(workflow(step("a"))))
    changed = make_workflows_ready(document(workflow(step("b"))))
    world = RecordingWorld(ScriptedWorld())
    drive(run(Session(recorded.linked), recorded.calls[0], "run"), world)
    with pytest.raises(ReplayError, match="is not the request that was recorded"):
        drive(run(Session(changed.linked), changed.calls[0], "run"), ReplayedWorld(tuple(world.records)))
