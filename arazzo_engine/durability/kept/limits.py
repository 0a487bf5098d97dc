"""How much the runs of a database may ask of a server, all of them together: a queue of the engine beneath for each.

Decides which limit is a URL's. A limit has no table of its own: it is what its queue was told, and a note says whose
queue it is. There are so many queues and no more, since a process says when it begins which it listens to: so it
listens to those of limits that are set later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError, diagnose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dbos import DBOSClient, Queue

    from arazzo_engine.durability.kept.notes import Notes

_MOST: Final = 32
LIMIT_QUEUES: Final = tuple(f"arazzo.limit {number:02}" for number in range(_MOST))
_POLL: Final = 0.1


class Limit(Struct, frozen=True):
    """At most so many requests at once, and so many that begin within a period, in seconds.

    ``host`` is a host with or without a port; without one, it is of all ports. ``queue`` is the one that it has.
    """

    host: str
    concurrency: int | None = None
    rate: int | None = None
    period: float = 1.0
    queue: str = ""


def limit_of(url: str, limits: Iterable[Limit]) -> Limit | None:
    """Return the limit of a URL: that of its host and port before that of its host."""
    parts = urlsplit(url)
    by_host = {each.host: each for each in limits}
    netloc = parts.netloc.rpartition("@")[2].lower()
    return by_host.get(netloc) or by_host.get(parts.hostname or "")


class Limits:
    """The limits of a database."""

    def __init__(self, client: DBOSClient, notes: Notes) -> None:
        self._client = client
        self._notes = notes

    def put(self, limit: Limit) -> None:
        """Keep a limit in place of the one that the host had; raises ``ArazzoError`` (``option-invalid``)."""
        self._client.register_queue(
            self._queue_of(limit.host),
            global_concurrency=limit.concurrency,
            limiter=None if limit.rate is None else {"limit": limit.rate, "period": limit.period},
            polling_interval_sec=_POLL,
        )

    def _queue_of(self, host: str) -> str:
        hosts = self._notes.values(LIMIT_QUEUES)
        known = next((queue for queue, each in hosts.items() if each == host), None)
        if known is not None:
            return known
        for queue in LIMIT_QUEUES:
            # somebody else may take it at this moment
            if queue not in hosts and self._notes.keep(queue, host) == host:
                return queue
        message = f"there are {_MOST} limits, and no more can be kept"
        raise ArazzoError(diagnose("option-invalid", message, fix="remove one with `arazzo limits remove`"))

    def all(self) -> tuple[Limit, ...]:
        """Return the limits, by their hosts."""
        queues = [each for each in self._client.list_queues() if each.name in LIMIT_QUEUES]
        hosts = self._notes.values(each.name for each in queues)
        return tuple(sorted((_limit(each, hosts[each.name]) for each in queues if each.name in hosts), key=_host_of))

    def is_in_force(self, limit: Limit) -> bool:
        """Whether nobody has removed it."""
        return self._client.retrieve_queue(limit.queue) is not None

    def remove(self, host: str) -> bool:
        """Forget the limit of a host; return whether there was one."""
        found = next((each for each in self.all() if each.host == host), None)
        if found is not None:
            self._client.delete_queue(found.queue)
            self._notes.forget(found.queue)
        return found is not None


def _host_of(limit: Limit) -> str:
    return limit.host


def _limit(queue: Queue, host: str) -> Limit:
    limiter = queue.limiter
    if limiter is None:
        return Limit(host, queue.global_concurrency, queue=queue.name)
    return Limit(host, queue.global_concurrency, limiter["limit"], limiter["period"], queue.name)
