"""The recorded world: each reply to a run is recorded before the run goes on, and given again when it is run again.

Decides what is recorded in which order, and what becomes of a request whose answer was never recorded. What a run does
is the machine's to decide, also whether a request may be sent again.

A run that is run again asks for the same replies in the same order: a run is determined by its replies. So nothing is
recorded of what it does, but for each request, which is compared with what was sent the first time.

**At most once.** Before a request that may not be sent again, an *intent* is recorded. Only who has recorded it, in
this very process, sends the request: ``live`` is set inside the step of the intent, which runs when there is no record
of it. An intent without an answer is a request in doubt, and nothing is sent.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from arazzo_engine.durability.asking import Asking
from arazzo_engine.recording.replies import (
    read_signed,
    read_token,
    write_answer,
    write_signed,
    write_token,
)
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from arazzo_engine.apis.security.grants import Token
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.durability.steps import Steps
    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.machine.effects import Keep, Recall, Send, Sign, Signed
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.world.drivers.driving import World
    from arazzo_engine.world.drivers.surroundings import Clock

_DRAWN: Final = 32
# in seconds: how soon a wait is given up when the run was told to stop, first, and after a while
_SLICES: Final = (0.25, 5.0)


class RecordedWorld(SilentState):
    """Answers from the record, and else from a world, whose replies are recorded.

    ``now`` is the time of the last reply, in seconds since the epoch: between two of them, no time passes for the run.
    ``seed`` is what is drawn from. ``doubt`` is the request without an answer that the run was last told of.
    """

    steps: Steps
    world: World
    clock: Clock
    now: float
    seed: str
    drawn: int = 0
    sends: int = 0
    waits: int = 0
    doubt: Asking | None = None

    def send(self, effect: Send) -> Answer:
        """Return the answer; raises ``InDoubt`` for a request that may have been sent, and ``RunDiffers``."""
        self.sends += 1
        asking = Asking(self.steps, effect, f"{self.sends} {_name_of(effect)}", self._send_now)
        self.doubt = asking
        answer = asking.answer()
        self.doubt = asking if asking.is_in_doubt(answer) else None
        self.now = max(self.now, answer.started_at + answer.elapsed)
        return answer

    def _send_now(self, effect: Send) -> dict[str, JsonValue]:
        return write_answer(self.world.send(effect))

    def wait(self, seconds: float) -> None:
        """Let time pass. Until when is recorded, so that a wait goes on where it was."""
        self.waits += 1
        place = f"wait {self.waits}"
        until = float(self.steps.run(place, lambda: self.clock.now() + seconds))
        over = self.steps.run(f"{place}: over", lambda: self._sleep(until, seconds, place))
        self.now = max(self.now, float(over))

    def _sleep(self, until: float, seconds: float, place: str) -> float:
        """Wait until then, and no longer than so many seconds: a clock that was put back prolongs no wait."""
        left = min(until - self.clock.now(), seconds)
        self.steps.sleep(place, left)
        shortest, longest = _SLICES
        while left > 0 and not self.steps.is_nudged(place):
            part = min(left, shortest)
            self.world.wait(part)
            left = min(until - self.clock.now(), left - part)
            shortest = min(2 * shortest, longest)
        return self.clock.now()

    def emit(self, event: Event) -> float:
        """Return the time of the last reply."""
        del event
        return self.now

    def draw(self) -> str:
        """Return a text that nobody can guess: the same when the run is run again."""
        self.drawn += 1
        return hmac.new(bytes.fromhex(self.seed), str(self.drawn).encode(), hashlib.sha256).hexdigest()[:_DRAWN]

    def keep(self, effect: Keep) -> str:
        """Keep a token beyond the run, once."""
        return str(self.steps.run("keep a token", lambda: self.world.keep(effect)))

    def recall(self, effect: Recall) -> Token | None:
        """Return the token that was kept at the time."""
        return read_token(self.steps.run("recall a token", lambda: write_token(self.world.recall(effect))))

    def sign(self, effect: Sign) -> Signed:
        """Return what signs a request."""
        return read_signed(self.steps.run("sign a request", lambda: write_signed(self.world.sign(effect))))


def _name_of(effect: Send) -> str:
    return "token" if effect.asked is None else effect.asked.step.step.step_id
