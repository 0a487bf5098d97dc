"""A world around another one, which holds what passes to the contracts of the operations.

Decides whether a run goes on when one is broken. The run itself knows nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from arazzo_engine.diagnostics import ArazzoError, Diagnostic
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.events import StepFinished

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.machine.answers import Answer
    from arazzo_engine.machine.effects import Send
    from arazzo_engine.machine.events import Event
    from arazzo_engine.world.contracts.checking import Contract
    from arazzo_engine.world.drivers.driving import World


class CheckedWorld(Struct):
    """Checks what passes to and from another world, and keeps the findings.

    When it ``stops``, a request that breaks its contract is not sent, and a response that does ends the run.
    """

    world: World
    contract: Contract
    stops: bool = False
    _findings: list[Diagnostic] = field(default_factory=list)

    def take(self) -> tuple[Diagnostic, ...]:
        """Return the findings since they were last taken."""
        found = tuple(self._findings)
        self._findings.clear()
        return found

    def send(self, effect: Send) -> Answer:
        """Send a request, checked before and after."""
        # a request for a token belongs to no operation
        if effect.operation is None:
            return self.world.send(effect)
        self._tell(self.contract.check_request(effect.operation, effect.request))
        self._stop()
        answer = self.world.send(effect)
        if isinstance(answer.result, Response):
            self._tell(self.contract.check_response(effect.operation, effect.request, answer.result))
        return answer

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.world.wait(seconds)

    def emit(self, event: Event) -> float:
        """Tell the observers, and return the time."""
        now = self.world.emit(event)
        # the step with the broken answer has been told: it did happen
        if isinstance(event, StepFinished):
            self._stop()
        return now

    def draw(self) -> str:
        """Return a text that nobody can guess."""
        return self.world.draw()

    def _tell(self, found: Iterable[Diagnostic]) -> None:
        self._findings.extend(each for each in found if each not in self._findings)

    def _stop(self) -> None:
        broken = [each for each in self._findings if each.code != "contract-unchecked"]
        if broken and self.stops:
            self._findings = [each for each in self._findings if each not in broken]
            raise ArazzoError(*(each.as_error() for each in broken))
