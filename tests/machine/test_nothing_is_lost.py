"""Whatever ends a run, and wherever: each step that was started is in its report, and nothing is sent twice."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any, Final

import pytest
from breaking import BreakingWorld
from drawn import SCRIPTS, documents
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scripted import AsyncScriptedWorld, ScriptedWorld, answer, document, make_workflows_ready, step, workflow

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.effects import NotSent
from arazzo_engine.machine.endings import report_of
from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.machine.settings import Limits, Settings
from arazzo_engine.reporting.events import RunFinished, StepFinished, Stopping
from arazzo_engine.reporting.outcomes import RunStatus, StepStatus
from arazzo_engine.world.drivers.driving import drive, drive_async

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.world.preparing import Ready

_LIMITS: Final = Settings(limits=Limits(steps=40, nesting=4))
_RETRY: Final = {"name": "again", "type": "retry", "retryAfter": 1, "retryLimit": 2}
_STOP: Final = diagnose("interrupted", "the world stopped the run")


def _three_steps() -> tuple[Ready, dict[str, Any]]:
    text = document(workflow(step("a"), step("b", onFailure=[_RETRY]), step("c")))
    return make_workflows_ready(text), {"b": [answer(503), answer()]}


def _called_workflows() -> tuple[Ready, dict[str, Any]]:
    text = document(
        workflow(step("a"), {"stepId": "call", "workflowId": "middle"}, step("b")),
        workflow({"stepId": "deeper", "workflowId": "inner"}, name="middle"),
        workflow(step("c", onFailure=[_RETRY | {"stepId": "d"}]), step("d"), name="inner"),
    )
    return make_workflows_ready(text), {"c": [answer(503), answer()]}


_RUNS: Final = {"three steps": _three_steps, "called workflows": _called_workflows}
_ERRORS: Final[dict[str, Callable[[], BaseException]]] = {
    "a bug": lambda: ZeroDivisionError("secret"),
    "Ctrl-C": KeyboardInterrupt,
    "cancelled": asyncio.CancelledError,
    "exit": lambda: SystemExit(3),
    "end of iteration": StopIteration,
    "stopped": lambda: ArazzoError(_STOP),
    "not sent": lambda: NotSent(_STOP),
}


def _finish(session: Session, ready: Ready, world: BreakingWorld) -> tuple[RunReport, BaseException | None]:
    """Return the report of a run and what it raised."""
    interaction = run(session, ready.calls[0], "run")
    try:
        return drive(interaction, world), None
    except BaseException as raised:  # noqa: BLE001 - any of them has the report
        report = report_of(raised)
        assert report is not None
        return report, raised


def _finish_async(session: Session, ready: Ready, world: BreakingWorld) -> RunReport:
    async def finish() -> RunReport:
        try:
            return await drive_async(run(session, ready.calls[0], "run"), AsyncScriptedWorld(world))
        except BaseException as raised:  # noqa: BLE001 - any of them has the report
            report = report_of(raised)
            assert report is not None
            return report

    return asyncio.run(finish())


def _steps(report: RunReport) -> list[tuple[str, int]]:
    return sorted((each.step_id, each.attempt) for each in report.steps)


@pytest.mark.parametrize("acts_first", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("make_error", _ERRORS.values(), ids=list(_ERRORS))
@pytest.mark.parametrize("make_run", _RUNS.values(), ids=list(_RUNS))
def test_what_is_raised_at_any_effect_loses_no_step(
    make_run: Callable[[], tuple[Ready, dict[str, Any]]],
    make_error: Callable[[], BaseException],
    acts_first: bool,
) -> None:
    ready, script = make_run()

    def world(at: int = -1) -> BreakingWorld:
        answers = {name: list(each) for name, each in script.items()}
        return BreakingWorld(ScriptedWorld(answers, takes=1.0), at, make_error(), acts_first)

    undisturbed = world()
    assert _finish(Session(ready.linked), ready, undisturbed)[0].succeeded
    for at, asked in enumerate(undisturbed.asked):
        broken, session = world(at), Session(ready.linked)
        report, raised = _finish(session, ready, broken)
        # each step that was started is there, once, and is told once
        assert _steps(report) == sorted(broken.started), at
        # the run ended there: what was sent is what an undisturbed run had sent by then
        assert undisturbed.world.calls.startswith(broken.world.calls)
        assert undisturbed.asked[: at + 1] == broken.asked[: at + 1]
        assert "send" not in broken.asked[at + 1 :]
        assert (raised is None) == isinstance(broken.error, ArazzoError)
        assert broken.error in {raised, *([raised.__cause__] if raised else ())} or raised is None
        _check_status(report, broken, asked)
        _check_events(report, broken)
        assert "secret" not in str([each.message for each in report.diagnostics])
        # another run of the session sends nothing that is in doubt
        again = world()
        _finish(session, ready, again)
        assert not {step_id for _, step_id in session.in_doubt} & set(again.world.calls)
        in_a_loop = _finish_async(Session(ready.linked), ready, world(at))
        assert _comparable(in_a_loop, broken.error) == _comparable(report, broken.error)


def _comparable(report: RunReport, error: BaseException) -> RunReport:
    """Return the report without what is told of a bug, when it is one that an event loop raises otherwise (PEP 479)."""
    if not isinstance(error, StopIteration):
        return report
    return replace(report, diagnostics=tuple(replace(each, message="") for each in report.diagnostics))


def _check_status(report: RunReport, broken: BreakingWorld, asked: str) -> None:
    codes = [each.code for each in report.diagnostics]
    is_last = broken.at == len(broken.asked) - 1
    if asked == "send" and not isinstance(broken.error, NotSent):
        # it may have left, and its answer is not known
        assert (report.status, codes[0]) == (RunStatus.IN_DOUBT, "request-in-doubt")
        (cut,) = [each.response for each in report.steps if isinstance(each.response, NoResponse)]
        assert cut.sent
    elif is_last:
        # the run was over, and what failed is that this was told
        assert (report.status, len(codes)) == (RunStatus.SUCCEEDED, 1)
    else:
        assert (report.status, len(codes)) == (RunStatus.STOPPED, 1)
        assert all(not each.response.sent for each in report.steps if isinstance(each.response, NoResponse))
    answered = [each for each in report.steps if isinstance(each.response, Response)]
    lost = asked == "send" and broken.acts_first
    assert len(answered) == len(broken.world.sent) - lost


def _check_events(report: RunReport, broken: BreakingWorld) -> None:
    finished = broken.world.events[-1]
    if isinstance(finished, RunFinished):
        assert finished.report.steps == report.steps
        assert finished.report.status == report.status
    else:
        # telling the end is what failed
        assert broken.at == len(broken.asked) - 1
    told = [each.report for each in broken.world.events if isinstance(each, StepFinished)]
    assert sum(isinstance(each, Stopping) for each in broken.world.events) <= 1
    # an attempt is told again when what runs before its retry failed; here nothing does
    assert len({(each.step_id, each.attempt, each.started_at) for each in told}) == len(told)


@settings(max_examples=150)
@given(documents(), SCRIPTS, st.integers(0, 60), st.sampled_from(sorted(_ERRORS)), st.booleans())
def test_what_is_raised_in_any_run_loses_no_step(
    text: str,
    script: dict[str, Any],
    at: int,
    error: str,
    acts_first: bool,
) -> None:
    ready = make_workflows_ready(text)

    def world() -> BreakingWorld:
        answers = {name: list(each) for name, each in script.items()}
        return BreakingWorld(ScriptedWorld(answers, takes=1.0), at, _ERRORS[error](), acts_first)

    broken = world()
    report, _ = _finish(Session(ready.linked, _LIMITS), ready, broken)
    assert _steps(report) == sorted(broken.started)
    in_a_loop = _finish_async(Session(ready.linked, _LIMITS), ready, world())
    assert _comparable(in_a_loop, broken.error) == _comparable(report, broken.error)


# --- bugs of the engine itself ---

_BUGS: Final = {
    "building the request": ("machine.attempts.build_request", False, None),
    "looking whether it may be sent": ("machine.doubts.Doubts.check", False, None),
    "what expressions see": ("machine.frames.Frame.scope", False, None),
    "a criterion": ("machine.attempts.judge_criteria", True, StepStatus.FAILED),
    "an output": ("machine.attempts.evaluate_outputs", True, StepStatus.FAILED),
    "what is secret in the answer": ("machine.secrets.Secrets.values_of", True, StepStatus.FAILED),
    "the criteria of an action": ("machine.interpreter.choose_success", True, StepStatus.SUCCEEDED),
    "where the run goes on": ("machine.interpreter._move", True, StepStatus.SUCCEEDED),
    "the end of the workflow": ("machine.interpreter._leave", True, StepStatus.SUCCEEDED),
}


def _broken(*_: object, **__: object) -> Any:
    raise LookupError("secret")


@pytest.mark.parametrize(("place", "is_sent", "status"), _BUGS.values(), ids=list(_BUGS))
def test_a_bug_of_the_engine_loses_no_step(
    place: str,
    is_sent: bool,
    status: StepStatus | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ready = make_workflows_ready(document(workflow(step("a", outputs={"id": "$response.body#/id"}))))
    world = BreakingWorld(ScriptedWorld({"a": [answer(201, {"id": 7})]}))
    monkeypatch.setattr(f"arazzo_engine.{place}", _broken)
    report, raised = _finish(Session(ready.linked), ready, world)
    assert isinstance(raised, LookupError)
    (told,) = report.steps
    assert report.status is RunStatus.STOPPED
    assert told.status is (status or StepStatus.FAILED)
    assert len(world.world.sent) == is_sent
    assert (told.request is not None) == is_sent
    assert told.response == (answer(201, {"id": 7}) if is_sent else None)
    (bug,) = report.diagnostics
    assert bug.code == "engine-bug"
    assert "LookupError at test_nothing_is_lost.py:" in bug.message
    assert bug.message.endswith("in `_broken`")


def test_what_is_secret_in_an_answer_is_not_told_when_nobody_could_say_which_part_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bearer = {"name": "Authorization", "in": "header", "value": "Bearer {$steps.a.outputs.token}"}
    steps = step("a", outputs={"token": "$response.body#/token"}), step("b", parameters=[bearer])
    ready = make_workflows_ready(document(workflow(*steps)))
    monkeypatch.setattr("arazzo_engine.machine.attempts.judge_criteria", _broken)
    world = BreakingWorld(ScriptedWorld({"a": [answer(200, {"token": "t0ken"})]}))
    report, _ = _finish(Session(ready.linked), ready, world)
    (told,) = report.steps
    assert told.response == Response(200, (), b"")


def _trace(world: BreakingWorld, interrupts_at: int, count: list[int]) -> Callable[..., Any]:
    """Return a trace function that interrupts a run at a line of the interpreter, once it has begun."""

    def trace(frame: FrameType, event: str, _: object) -> Any:
        code = frame.f_code
        # how a run ends is not interrupted: who interrupts that has had a report on its way
        if "/arazzo_engine/machine/" not in code.co_filename or code.co_filename.endswith("endings.py"):
            return None
        if event == "line" and world.asked:
            count[0] += 1
            if count[0] == interrupts_at:
                raise KeyboardInterrupt
        return trace

    return trace


def _run_traced(ready: Ready, interrupts_at: int) -> tuple[BreakingWorld, RunReport, int]:
    world, count = BreakingWorld(ScriptedWorld({"b": [answer(503), answer()]})), [0]
    before = sys.gettrace()
    sys.settrace(_trace(world, interrupts_at, count))
    try:
        report, _ = _finish(Session(ready.linked), ready, world)
    finally:
        sys.settrace(before)
    return world, report, count[0]


def test_an_interruption_at_any_line_of_the_interpreter_loses_no_step() -> None:
    ready, _ = _three_steps()
    *_, lines = _run_traced(ready, -1)
    assert lines > 100
    for line in range(1, lines + 1):
        world, report, _ = _run_traced(ready, line)
        steps = _steps(report)
        # a step that was about to be announced is there too
        assert set(world.started) <= set(steps), line
        assert len(steps) == len(set(steps)) <= len(world.started) + 1, line
        asked = [each for each in report.steps if each.request is not None]
        assert len(asked) >= len(world.world.sent), line
