"""Channels over the connection pools of httpcore: HTTP/1.1 through proxies and on event loops.

They know how a request is written for httpcore, when it leaves, how its answer is read and what its errors are, and
nothing of what request and answer hold. A request that changes something goes through a pool that keeps no connection.
"""

from __future__ import annotations

import ssl
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

import httpcore
from msgspec import Struct

from arazzo_engine.world.http.addresses import read_url
from arazzo_engine.world.http.channels import AsyncBody, Body
from arazzo_engine.world.http.connections import AsyncConnections, Connections
from arazzo_engine.world.http.failures import ChannelError, Trouble, trouble_of
from arazzo_engine.world.http.http1.carrying import IDLE_SECONDS, MOST_CONNECTIONS, MOST_IDLE_CONNECTIONS, check_message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.world.http.channels import Incoming, Outgoing, PoolSettings

# the first that fits
_TROUBLES: Final[tuple[tuple[type[Exception], Trouble], ...]] = (
    (httpcore.ConnectTimeout, Trouble.NO_CONNECTION_IN_TIME),
    (httpcore.PoolTimeout, Trouble.NO_CONNECTION_IN_TIME),
    (httpcore.TimeoutException, Trouble.NO_ANSWER_IN_TIME),
    (httpcore.ConnectError, Trouble.NO_CONNECTION),
    (httpcore.ProxyError, Trouble.NO_WAY),
    (httpcore.LocalProtocolError, Trouble.NOT_HTTP),
    (httpcore.NetworkError, Trouble.BROKEN_OFF),
    (httpcore.ProtocolError, Trouble.BROKEN_OFF),
    # what an event loop reads from a TLS connection is not wrapped
    (ssl.SSLError, Trouble.BROKEN_OFF),
    # of a host that is looked up
    (UnicodeError, Trouble.NO_NAME),
)
_RAISED: Final = tuple(kind for kind, _ in _TROUBLES)
_BEGINS: Final = "send_request_headers.started"


class Pool(Struct, frozen=True):
    """A channel over a pool, which may be shared between threads; each connection of ``fresh`` has one exchange."""

    pool: httpcore.ConnectionPool
    fresh: httpcore.ConnectionPool

    def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        """Send a request and hand its answer over, until it is complete."""
        with telling_trouble():
            pool = self.pool if outgoing.is_safe else self.fresh
            hand_over(pool.handle_request(http_request(outgoing, Body(outgoing))), incoming)

    def close(self) -> None:
        """Close every connection."""
        self.pool.close()
        self.fresh.close()


class AsyncPool(Struct, frozen=True):
    """The same for the tasks of an event loop."""

    pool: httpcore.AsyncConnectionPool
    fresh: httpcore.AsyncConnectionPool

    async def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        """Send a request and hand its answer over, until it is complete."""
        with telling_trouble():
            pool = self.pool if outgoing.is_safe else self.fresh
            request = http_request(outgoing, AsyncBody(outgoing))
            await hand_over_async(await pool.handle_async_request(request), incoming)

    async def close(self) -> None:
        """Close every connection."""
        await self.pool.aclose()
        await self.fresh.aclose()


def hand_over(response: httpcore.Response, incoming: Incoming) -> None:
    """Hand an answer over as it comes."""
    try:
        incoming.begin(response.status, response.headers)
        for chunk in response.iter_stream():
            incoming.add(chunk)
    finally:
        response.close()


async def hand_over_async(response: httpcore.Response, incoming: Incoming) -> None:
    """The same in an event loop."""
    try:
        incoming.begin(response.status, response.headers)
        async for chunk in response.aiter_stream():
            incoming.add(chunk)
    finally:
        await response.aclose()


def open_pool(settings: PoolSettings) -> Pool:
    """Return a channel."""
    kept, fresh = (
        httpcore.ConnectionPool(**_arguments(settings), max_keepalive_connections=most, network_backend=Connections())
        for most in (MOST_IDLE_CONNECTIONS, 0)
    )
    return Pool(kept, fresh)


def open_async_pool(settings: PoolSettings) -> AsyncPool:
    """Return a channel for an event loop."""
    kept, fresh = (
        httpcore.AsyncConnectionPool(
            **_arguments(settings), max_keepalive_connections=most, network_backend=AsyncConnections()
        )
        for most in (MOST_IDLE_CONNECTIONS, 0)
    )
    return AsyncPool(kept, fresh)


def _arguments(settings: PoolSettings) -> dict[str, Any]:
    return {
        "ssl_context": settings.context,
        "proxy": None if settings.proxy is None else proxy_of(settings.proxy, settings.proxy_context),
        "max_connections": MOST_CONNECTIONS,
        "keepalive_expiry": IDLE_SECONDS,
        "retries": settings.retries,
    }


def proxy_of(url: str, context: ssl.SSLContext | None) -> httpcore.Proxy:
    """Return the proxy that a URL names; ``context`` is for the connection to it, when that is secure."""
    address, _ = read_url(url)
    parts = urlsplit(url)
    user = (unquote(parts.username or "").encode(), unquote(parts.password or "").encode())
    return httpcore.Proxy(
        httpcore.URL(scheme=address.scheme, host=address.host, port=address.port, target=b"/"),
        auth=user if any(user) else None,
        ssl_context=context if address.is_secure else None,
    )


def http_request(outgoing: Outgoing, body: Body | AsyncBody) -> httpcore.Request:
    """Return a request for httpcore, which notes when it leaves; raises ``ChannelError`` when HTTP cannot carry it."""
    check_message(outgoing)
    address = outgoing.address
    # `connections` reads these as moments; a pool waits for so many seconds
    times: dict[str, Any] = dict.fromkeys(("connect", "read", "write"), outgoing.deadline)
    return httpcore.Request(
        outgoing.method,
        httpcore.URL(scheme=address.scheme, host=address.host, port=address.port, target=outgoing.target),
        headers=outgoing.headers,
        content=outgoing.content if isinstance(outgoing.content, bytes) else body,
        extensions={
            "timeout": times | {"pool": max(0.0, outgoing.deadline - time.monotonic())},
            "trace": tracer(outgoing, in_loop=isinstance(body, AsyncBody)),
        },
    )


def tracer(outgoing: Outgoing, *, in_loop: bool = False) -> Callable[[str, dict[str, Any]], Any]:
    """Return what httpcore tells each of its acts, before and after: it notes that the request leaves."""

    def note(name: str, info: dict[str, Any]) -> None:
        if name.endswith(_BEGINS) and not _is_for_the_proxy(info, outgoing):
            outgoing.progress.times += 1

    async def note_in_loop(name: str, info: dict[str, Any]) -> None:
        note(name, info)

    return note_in_loop if in_loop else note


def _is_for_the_proxy(info: dict[str, Any], outgoing: Outgoing) -> bool:
    """Whether it is the request that opens a tunnel for the other, and holds nothing of it."""
    method = getattr(info.get("request"), "method", outgoing.method)
    return bool(method == b"CONNECT" != outgoing.method)


@contextmanager
def telling_trouble() -> Iterator[None]:
    """Tell what httpcore raises in the few words of all channels."""
    try:
        yield
    except _RAISED as error:
        trouble = next(trouble for kind, trouble in _TROUBLES if isinstance(error, kind))
        if trouble is Trouble.BROKEN_OFF:
            trouble = trouble_of(str(error))
        raise ChannelError(trouble, str(error)) from error
