"""The ways that requests go: straight or through a proxy, secure or not, each with a channel of its own.

Decides which channel serves a way, and whom secure connections trust. Loading the usual certificate authorities takes
its time, and is left until the first way that needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.language.messages.answers import Failure
from arazzo_engine.world.http.channels import PoolSettings
from arazzo_engine.world.http.failures import RefusedError, reason_of, tls_reason
from arazzo_engine.world.http.http1 import Http1

if TYPE_CHECKING:
    import ssl

    from arazzo_engine.world.http.channels import AsyncChannel, Channel
    from arazzo_engine.world.http.wire import Wire

# Whether connections are secure, and the proxy that they go through
Way: TypeAlias = tuple[bool, str | None]


def open_channel(way: Way, wire: Wire, tls: ssl.SSLContext | None) -> Channel:
    """Return a channel for a way; raises ``RefusedError`` when the certificate authorities cannot be loaded."""
    is_secure, proxy = way
    context = _context(way, wire, tls)
    if proxy is None and not (wire.http2 and is_secure):
        return Http1(context, wire.connect_retries)
    from arazzo_engine.world.http.pools import open_pool  # noqa: PLC0415 - brings httpcore along, which few runs need

    return open_pool(_settings(proxy, wire, context))


def open_async_channel(way: Way, wire: Wire, tls: ssl.SSLContext | None) -> AsyncChannel:
    """Return the same for an event loop."""
    from arazzo_engine.world.http.pools import open_async_pool  # noqa: PLC0415 - brings asyncio along

    return open_async_pool(_settings(way[1], wire, _context(way, wire, tls)))


def _settings(proxy: str | None, wire: Wire, context: ssl.SSLContext | None) -> PoolSettings:
    return PoolSettings(context, proxy, wire.http2, wire.connect_retries)


def _context(way: Way, wire: Wire, tls: ssl.SSLContext | None) -> ssl.SSLContext | None:
    is_secure, proxy = way
    if not is_secure and not (proxy or "").startswith("https:"):
        return None
    from arazzo_engine.world.http import trust  # noqa: PLC0415 - brings ssl along

    try:
        return tls or (trust.own_context(wire) if wire.has_own_trust else trust.usual_context())
    except (OSError, ArazzoError) as error:
        reason = f"the certificate authorities cannot be loaded: {tls_reason(error) or reason_of(error)}"
        raise RefusedError(Failure.TLS, reason, sent=False) from error
