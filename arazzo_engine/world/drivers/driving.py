"""Drivers: they answer the effects of a run until it returns, one after the other, in the caller's thread or loop.

A driver decides nothing about the run. What answers are is decided by the world it is given: live, simulated or any
other. Whatever is raised meanwhile is thrown into the run, which tells what it has done and raises it again with its
report (``report_of``); a bug of an observer stops no run, and is raised at its end. Both drivers share a ``_Course``,
so they differ in one word: ``await``.
"""

from __future__ import annotations

from collections.abc import Awaitable
from inspect import GEN_CLOSED, getgeneratorstate
from typing import TYPE_CHECKING, Protocol, TypeAlias, assert_never, overload

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import diagnose
from arazzo_engine.machine.effects import Draw, Emit, Keep, Recall, Send, Sign, Wait
from arazzo_engine.machine.endings import carrying, place_of, report_of
from arazzo_engine.reporting.events import ignore

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.apis.security.grants import Token
    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.machine.effects import Effect, Interaction, Reply, Signed
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.reporting.run_report import RunReport

Observer: TypeAlias = "Callable[[Event], object]"


class World(Protocol):
    """What answers effects. Any of its methods may raise ``ArazzoError`` to stop the run."""

    def send(self, effect: Send) -> Answer:
        """Send a request; a network failure is an answer.

        Raises ``NotSent`` to stop the run before the request has left: whatever else is raised leaves it in doubt.
        """
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        ...

    def emit(self, event: Event) -> float:
        """Return the time, in seconds since the epoch, when something has happened and the observers were told."""
        ...

    def draw(self) -> str:
        """Return a text that nobody can guess."""
        ...

    def keep(self, effect: Keep) -> str:
        """Keep a token beyond the run, and return why that cannot be, or ``""``."""
        ...

    def recall(self, effect: Recall) -> Token | None:
        """Return the token that is kept, without its text when it has ended."""
        ...

    def sign(self, effect: Sign) -> Signed:
        """Return what signs a request."""
        ...


class AsyncWorld(Protocol):
    """The same for an event loop; telling the time never waits."""

    async def send(self, effect: Send) -> Answer:
        """Send a request; a network failure is an answer. Raises ``NotSent`` as the other does."""
        ...

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        ...

    def emit(self, event: Event) -> float:
        """Return the time, in seconds since the epoch, when something has happened and the observers were told."""
        ...

    def draw(self) -> str:
        """Return a text that nobody can guess."""
        ...

    async def keep(self, effect: Keep) -> str:
        """Keep a token beyond the run, and return why that cannot be, or ``""``."""
        ...

    async def recall(self, effect: Recall) -> Token | None:
        """Return the token that is kept, without its text when it has ended."""
        ...

    async def sign(self, effect: Sign) -> Signed:
        """Return what signs a request."""
        ...


def drive(interaction: Interaction[RunReport], world: World, on_event: Observer = ignore) -> RunReport:
    """Answer every effect of a run from the world, and tell its events.

    Raises what is no ``ArazzoError`` (a bug, ``KeyboardInterrupt``) when the report is complete: ``report_of`` finds
    the report there.
    """
    course = _Course(interaction, on_event)
    while course.report is None:
        try:
            while course.report is None:
                course.go_on(_ask(course, world))
        except GeneratorExit as bug:
            # nobody closes a run that is driven here: what was asked raised it, and the run would end without a word
            course.cut(_as_error(bug))
        except BaseException as cut:  # noqa: BLE001 - thrown into the run, which raises it again
            course.cut(cut)
    return course.end(course.report)


async def drive_async(interaction: Interaction[RunReport], world: AsyncWorld, on_event: Observer = ignore) -> RunReport:
    """Do the same without blocking the event loop; a cancelled run raises its ``CancelledError`` with the report."""
    course = _Course(interaction, on_event)
    while course.report is None:
        try:
            while course.report is None:
                asked = _ask(course, world)
                course.go_on((await asked) if isinstance(asked, Awaitable) else asked)
        except BaseException as cut:  # noqa: BLE001 - thrown into the run, which raises it again
            course.cut(cut)
    return course.end(course.report)


def _as_error(bug: GeneratorExit) -> RuntimeError:
    error = RuntimeError("what answers the run raised GeneratorExit")
    error.__cause__ = bug
    return error


class _Course(Struct):
    """A run that is driven: the effect to be answered next, its report when it is over, what an observer raised."""

    interaction: Interaction[RunReport]
    on_event: Observer
    effect: Effect | None = None
    report: RunReport | None = None
    bug: BaseException | None = None

    def go_on(self, reply: Reply) -> None:
        """Give the run a reply."""
        try:
            self.effect = self.interaction.send(reply)
        except StopIteration as finished:
            self.report = finished.value

    def cut(self, error: BaseException) -> None:
        """Throw an error into the run; raises it, with the report, when it is the run that raised it."""
        if getgeneratorstate(self.interaction) == GEN_CLOSED:
            report = report_of(error)
            raise error if report is None else carrying(error, self._with_bug(report))
        try:
            self.effect = self.interaction.throw(error)
        except StopIteration as finished:
            self.report = finished.value

    def tell(self, event: Event) -> None:
        """Tell the observer. What it raises must not end a run that has sent a request: it is kept for the end."""
        try:
            self.on_event(event)
        except (Exception, GeneratorExit) as bug:  # noqa: BLE001 - the same
            self.bug = self.bug or bug

    def end(self, report: RunReport) -> RunReport:
        """Return the report; raises what an observer raised, with the report on it."""
        if self.bug is not None:
            raise carrying(self.bug, self._with_bug(report))
        return report

    def _with_bug(self, report: RunReport) -> RunReport:
        if self.bug is None:
            return report
        message = f"an observer of the run raised {place_of(self.bug)}"
        finding = diagnose("observer-bug", message, fix="correct the observer; the run went on without it")
        return replace(report, diagnostics=(*report.diagnostics, finding))


@overload
def _ask(course: _Course, world: World) -> Reply: ...
@overload
def _ask(course: _Course, world: AsyncWorld) -> Reply | Awaitable[Reply]: ...
def _ask(course: _Course, world: World | AsyncWorld) -> Reply | Awaitable[Reply]:
    """Ask the world for the reply to the effect; in an event loop, some replies have to be awaited."""
    effect = course.effect
    # the run has not begun
    reply: Reply | Awaitable[Reply] = None
    match effect:
        case Send():
            reply = world.send(effect)
        case Wait():
            reply = world.wait(effect.seconds)
        case Emit():
            course.tell(effect.event)
            reply = world.emit(effect.event)
        case Draw():
            reply = world.draw()
        case Keep():
            reply = world.keep(effect)
        case Recall():
            reply = world.recall(effect)
        case Sign():
            reply = world.sign(effect)
        case None:
            pass
        case _:
            assert_never(effect)
    return reply
