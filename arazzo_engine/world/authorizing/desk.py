"""The desk before a run: the world that is asked for what the run needs, what a person is asked for, and the person.

Values only. What is asked is decided by ``settling`` and ``logins``.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from msgspec import Struct

from arazzo_engine.apis.security.redirect_uris import ANY_PORT, RedirectUri

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.apis.descriptions.operations import SecurityScheme
    from arazzo_engine.apis.security.grants import TokenGrant
    from arazzo_engine.world.authorizing.token_store import TokenStore
    from arazzo_engine.world.drivers.driving import World

_PATIENCE: Final = 300.0


def _for_ever() -> None:
    return None


class Desk(Struct, frozen=True):
    """The world before a run; ``timeout`` is that of a request, ``patience`` that with a person, both in seconds.

    ``time_left`` says how long there is for all of it, ``None`` when nobody set a limit; it raises ``ArazzoError``
    (``run-time-limit``) when the time is up. ``redirect_uri`` is where a browser comes back to, ``store``
    where tokens outlive the run; ``allowed_hosts`` narrow where credentials may go.
    """

    world: World
    timeout: float | None = None
    patience: float = _PATIENCE
    time_left: Callable[[], float | None] = _for_ever
    redirect_uri: RedirectUri = ANY_PORT
    store: TokenStore | None = None
    now: Callable[[], float] = time.time
    allowed_hosts: tuple[str, ...] = ()

    def waits(self, seconds: float) -> float:
        """Return how long a person is waited for, when a server would wait so many seconds."""
        left = self.time_left()
        return seconds if left is None else min(seconds, left)


class Issuer(Struct, frozen=True):
    """The server that a person logs in at, by its own name if that is known; whether its answers name it."""

    name: str = ""
    is_named: bool = False


class Wanted(Struct, frozen=True):
    """What a person is asked to grant, for which scheme, and by which server."""

    grant: TokenGrant
    scheme: SecurityScheme
    issuer: Issuer = Issuer()


@runtime_checkable
class Person(Protocol):
    """Somebody at a terminal with a browser."""

    def ask(self, message: str, url: str) -> None:
        """Tell the person what to do, and show or open the URL."""
        ...
