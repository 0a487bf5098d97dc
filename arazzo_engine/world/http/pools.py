"""Channels over the connection pools of httpcore: through proxies, with HTTP/2, and on event loops.

They know how a request is written for httpcore and how its answer is read, and nothing of what either holds.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpcore
from msgspec import Struct

if TYPE_CHECKING:
    from arazzo_engine.world.http.channels import Incoming, Outgoing


class Pool(Struct, frozen=True):
    """A channel over a pool, which may be shared between threads."""

    pool: httpcore.ConnectionPool

    def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        """Send a request and hand its answer over, until it is complete."""
        response = self.pool.handle_request(_request(outgoing))
        try:
            incoming.begin(response.status, response.headers)
            for chunk in response.iter_stream():
                incoming.add(chunk)
        finally:
            response.close()

    def close(self) -> None:
        """Close every connection."""
        self.pool.close()


class AsyncPool(Struct, frozen=True):
    """The same for the tasks of an event loop."""

    pool: httpcore.AsyncConnectionPool

    async def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        """Send a request and hand its answer over, until it is complete."""
        response = await self.pool.handle_async_request(_request(outgoing))
        try:
            incoming.begin(response.status, response.headers)
            async for chunk in response.aiter_stream():
                incoming.add(chunk)
        finally:
            await response.aclose()

    async def close(self) -> None:
        """Close every connection."""
        await self.pool.aclose()


def _request(outgoing: Outgoing) -> httpcore.Request:
    address = outgoing.address
    # `connections` reads these as moments; a pool waits for so many seconds
    times: dict[str, Any] = dict.fromkeys(("connect", "read", "write"), outgoing.deadline)
    return httpcore.Request(
        outgoing.method,
        httpcore.URL(scheme=address.scheme, host=address.host, port=address.port, target=outgoing.target),
        headers=outgoing.headers,
        content=outgoing.content,
        extensions={"timeout": times | {"pool": max(0.0, outgoing.deadline - time.monotonic())}},
    )
