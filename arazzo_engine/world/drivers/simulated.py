"""The simulated world: answers made from the API descriptions, no network, no waiting.

It answers each operation with its first documented success, so a rehearsal shows a run in which everything works.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.machine.effects import Answer, Send
from arazzo_engine.simulation.samples import sample_response

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.machine.events import Event


class SimulatedWorld(Struct, frozen=True):
    """Answers from the descriptions that the resolver reads."""

    resolver: Resolver

    def send(self, effect: Send) -> Answer:
        """Return the answer that the operation documents."""
        if effect.operation is None:
            raise TypeError("a rehearsal makes up its tokens, so none is asked for")
        return Answer(sample_response(effect.operation, self.resolver), time.time(), 0.0)

    def wait(self, seconds: float) -> None:
        """Let no time pass: nobody is there to wait for."""

    def emit(self, event: Event) -> float:
        """Return the time."""
        del event
        return time.time()

    def draw(self) -> str:
        """Return a text that nobody can guess."""
        return secrets.token_hex(16)
