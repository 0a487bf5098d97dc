"""What an observer raises stops no run and is raised at its end; what ends a run carries its report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest
from breaking import BreakingWorld
from scripted import ScriptedWorld, document, make_workflows_ready, step, workflow

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.machine.endings import carrying, place_of, report_of
from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.reporting.outcomes import RunStatus
from arazzo_engine.reporting.run_report import RunReport
from arazzo_engine.world.drivers.driving import drive

if TYPE_CHECKING:
    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.machine.effects import Interaction, Send
    from arazzo_engine.reporting.events import Event

_REPORT: Final = RunReport(RunStatus.STOPPED, "main", "run", {}, ())


def _two_steps() -> Interaction[RunReport]:
    ready = make_workflows_ready(document(workflow(step("a"), step("b"))))
    return run(Session(ready.linked), ready.calls[0], "run")


@pytest.mark.parametrize("raises_at", range(6))
def test_an_observer_that_raises_stops_no_run_and_is_told_at_its_end(raises_at: int) -> None:
    told: list[Event] = []

    def observe(event: Event) -> None:
        told.append(event)
        if len(told) > raises_at:
            raise LookupError("secret", len(told))

    world = ScriptedWorld()
    with pytest.raises(LookupError) as raised:
        drive(_two_steps(), world, observe)
    report = report_of(raised.value)
    assert report is not None
    assert (report.status, world.calls) == (RunStatus.SUCCEEDED, "ab")
    assert [each.step_id for each in report.steps] == ["a", "b"]
    # it goes on being told, and its first exception is the one that is raised
    assert told == world.events
    assert raised.value.args == ("secret", raises_at + 1)
    (finding,) = report.diagnostics
    assert finding.code == "observer-bug"
    assert finding.message.startswith("an observer of the run raised LookupError at test_driving.py:")
    assert finding.message.endswith("in `observe`")
    assert "secret" not in finding.message


@pytest.mark.parametrize("raises_at", range(6))
def test_an_observer_that_raises_what_closes_a_generator_loses_no_report(raises_at: int) -> None:
    told: list[Event] = []

    def observe(event: Event) -> None:
        told.append(event)
        if len(told) == raises_at + 1:
            raise GeneratorExit

    world = ScriptedWorld()
    with pytest.raises(GeneratorExit) as raised:
        drive(_two_steps(), world, observe)
    report = report_of(raised.value)
    assert report is not None
    assert (report.status, world.calls) == (RunStatus.SUCCEEDED, "ab")
    assert [each.code for each in report.diagnostics] == ["observer-bug"]


class _Closing(ScriptedWorld):
    """A world whose second request raises what closes a generator."""

    def send(self, effect: Send) -> Answer:
        answered = super().send(effect)
        if len(self.sent) > 1:
            raise GeneratorExit
        return answered


def test_a_world_that_raises_what_closes_a_generator_loses_no_report() -> None:
    world = _Closing()
    with pytest.raises(RuntimeError, match="what answers the run raised GeneratorExit") as raised:
        drive(_two_steps(), world)
    report = report_of(raised.value)
    assert report is not None
    assert [(each.step_id, each.status.value) for each in report.steps] == [("a", "succeeded"), ("b", "failed")]
    assert "request-in-doubt" in [each.code for each in report.diagnostics]


class _Timeless(ScriptedWorld):
    """A world whose clock breaks after some moments."""

    def __init__(self, broken: float, after: int) -> None:
        super().__init__()
        self.broken, self.after = broken, after

    def emit(self, event: Event) -> float:
        now = super().emit(event)
        return now if len(self.events) <= self.after else self.broken


@pytest.mark.parametrize("broken", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize(("after", "calls"), [(0, ""), (1, ""), (3, "a"), (5, "ab")])
def test_a_clock_without_a_number_stops_the_run_with_its_report(broken: float, after: int, calls: str) -> None:
    world = _Timeless(broken, after)
    with pytest.raises(TypeError, match="answered with the time") as raised:
        drive(_two_steps(), world)
    report = report_of(raised.value)
    assert report is not None
    assert world.calls == calls
    assert [each.step_id for each in report.steps][: len(calls)] == list(calls)


def test_an_observer_that_stops_with_an_error_of_the_engine_is_one_that_raised() -> None:
    def observe(_: Event) -> None:
        raise ArazzoError(diagnose("interrupted", "no more"))

    world = ScriptedWorld()
    with pytest.raises(ArazzoError) as raised:
        drive(_two_steps(), world, observe)
    assert world.calls == "ab"
    report = report_of(raised.value)
    assert report is not None
    assert report.succeeded


def test_a_bug_of_the_run_hides_none_of_an_observer() -> None:
    def observe(_: Event) -> None:
        raise LookupError

    with pytest.raises(ZeroDivisionError) as raised:
        drive(_two_steps(), BreakingWorld(ScriptedWorld(), at=2), observe)
    report = report_of(raised.value)
    assert report is not None
    assert [each.code for each in report.diagnostics] == ["request-in-doubt", "engine-bug", "observer-bug"]


def test_an_observer_can_interrupt_a_run() -> None:
    def observe(event: Event) -> None:
        if len(world.sent) == 1:
            raise KeyboardInterrupt
        del event

    world = ScriptedWorld()
    with pytest.raises(KeyboardInterrupt) as raised:
        drive(_two_steps(), world, observe)
    report = report_of(raised.value)
    assert report is not None
    assert (report.status, world.calls) == (RunStatus.STOPPED, "a")
    assert [(each.step_id, each.status.value) for each in report.steps] == [("a", "succeeded")]
    assert [each.code for each in report.diagnostics] == ["interrupted"]


@dataclass(frozen=True)
class _Frozen(Exception):  # noqa: N818 - it is one in a test
    report: None = None


@pytest.mark.parametrize("error", [ValueError(), KeyboardInterrupt(), _Frozen()], ids=repr)
def test_any_exception_can_carry_a_report(error: BaseException) -> None:
    assert report_of(error) is None
    assert report_of(carrying(error, _REPORT)) is _REPORT
    assert vars(error)["report"] is _REPORT


def _raised(error: BaseException) -> BaseException:
    try:
        raise error  # noqa: TRY301 - to give it a place
    except BaseException as raised:  # noqa: BLE001 - it is what was given
        return raised


def test_a_report_is_found_behind_what_was_raised_because_of_it() -> None:
    cut = carrying(KeyboardInterrupt(), _REPORT)
    caused, during = TimeoutError(), OSError()
    caused.__cause__ = cut
    during.__context__ = caused
    group = BaseExceptionGroup("several", [ValueError(), during])
    assert [report_of(each) for each in (caused, during, group)] == [_REPORT] * 3
    assert report_of(ValueError()) is None
    # a circle of causes ends
    one, other = ValueError(), ValueError()
    one.__context__, other.__context__ = other, one
    assert report_of(one) is None
    # what others call a report is none
    other_report = ValueError()
    other_report.report = "a text"  # type: ignore[attr-defined]  # as libraries do
    assert report_of(other_report) is None


def test_the_place_of_an_exception_says_nothing_of_its_text() -> None:
    assert place_of(ValueError("secret")) == "ValueError"
    place = place_of(_raised(ValueError("secret")))
    assert place.startswith("ValueError at test_driving.py:")
    assert place.endswith("in `_raised`")
