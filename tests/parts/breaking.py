"""A world that works until the test breaks it: at the effect of a number, before that is done or after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from arazzo_engine.reporting.events import StepStarted

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripted import ScriptedWorld

    from arazzo_engine.apis.security.grants import Token
    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.machine.effects import Keep, Recall, Send, Sign, Signed
    from arazzo_engine.reporting.events import Event

_T = TypeVar("_T")


@dataclass
class BreakingWorld:
    """Raises ``error`` at the effect numbered ``at``; when it ``acts_first``, what was asked for is done all the same.

    ``asked`` names the effects in order, ``started`` the steps whose beginning was told or was being told.
    """

    world: ScriptedWorld
    at: int = -1
    error: BaseException = field(default_factory=ZeroDivisionError)
    acts_first: bool = False
    asked: list[str] = field(default_factory=list)
    started: list[tuple[str, int]] = field(default_factory=list)

    def send(self, effect: Send) -> Answer:
        return self._do("send", lambda: self.world.send(effect))

    def wait(self, seconds: float) -> None:
        self._do("wait", lambda: self.world.wait(seconds))

    def emit(self, event: Event) -> float:
        if isinstance(event, StepStarted):
            self.started.append((event.step_id, event.attempt))
        return self._do("emit", lambda: self.world.emit(event))

    def draw(self) -> str:
        return self._do("draw", self.world.draw)

    def keep(self, effect: Keep) -> str:
        return self._do("keep", lambda: self.world.keep(effect))

    def recall(self, effect: Recall) -> Token | None:
        return self._do("recall", lambda: self.world.recall(effect))

    def sign(self, effect: Sign) -> Signed:
        return self._do("sign", lambda: self.world.sign(effect))

    def _do(self, name: str, act: Callable[[], _T]) -> _T:
        self.asked.append(name)
        breaks = len(self.asked) - 1 == self.at
        if breaks and not self.acts_first:
            raise self.error
        done = act()
        if breaks:
            raise self.error
        return done
