"""The live world of an event loop: real requests, real waiting, the real clock.

It differs from the other live world in nothing that a run can see.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from arazzo_engine.world.drivers.live import Deadline, ignore

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.machine.answers import Answer
    from arazzo_engine.machine.effects import Send
    from arazzo_engine.machine.events import Event


class AsyncSender(Protocol):
    """What sends requests from an event loop."""

    async def send(self, effect: Send) -> Answer:
        """Send a request."""
        ...


class AsyncLiveWorld(Struct, frozen=True):
    """The live world of an event loop."""

    sender: AsyncSender
    observe: Callable[[Event], None] = ignore
    deadline: Deadline = field(default_factory=Deadline)

    async def send(self, effect: Send) -> Answer:
        """Send a request."""
        return await self.sender.send(self.deadline.within(effect))

    async def wait(self, seconds: float) -> None:
        """Sleep without blocking the loop."""
        await asyncio.sleep(self.deadline.cut(seconds))
        self.deadline.remaining()

    def emit(self, event: Event) -> float:
        """Tell the observer, and return the time; a step that was cut short by the deadline ends the run."""
        self.observe(event)
        self.deadline.check(event)
        return time.time()

    def draw(self) -> str:
        """Return a text that nobody can guess."""
        return secrets.token_hex(16)
