"""What is known of a run by now: its replies, its moments, and what was found at each.

A run is followed by standing between it and its driver. It decides nothing about the run, but for one thing: what
``looks`` raises before an effect is answered ends the run there, and what was asked is not done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field

from arazzo_engine.debugging.moments import Course, Kind, Moment
from arazzo_engine.machine.effects import Emit, Send, Wait
from arazzo_engine.reporting.events import RunStarted, StepFinished
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.machine.effects import Effect, Interaction, Reply
    from arazzo_engine.reporting.run_report import RunReport

# so many seconds pass at most before somebody who has gone is missed
_PIECE: Final = 1.0
# Makes the same runs from the start, each under the id that is known by then
Again: TypeAlias = "Callable[[Sequence[str]], Interaction[None]]"


class Cut(Struct, frozen=True):
    """What was thrown into a run instead of a reply."""

    error: BaseException


class Found(Struct, frozen=True):
    """Something that is told of a moment: a finding with its code, or ``difference`` to a recording."""

    code: str
    text: str


def form_of(effect: Effect) -> tuple[type, type | None]:
    """Return what kind of effect it is, and of which event."""
    return type(effect), type(effect.event) if isinstance(effect, Emit) else None


class History(SilentState):
    """The runs of a session as far as they came; ``forms`` are the kinds of their effects.

    ``looks`` is called at each moment while a run stands still there, ``meanwhile`` now and then while it waits. A run
    that ``is_cut`` is ending, whatever is asked.
    """

    again: Again
    looks: Callable[[Moment], None] | None = None
    meanwhile: Callable[[], None] | None = None
    findings: Callable[[], Sequence[Diagnostic]] = tuple
    replies: list[Reply | Cut] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    forms: list[tuple[type, type | None]] = field(default_factory=list)
    run_ids: list[str] = field(default_factory=list)
    found: dict[int, list[Found]] = field(default_factory=dict)
    course: Course = field(default_factory=Course)
    is_cut: bool = False
    _told: int = 0

    def followed(self, run: Interaction[RunReport]) -> Interaction[RunReport]:
        """Pass on what a run asks and is answered, and keep both."""
        self._told, self.is_cut = 0, False
        try:
            effect = next(run)
            while True:
                try:
                    self._arrive(effect)
                    reply = (yield from self._wait(effect)) if isinstance(effect, Wait) else (yield effect)
                except BaseException as cut:  # noqa: BLE001 - what is thrown is for the run
                    self.replies.append(Cut(cut))
                    self.is_cut = True
                    effect = run.throw(cut)
                else:
                    self.replies.append(reply)
                    effect = run.send(reply)
                self._look_for_findings(effect)
        except StopIteration as finished:
            self._look_for_findings()
            report: RunReport = finished.value
            return report

    def _wait(self, effect: Wait) -> Generator[Effect, Reply, Reply]:
        """Let time pass in pieces, and look between them whether anybody has gone meanwhile."""
        if self.meanwhile is None:
            return (yield effect)
        left = effect.seconds
        while left > 0:
            yield Wait(min(left, _PIECE))
            left -= _PIECE
            self.meanwhile()
        return None

    def _arrive(self, effect: Effect) -> None:
        number = len(self.replies)
        self.forms.append(form_of(effect))
        if isinstance(effect, Emit) and isinstance(effect.event, RunStarted):
            self.run_ids.append(effect.event.run_id)
        if isinstance(effect, Emit) and isinstance(effect.event, StepFinished):
            self._keep(number, effect.event.report.diagnostics)
        moment = self.course.moment(number, effect)
        if moment is None:
            return
        self.moments.append(moment)
        if self.looks is not None:
            self.looks(moment)

    def _look_for_findings(self, arriving: Effect | None = None) -> None:
        """Keep what was found since: of a request that is about to leave, or else of the effect answered last."""
        found = self.findings()
        number = len(self.replies) if isinstance(arriving, Send) else len(self.replies) - 1
        self._keep(number, found[self._told :])
        self._told = len(found)

    def _keep(self, number: int, found: Sequence[Diagnostic]) -> None:
        for each in found:
            self.found.setdefault(number, []).append(Found(each.code, each.message))

    def found_at(self, index: int) -> tuple[Found, ...]:
        """Return what was found at a moment: at its effect, and at those until the next one."""
        end = self.moments[index + 1].number if index + 1 < len(self.moments) else len(self.replies) + 1
        numbers = range(self.moments[index].number, end)
        return tuple(each for number in numbers for each in self.found.get(number, ()))

    @property
    def is_over(self) -> bool:
        """Whether the last run that was followed has come to its end."""
        return bool(self.moments) and self.moments[-1].kind is Kind.ENDED

    def attempts(self) -> Iterator[list[Moment]]:
        """Yield the moments of each attempt that was started, in the order of their start."""
        started: list[list[Moment]] = []
        for moment in self.moments:
            if moment.kind is Kind.STEP:
                started.append([moment])
                continue
            of = next((each for each in reversed(started) if each[0].is_of(moment)), None)
            if of is not None:
                of.append(moment)
        yield from started
