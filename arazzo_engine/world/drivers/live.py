"""The live world: real requests, real waiting, the real clock, and a limit on the time a run may take.

It decides when a run has taken too long.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.machine.effects import NotSent
from arazzo_engine.machine.tokens import is_over
from arazzo_engine.reporting.events import StepFinished
from arazzo_engine.world.drivers.signing import sign_with
from arazzo_engine.world.drivers.surroundings import Surroundings

if TYPE_CHECKING:
    from arazzo_engine.apis.security.credentials import Entry
    from arazzo_engine.apis.security.grants import Token
    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.machine.effects import Keep, Recall, Send, Sign, Signed
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.world.drivers.signing import Signers


class Sender(Protocol):
    """What sends requests: the transport."""

    def send(self, effect: Send) -> Answer:
        """Send a request."""
        ...


class Keeper(Protocol):
    """What keeps tokens beyond a run: the token store."""

    def keep(self, entry: Entry, token: Token) -> None:
        """Keep a token in place of the one before it; raises ``ArazzoError`` when it cannot."""
        ...

    def recall(self, entry: Entry) -> Token | None:
        """Return the token that is kept; raises the same."""
        ...


def keep_in(store: Keeper | None, effect: Keep) -> str:
    """Keep a token, and return why that cannot be."""
    if store is None:
        return "there is no token store"
    try:
        store.keep(effect.entry, effect.token)
    except ArazzoError as error:
        return error.diagnostics[0].message
    return ""


def recall_from(store: Keeper | None, effect: Recall, now: float) -> Token | None:
    """Return the token that is kept, without its text when it has ended; one that cannot be read is none."""
    try:
        token = None if store is None else store.recall(effect.entry)
    except ArazzoError:
        # that is told when the next one cannot be kept
        return None
    return token if token is None or not is_over(token, now) else replace(token, value="")


RUNNING: Final = "the run stopped: loading and running"
CHECKING: Final = "the check was given up: loading and checking"


class Deadline(Struct, frozen=True):
    """When a run must have ended: ``limit`` in seconds since it began, ``None`` for never. ``work`` says what ends."""

    limit: float | None = None
    _started: float = field(default_factory=time.monotonic)
    work: str = RUNNING

    def remaining(self) -> float | None:
        """Return the seconds left; raises ``ArazzoError`` (``run-time-limit``) when there are none."""
        if self.limit is None:
            return None
        left = self._started + self.limit - time.monotonic()
        if left <= 0:
            message = f"{self.work} took longer than {self.limit:g} s"
            raise ArazzoError(diagnose("run-time-limit", message, fix="raise the limit with `--timeout`"))
        return left

    def within(self, effect: Send) -> Send:
        """Return the effect with a timeout that ends no later than the run must; raises ``NotSent`` when it has."""
        try:
            left = self.remaining()
        except ArazzoError as over:
            raise NotSent(*over.diagnostics) from None
        if left is None or (effect.timeout is not None and effect.timeout <= left):
            return effect
        return replace(effect, timeout=left)

    def check(self, event: Event) -> None:
        """Raise ``ArazzoError`` (``run-time-limit``) after a step that got no response, when no time is left."""
        if isinstance(event, StepFinished) and isinstance(event.report.response, NoResponse):
            self.remaining()

    def cut(self, seconds: float) -> float:
        """Return how long a wait may be."""
        left = self.remaining()
        return seconds if left is None else min(seconds, left)


class LiveWorld(Struct, frozen=True):
    """Sends through a transport, waits by sleeping."""

    sender: Sender
    deadline: Deadline = field(default_factory=Deadline)
    around: Surroundings = Surroundings()
    store: Keeper | None = None
    signers: Signers = field(default_factory=dict)

    def send(self, effect: Send) -> Answer:
        """Send a request; raises ``NotSent`` when no time is left to."""
        return self.sender.send(self.deadline.within(effect))

    def wait(self, seconds: float) -> None:
        """Sleep; a wait that the deadline cuts short stops the run at its end."""
        self.around.clock.sleep(self.deadline.cut(seconds))
        self.deadline.remaining()

    def emit(self, event: Event) -> float:
        """Return the time; a step that was cut short by the deadline ends the run."""
        self.deadline.check(event)
        return self.around.clock.now()

    def draw(self) -> str:
        """Return a text that nobody can guess."""
        return self.around.draw()

    def keep(self, effect: Keep) -> str:
        """Keep a token beyond the run, where there is a store for it."""
        return keep_in(self.store, effect)

    def recall(self, effect: Recall) -> Token | None:
        """Return the token that is kept by now."""
        return recall_from(self.store, effect, self.around.clock.now())

    def sign(self, effect: Sign) -> Signed:
        """Return what the function of the user's gives."""
        return sign_with(self.signers, effect)
