"""The live world of an event loop: real requests, real waiting, the real clock.

It differs from the other live world in nothing that a run can see. What it waits for can be given up, so a sender that
takes longer than it was told to is not waited for either.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from arazzo_engine.language.messages.answers import Answer, Failure, NoResponse
from arazzo_engine.world.drivers.deadline import Deadline
from arazzo_engine.world.drivers.live import check_time_after, keep_in, recall_from, send_in_time
from arazzo_engine.world.drivers.signing import sign_with
from arazzo_engine.world.drivers.surroundings import Surroundings, SystemClock

if TYPE_CHECKING:
    from arazzo_engine.apis.security.grants import Token
    from arazzo_engine.machine.effects import Keep, Recall, Send, Sign, Signed
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.world.drivers.live import Keeper
    from arazzo_engine.world.drivers.signing import Signers


class AsyncSender(Protocol):
    """What sends requests from an event loop."""

    async def send(self, effect: Send) -> Answer:
        """Send a request."""
        ...


class AsyncLiveWorld(Struct, frozen=True):
    """The live world of an event loop.

    A sender knows best what came of a request, so it has ``grace`` seconds more than the request's timeout to say so.
    """

    sender: AsyncSender
    deadline: Deadline = field(default_factory=Deadline)
    around: Surroundings = Surroundings()
    grace: float = 0.5
    store: Keeper | None = None
    signers: Signers = field(default_factory=dict)

    async def send(self, effect: Send) -> Answer:
        """Send a request; raises ``NotSent`` when no time is left to."""
        effect = send_in_time(effect, self.deadline)
        if effect.timeout is None:
            return await self.sender.send(effect)
        started_at, began = time.time(), time.perf_counter()
        limit = asyncio.timeout(effect.timeout + self.grace)
        try:
            async with limit:
                return await self.sender.send(effect)
        except TimeoutError:
            if not limit.expired():
                raise
            result = NoResponse(Failure.TIMEOUT, f"no answer within {effect.timeout:.3g} s")
            return Answer(result, started_at, time.perf_counter() - began)

    async def wait(self, seconds: float) -> None:
        """Sleep without blocking the loop."""
        seconds = self.deadline.cut(seconds)
        if isinstance(self.around.clock, SystemClock):
            await asyncio.sleep(seconds)
        else:
            self.around.clock.sleep(seconds)
        self.deadline.remaining()

    def emit(self, event: Event) -> float:
        """Return the time; a step that was cut short by the deadline ends the run."""
        check_time_after(event, self.deadline)
        return self.around.clock.now()

    def draw(self) -> str:
        """Return a text that nobody can guess."""
        return self.around.draw()

    async def keep(self, effect: Keep) -> str:
        """Keep a token beyond the run, where there is a store for it; another run may have it for a moment."""
        return await asyncio.to_thread(keep_in, self.store, effect)

    async def recall(self, effect: Recall) -> Token | None:
        """Return the token that is kept by now."""
        return await asyncio.to_thread(recall_from, self.store, effect, self.around.clock.now())

    async def sign(self, effect: Sign) -> Signed:
        """Return what the function of the user's gives, which may take its time."""
        return await asyncio.to_thread(sign_with, self.signers, effect)
