"""The desk before a run: the world that is asked for what the run needs, and the person who may be sitting there.

Values only. What is asked is decided by ``settling`` and ``logins``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from msgspec import Struct

if TYPE_CHECKING:
    from arazzo_engine.world.drivers.driving import World


class Desk(Struct, frozen=True):
    """The world before a run; ``timeout`` is that of a request, ``patience`` that with a person, both in seconds."""

    world: World
    timeout: float | None = None
    patience: float = 300.0


@runtime_checkable
class Person(Protocol):
    """Somebody at a terminal with a browser."""

    def ask(self, message: str, url: str) -> None:
        """Tell the person what to do, and show or open the URL."""
        ...
