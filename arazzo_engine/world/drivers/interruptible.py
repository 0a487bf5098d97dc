"""Interrupting a run: Ctrl-C, and the signals by which a system asks a process to end.

Decides that a run which is interrupted still says what it did, and what it may have done: the exchange that was cut off
counts as one without an answer, and the run stops after its step. A second interruption ends the process at once.
"""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.machine.answers import Answer, Failure, NoResponse
from arazzo_engine.machine.events import StepFinished

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from arazzo_engine.machine.effects import Send
    from arazzo_engine.machine.events import Event
    from arazzo_engine.world.drivers.driving import World

# those that are sent to a process that has to end; Windows has no SIGHUP
_SIGNALS: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def signals_interrupt() -> Iterator[None]:
    """Let the signals that ask a process to end interrupt it as Ctrl-C does. Only a main thread can be interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = {each: signal.signal(each, _interrupt) for each in _SIGNALS}
    try:
        yield
    finally:
        for each, handler in previous.items():
            signal.signal(each, handler)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class InterruptibleWorld(Struct):
    """Passes effects on to another world until it is interrupted."""

    world: World
    is_interrupted: bool = False

    def send(self, effect: Send) -> Answer:
        """Send a request; one that is cut off has got no answer."""
        if self.is_interrupted:
            raise self._stop()
        started_at, began = time.time(), time.perf_counter()
        try:
            return self.world.send(effect)
        except KeyboardInterrupt:
            self.is_interrupted = True
            result = NoResponse(Failure.INTERRUPTED, "the run was interrupted while it waited for the answer")
            return Answer(result, started_at, time.perf_counter() - began)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        try:
            self.world.wait(seconds)
        except KeyboardInterrupt:
            self.is_interrupted = True
            raise self._stop() from None

    def emit(self, event: Event) -> float:
        """Tell the observers, and return the time."""
        now = self.world.emit(event)
        if self.is_interrupted and isinstance(event, StepFinished):
            raise self._stop()
        return now

    def draw(self) -> str:
        """Return a text that nobody can guess."""
        return self.world.draw()

    def _stop(self) -> ArazzoError:
        return ArazzoError(diagnose("interrupted", "the run was interrupted, and nothing more was sent"))
