"""The ways that requests go: straight or through a proxy, secure or not, each with a channel of its own.

Decides which channel serves a way, and whom secure connections trust. Loading the usual certificate authorities takes
its time, and is left until the first way that needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote, urlsplit

import httpcore

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.machine.answers import Failure
from arazzo_engine.world.http.addresses import read_url
from arazzo_engine.world.http.connections import AsyncConnections, Connections
from arazzo_engine.world.http.failures import RefusedError, reason_of, tls_reason
from arazzo_engine.world.http.http1 import IDLE_SECONDS, MOST_CONNECTIONS, MOST_IDLE_CONNECTIONS, Http1
from arazzo_engine.world.http.pools import AsyncPool, Pool
from arazzo_engine.world.http.wire import Wire, own_context, usual_context

if TYPE_CHECKING:
    import ssl

    from arazzo_engine.world.http.channels import AsyncChannel, Channel

# Whether connections are secure, and the proxy that they go through
Way: TypeAlias = tuple[bool, str | None]


def open_channel(way: Way, wire: Wire, tls: ssl.SSLContext | None) -> Channel:
    """Return a channel for a way; raises ``RefusedError`` when the certificate authorities cannot be loaded."""
    is_secure, proxy = way
    context = _context(way, wire, tls)
    if proxy is None and not (wire.http2 and is_secure):
        return Http1(context, wire.connect_retries)
    return Pool(httpcore.ConnectionPool(**_settings(proxy, wire, context), network_backend=Connections()))


def open_async_channel(way: Way, wire: Wire, tls: ssl.SSLContext | None) -> AsyncChannel:
    """Return the same for an event loop."""
    context = _context(way, wire, tls)
    settings = _settings(way[1], wire, context)
    return AsyncPool(httpcore.AsyncConnectionPool(**settings, network_backend=AsyncConnections()))


def _settings(proxy: str | None, wire: Wire, context: ssl.SSLContext | None) -> dict[str, Any]:
    return {
        "ssl_context": context,
        "proxy": None if proxy is None else _proxy(proxy, context),
        "max_connections": MOST_CONNECTIONS,
        "max_keepalive_connections": MOST_IDLE_CONNECTIONS,
        "keepalive_expiry": IDLE_SECONDS,
        "http2": wire.http2,
        "retries": wire.connect_retries,
    }


def _proxy(url: str, context: ssl.SSLContext | None) -> httpcore.Proxy:
    address, _ = read_url(url)
    parts = urlsplit(url)
    user = (unquote(parts.username or "").encode(), unquote(parts.password or "").encode())
    return httpcore.Proxy(
        httpcore.URL(scheme=address.scheme, host=address.host, port=address.port, target=b"/"),
        auth=user if any(user) else None,
        ssl_context=context if address.is_secure else None,
    )


def _context(way: Way, wire: Wire, tls: ssl.SSLContext | None) -> ssl.SSLContext | None:
    is_secure, proxy = way
    if not is_secure and not (proxy or "").startswith("https:"):
        return None
    try:
        return tls or (own_context(wire) if wire.has_own_trust else usual_context())
    except (OSError, ArazzoError) as error:
        reason = f"the certificate authorities cannot be loaded: {tls_reason(error) or reason_of(error)}"
        raise RefusedError(Failure.TLS, reason, sent=False) from error
