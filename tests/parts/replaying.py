"""The recorder and the replayed world: the replies of one run, kept in order and given again.

A run is determined by its replies, so replaying them gives the same report. A replay that asks for something else
than was recorded is stopped: it is not the same run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from arazzo_engine.machine.effects import Draw, Emit, Keep, Recall, Send, Sign, Wait

if TYPE_CHECKING:
    from arazzo_engine.apis.security.grants import Token
    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.machine.effects import Effect, Reply, Signed
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.world.drivers.driving import World


class ReplayError(Exception):
    """The run that is replayed asks for something that was not recorded at this point."""


class Recorded(Struct, frozen=True):
    """One effect and the reply it got."""

    effect: Effect
    reply: Reply


class RecordingWorld(Struct):
    """Passes effects on to another world and keeps the replies."""

    world: World
    records: list[Recorded] = field(default_factory=list)

    def send(self, effect: Send) -> Answer:
        """Send and keep the answer."""
        answer = self.world.send(effect)
        self.records.append(Recorded(effect, answer))
        return answer

    def wait(self, seconds: float) -> None:
        """Wait and keep that it was done."""
        self.world.wait(seconds)
        self.records.append(Recorded(Wait(seconds), None))

    def emit(self, event: Event) -> float:
        """Keep the time."""
        now = self.world.emit(event)
        self.records.append(Recorded(Emit(event), now))
        return now

    def draw(self) -> str:
        """Draw and keep the text."""
        drawn = self.world.draw()
        self.records.append(Recorded(Draw(), drawn))
        return drawn

    def keep(self, effect: Keep) -> str:
        """Keep what was said of it."""
        reason = self.world.keep(effect)
        self.records.append(Recorded(effect, reason))
        return reason

    def recall(self, effect: Recall) -> Token | None:
        """Keep what was kept."""
        token = self.world.recall(effect)
        self.records.append(Recorded(effect, token))
        return token

    def sign(self, effect: Sign) -> Signed:
        """Sign and keep the headers."""
        signed = self.world.sign(effect)
        self.records.append(Recorded(effect, signed))
        return signed


class ReplayedWorld(Struct):
    """Answers with recorded replies, in order; sends nothing and waits for nothing."""

    records: tuple[Recorded, ...]
    _position: int = 0

    def send(self, effect: Send) -> Answer:
        """Return the recorded answer to the same request."""
        recorded = self._next(Send)
        if not isinstance(recorded.effect, Send) or recorded.effect.request != effect.request:
            raise ReplayError(f"{effect.request.method} {effect.request.url} is not the request that was recorded")
        reply: Answer = recorded.reply  # type: ignore[assignment]  # a Send is recorded with its Answer
        return reply

    def wait(self, seconds: float) -> None:
        """Take the recorded wait as done."""
        recorded = self._next(Wait)
        if recorded.effect != Wait(seconds):
            raise ReplayError(f"a wait of {seconds:g} s is not what was recorded")

    def emit(self, event: Event) -> float:
        """Return the recorded time."""
        del event
        reply: float = self._next(Emit).reply  # type: ignore[assignment]  # an Emit is recorded with the time
        return reply

    def draw(self) -> str:
        """Return the recorded text."""
        reply: str = self._next(Draw).reply  # type: ignore[assignment]  # a Draw is recorded with its text
        return reply

    def keep(self, effect: Keep) -> str:
        """Return what was said of keeping the same token."""
        recorded = self._next(Keep)
        if recorded.effect != effect:
            raise ReplayError("another token is kept than was recorded")
        reply: str = recorded.reply  # type: ignore[assignment]  # a Keep is recorded with a text
        return reply

    def recall(self, effect: Recall) -> Token | None:
        """Return what was kept."""
        del effect
        reply: Token | None = self._next(Recall).reply  # type: ignore[assignment]  # a Recall is recorded with a token
        return reply

    def sign(self, effect: Sign) -> Signed:
        """Return the recorded signature of the same request."""
        recorded = self._next(Sign)
        if recorded.effect != effect:
            raise ReplayError("this is not the request that was signed")
        reply: Signed = recorded.reply  # type: ignore[assignment]  # a Sign is recorded with its Signed
        return reply

    def _next(self, kind: type) -> Recorded:
        if self._position >= len(self.records):
            raise ReplayError("the recording has ended")
        recorded = self.records[self._position]
        if not isinstance(recorded.effect, kind):
            raise ReplayError(f"{kind.__name__} is not what was recorded")
        self._position += 1
        return recorded
