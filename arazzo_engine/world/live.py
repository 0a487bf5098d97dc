"""The live world: real requests, real waiting, the real clock, and a limit on the time a run may take."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from arazzo_engine.diagnostics import ArazzoError, diagnose

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.machine.effects import Answer, Send
    from arazzo_engine.machine.events import Event


class Sender(Protocol):
    """What sends requests: the transport."""

    def send(self, effect: Send) -> Answer:
        """Send a request."""
        ...


class AsyncSender(Protocol):
    """What sends requests from an event loop."""

    async def send(self, effect: Send) -> Answer:
        """Send a request."""
        ...


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a run must have ended: ``limit`` in seconds since it began, ``None`` for never."""

    limit: float | None = None
    _started: float = field(default_factory=time.monotonic)

    def remaining(self) -> float | None:
        """Return the seconds left; raises ``ArazzoError`` (``run-time-limit``) when there are none."""
        if self.limit is None:
            return None
        left = self._started + self.limit - time.monotonic()
        if left <= 0:
            message = f"the run stopped: it took longer than {self.limit:g} s"
            raise ArazzoError(diagnose("run-time-limit", message, fix="raise the limit with `--timeout`"))
        return left

    def within(self, effect: Send) -> Send:
        """Return the effect with a timeout that ends no later than the run must."""
        left = self.remaining()
        if left is None or (effect.timeout is not None and effect.timeout <= left):
            return effect
        return replace(effect, timeout=left)

    def cut(self, seconds: float) -> float:
        """Return how long a wait may be."""
        left = self.remaining()
        return seconds if left is None else min(seconds, left)


def _ignore(_event: Event) -> None:
    pass


@dataclass(frozen=True, slots=True)
class LiveWorld:
    """Sends through a transport, waits by sleeping."""

    sender: Sender
    observe: Callable[[Event], None] = _ignore
    deadline: Deadline = field(default_factory=Deadline)

    def send(self, effect: Send) -> Answer:
        """Send a request."""
        return self.sender.send(self.deadline.within(effect))

    def wait(self, seconds: float) -> None:
        """Sleep; a wait that the deadline cuts short stops the run at its end."""
        time.sleep(self.deadline.cut(seconds))
        self.deadline.remaining()

    def emit(self, event: Event) -> float:
        """Tell the observer, and return the time."""
        self.observe(event)
        return time.time()


@dataclass(frozen=True, slots=True)
class AsyncLiveWorld:
    """The live world of an event loop."""

    sender: AsyncSender
    observe: Callable[[Event], None] = _ignore
    deadline: Deadline = field(default_factory=Deadline)

    async def send(self, effect: Send) -> Answer:
        """Send a request."""
        return await self.sender.send(self.deadline.within(effect))

    async def wait(self, seconds: float) -> None:
        """Sleep without blocking the loop."""
        await asyncio.sleep(self.deadline.cut(seconds))
        self.deadline.remaining()

    def emit(self, event: Event) -> float:
        """Tell the observer, and return the time."""
        self.observe(event)
        return time.time()
