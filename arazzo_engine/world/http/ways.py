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
from arazzo_engine.world.http.http1.carrying import Http1

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
    settings = _settings(way, wire, context)
    if wire.http2 and is_secure:
        from arazzo_engine.world.http.http2.carrying import Http2  # noqa: PLC0415 - brings h2 along, an extra

        return Http2(settings)
    from arazzo_engine.world.http.pools import open_pool  # noqa: PLC0415 - brings httpcore along, which few runs need

    return open_pool(settings)


def open_async_channel(way: Way, wire: Wire, tls: ssl.SSLContext | None) -> AsyncChannel:
    """Return the same for an event loop."""
    settings = _settings(way, wire, _context(way, wire, tls))
    if wire.http2 and way[0]:
        from arazzo_engine.world.http.http2.carrying import AsyncHttp2  # noqa: PLC0415 - the same

        return AsyncHttp2(settings)
    from arazzo_engine.world.http.pools import open_async_pool  # noqa: PLC0415 - brings asyncio along

    return open_async_pool(settings)


def _settings(way: Way, wire: Wire, context: ssl.SSLContext | None) -> PoolSettings:
    is_secure, proxy = way
    asks_proxy_over_tls = (proxy or "").startswith("https:")
    # what a connection may speak is written into its context, and a proxy speaks HTTP/1.1 alone
    apart = _context(way, wire, None) if asks_proxy_over_tls and is_secure and wire.http2 else context
    return PoolSettings(context, proxy, apart if asks_proxy_over_tls else None, wire.connect_retries)


def _context(way: Way, wire: Wire, tls: ssl.SSLContext | None) -> ssl.SSLContext | None:
    is_secure, proxy = way
    if not is_secure and not (proxy or "").startswith("https:"):
        return None
    from arazzo_engine.world.http import trust  # noqa: PLC0415 - brings ssl along

    try:
        if tls is not None or wire.has_own_trust:
            return tls or trust.own_context(wire)
        return trust.usual_context() if wire.http2 else trust.shared_context()
    except (OSError, ArazzoError) as error:
        reason = f"the certificate authorities cannot be loaded: {tls_reason(error) or reason_of(error)}"
        raise RefusedError(Failure.TLS, reason) from error
