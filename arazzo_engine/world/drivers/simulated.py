"""The simulated world: answers made from the API descriptions, no network, no waiting.

What an operation answers is decided by ``simulation``; here is the time, and what nobody can guess.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.messages.answers import Answer, Failure, NoResponse
from arazzo_engine.machine.effects import NotSent
from arazzo_engine.simulation.access import sign_made_up
from arazzo_engine.simulation.staging import in_time
from arazzo_engine.world.drivers.deadline import Deadline
from arazzo_engine.world.drivers.live import send_in_time
from arazzo_engine.world.drivers.surroundings import Surroundings

if TYPE_CHECKING:
    from arazzo_engine.apis.security.grants import Token
    from arazzo_engine.language.messages.exchange import Response
    from arazzo_engine.machine.effects import Keep, Recall, Send, Sign, Signed
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.simulation.staging import Stage


class SimulatedWorld(Struct, frozen=True):
    """Answers as they are staged."""

    stage: Stage
    around: Surroundings = Surroundings()
    deadline: Deadline = field(default_factory=Deadline)

    def send(self, effect: Send) -> Answer:
        """Return the answer that is staged, or none when it takes too long.

        Raises ``ArazzoError`` where the run is to be interrupted, ``NotSent`` when no time is left.
        """
        effect = send_in_time(effect, self.deadline)
        staged = in_time(self.stage.answer(effect), effect.timeout)
        begun = self.now()
        self.stage.ahead += staged.elapsed
        _check_goes_on(staged.result)
        return Answer(staged.result, begun, staged.elapsed, notes=staged.notes)

    def wait(self, seconds: float) -> None:
        """Let no time pass: nobody is there to wait for. The stage may say that it has."""
        self.stage.wait(seconds)

    def emit(self, event: Event) -> float:
        """Return the time; the stage sees what happened."""
        self.stage.see(event)
        return self.now()

    def now(self) -> float:
        """Return the time: that of the clock, and what the answers took that were said to take time."""
        return self.around.clock.now() + self.stage.ahead

    def draw(self) -> str:
        """Return a text that nobody can guess."""
        return self.around.draw()

    def keep(self, effect: Keep) -> str:
        """Keep nothing: what is simulated is worth nothing."""
        del effect
        return ""

    def recall(self, effect: Recall) -> Token | None:
        """Return nothing: nothing was kept."""
        del effect
        return None

    def sign(self, effect: Sign) -> Signed:
        """Return a signature that is made up."""
        return sign_made_up(effect)


def _check_goes_on(result: Response | NoResponse) -> None:
    """Raise ``ArazzoError`` when a run is said to be interrupted instead of an answer."""
    if isinstance(result, NoResponse) and result.failure is Failure.INTERRUPTED:
        told = diagnose("interrupted", "the run was interrupted here, as its answers say")
        raise ArazzoError(told) if result.sent else NotSent(told)
