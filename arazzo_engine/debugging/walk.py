"""Walking through a run that is known: it is made again from the start with the same replies, as far as is wanted.

Decides what can be seen at a moment: the effect, the attempts that are open, and the scope of each. Nothing is sent, as
nothing that a run asks here reaches the world. What must not be shown is learned on the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.debugging.history import Cut, form_of
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.expressions.scope import Scope
from arazzo_engine.machine.effects import Emit, Send
from arazzo_engine.reporting.events import RunFinished, RunStarted, StepFinished, StepStarted, Waiting
from arazzo_engine.reporting.messages.named_secrets import named_secrets
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from arazzo_engine.debugging.history import History
    from arazzo_engine.machine.effects import Effect, Interaction
    from arazzo_engine.reporting.events import Event, Sight
    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.reporting.step_report import StepReport


class Opened(Struct, frozen=True):
    """An attempt that has begun, with what can be seen of it; ``report`` once it was judged."""

    workflow_id: str
    step_id: str
    attempt: int
    depth: int
    sight: Sight | None
    report: StepReport | None = None


class Walk(SilentState):
    """A run that is made again, standing at the effect of number ``at``. ``masker`` knows what must not be shown."""

    history: History
    masker: Masker
    run: Interaction[None]
    at: int = -1
    effect: Effect | None = None
    opened: list[Opened] = field(default_factory=list)
    last: Opened | None = None
    report: RunReport | None = None

    def to(self, number: int) -> None:
        """Go forward to an effect that is known."""
        while self.at < number:
            self._go_on()
            self.at += 1
            self._see()

    def _go_on(self) -> None:
        reply = self.history.replies[self.at] if self.at >= 0 else None
        if isinstance(reply, Cut):
            self.effect = self._throw(reply.error)
        else:
            self.effect = self.run.send(reply)
        if form_of(self.effect) != self.history.forms[self.at + 1]:
            # what ends a run amid its work, and not at an effect, is the limit of its time
            over = diagnose("run-time-limit", "the time of the run was over here", fix="look at the end of the run")
            self.effect = self._throw(ArazzoError(over))

    def _throw(self, error: BaseException) -> Effect:
        """Throw what was raised then; the places that it passes here are none that anybody looks for."""
        trace = error.__traceback__
        try:
            return self.run.throw(error)
        finally:
            error.__traceback__ = trace

    def _see(self) -> None:
        if isinstance(self.effect, Send):
            self.masker.learn_named(named_secrets(self.effect.request))
        elif isinstance(self.effect, Emit):
            self._be_told(self.effect.event)

    def _be_told(self, event: Event) -> None:
        match event:
            case RunStarted():
                self.opened, self.last, self.report = [], None, None
                if event.scene is not None:
                    self.masker.learn(event.scene.access.credentials.values())
            case StepStarted():
                self.masker.learn(event.secrets)
                named = event.workflow_id, event.step_id, event.attempt, event.depth
                self.opened.append(Opened(*named, event.sight))
            case StepFinished(report):
                self.masker.learn(report.secrets)
                self.masker.learn_named(report.named_secrets)
                self._close(event)
            case RunFinished():
                self.report = event.report
            case _:
                pass

    def _close(self, event: StepFinished) -> None:
        report = event.report
        named = report.workflow_id, report.step_id, report.attempt, report.depth
        sight = event.sight
        if self.opened and (self.opened[-1].step_id, self.opened[-1].depth) == (report.step_id, report.depth):
            sight = sight or self.opened[-1].sight
            self.opened.pop()
        self.last = Opened(*named, sight, report)

    @property
    def frames(self) -> tuple[Opened, ...]:
        """The attempts that are open at this moment, the innermost first, with one that was judged just now."""
        is_told = isinstance(self.effect, Emit) and isinstance(self.effect.event, StepFinished | Waiting)
        return (*((self.last,) if is_told and self.last is not None else ()), *reversed(self.opened))

    def scope(self, frame: int = 0) -> Scope:
        """Return what expressions can see at this moment, in one of the frames."""
        if self.report is not None:
            return replace(self._scope_of(self.last), outputs=self.report.outputs, request=None, response=None)
        frames = self.frames
        if frame == 0 and isinstance(self.effect, Send) and self.effect.asked is not None:
            # with the proof of who is asking, which is made last
            return replace(self.effect.asked.scope_with(None), request=self.effect.request)
        return self._scope_of(frames[frame] if frame < len(frames) else None)

    def _scope_of(self, opened: Opened | None) -> Scope:
        return Scope() if opened is None or opened.sight is None else opened.sight.scope


def begin_walk(history: History, masker: Masker) -> Walk:
    """Return a walk that stands before the first effect."""
    return Walk(history, masker, history.again(history.run_ids))
