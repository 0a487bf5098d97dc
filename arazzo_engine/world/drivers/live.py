"""The live world: real requests, real waiting, the real clock, within the time that a run may take.

It decides what of a run the end of that time cuts short. What is sent, and when, the run decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.machine.effects import NotSent
from arazzo_engine.machine.tokens import is_over
from arazzo_engine.reporting.events import StepFinished
from arazzo_engine.world.drivers.deadline import Deadline
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


def send_in_time(effect: Send, deadline: Deadline) -> Send:
    """Return the effect with a timeout that ends no later than the run must; raises ``NotSent`` when it has."""
    try:
        left = deadline.remaining()
    except ArazzoError as over:
        raise NotSent(*over.diagnostics) from None
    if left is None or (effect.timeout is not None and effect.timeout <= left):
        return effect
    return replace(effect, timeout=left)


def check_time_after(event: Event, deadline: Deadline) -> None:
    """Raise ``ArazzoError`` (``run-time-limit``) after a step that got no response, when no time is left."""
    if isinstance(event, StepFinished) and isinstance(event.report.response, NoResponse):
        deadline.remaining()


class LiveWorld(Struct, frozen=True):
    """Sends through a transport, waits by sleeping."""

    sender: Sender
    deadline: Deadline = field(default_factory=Deadline)
    around: Surroundings = Surroundings()
    store: Keeper | None = None
    signers: Signers = field(default_factory=dict)

    def send(self, effect: Send) -> Answer:
        """Send a request; raises ``NotSent`` when no time is left to."""
        return self.sender.send(send_in_time(effect, self.deadline))

    def wait(self, seconds: float) -> None:
        """Sleep; a wait that the deadline cuts short stops the run at its end."""
        self.around.clock.sleep(self.deadline.cut(seconds))
        self.deadline.remaining()

    def emit(self, event: Event) -> float:
        """Return the time; a step that was cut short by the deadline ends the run."""
        check_time_after(event, self.deadline)
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
