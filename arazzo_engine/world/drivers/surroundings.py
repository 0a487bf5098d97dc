"""What surrounds a run besides the network: the time, waiting, and texts that nobody can guess.

A test may give its own, so that a run takes no time and draws the same; every other run has those of the machine.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable

_BYTES = 16


@runtime_checkable
class Clock(Protocol):
    """A clock of a test's own. In an event loop too, ``sleep`` is called and must not block."""

    def now(self) -> float:
        """Return the time, in seconds since the epoch."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> float:
        """Return the time, in seconds since the epoch."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)


def _unguessable() -> str:
    # what `secrets` gives, which brings OpenSSL along
    return os.urandom(_BYTES).hex()


class Surroundings(Struct, frozen=True):
    """A clock, and what gives texts that nobody can guess."""

    clock: Clock = SystemClock()
    draw: Callable[[], str] = _unguessable


def surroundings(clock: Clock | None, seed: int | None) -> Surroundings:
    """Return what surrounds the runs of an engine; with a seed, it draws the same each time it is made."""
    if seed is None:
        return Surroundings(clock or SystemClock())
    from random import Random  # noqa: PLC0415 - only for a test

    chance = Random(seed)  # noqa: S311 - a test wants what can be guessed
    return Surroundings(clock or SystemClock(), lambda: chance.randbytes(_BYTES).hex())
