"""How much the workers of a database may ask of a server, all of them together: a queue of the engine beneath for each.

Decides which limit is a URL's. A limit has no table of its own: it is what its queue was told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dbos import DBOSClient, Queue

_PREFIX: Final = "arazzo.limit "
_POLL: Final = 0.1


class Limit(Struct, frozen=True):
    """At most so many requests at once, and so many that begin within a period, in seconds.

    ``host`` is a host with or without a port; without one, it is of all ports.
    """

    host: str
    concurrency: int | None = None
    rate: int | None = None
    period: float = 1.0

    @property
    def queue(self) -> str:
        """The name of its queue."""
        return f"{_PREFIX}{self.host}"


def limit_of(url: str, limits: Iterable[Limit]) -> Limit | None:
    """Return the limit of a URL: that of its host and port before that of its host."""
    parts = urlsplit(url)
    by_host = {each.host: each for each in limits}
    netloc = parts.netloc.rpartition("@")[2].lower()
    return by_host.get(netloc) or by_host.get(parts.hostname or "")


class Limits:
    """The limits of a database."""

    def __init__(self, client: DBOSClient) -> None:
        self._client = client

    def put(self, limit: Limit) -> None:
        """Keep a limit in place of the one that the host had."""
        self._client.register_queue(
            limit.queue,
            global_concurrency=limit.concurrency,
            limiter=None if limit.rate is None else {"limit": limit.rate, "period": limit.period},
            polling_interval_sec=_POLL,
        )

    def all(self) -> tuple[Limit, ...]:
        """Return the limits, by their hosts."""
        queues = (each for each in self._client.list_queues() if each.name.startswith(_PREFIX))
        return tuple(sorted(map(_limit, queues), key=lambda each: each.host))

    def is_in_force(self, limit: Limit) -> bool:
        """Whether nobody has removed it."""
        return self._client.retrieve_queue(limit.queue) is not None

    def remove(self, host: str) -> bool:
        """Forget the limit of a host; return whether there was one."""
        limit = Limit(host)
        was_there = self.is_in_force(limit)
        self._client.delete_queue(limit.queue)
        return was_there


def _limit(queue: Queue) -> Limit:
    host, limiter = queue.name.removeprefix(_PREFIX), queue.limiter
    if limiter is None:
        return Limit(host, queue.global_concurrency)
    return Limit(host, queue.global_concurrency, limiter["limit"], limiter["period"])
