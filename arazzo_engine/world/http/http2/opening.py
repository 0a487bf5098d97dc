"""Connections that may speak HTTP/2: straight to the server or through a tunnel, always over TLS.

Decides how a connection comes about and which protocol both sides chose for it. What is said over it is not known
here, except to the proxy that opens the tunnel.
"""

from __future__ import annotations

from contextlib import AsyncExitStack, ExitStack
from typing import TYPE_CHECKING, Final

import httpcore

from arazzo_engine.world.http.connections import AsyncConnections, AsyncStream, Connections, Stream
from arazzo_engine.world.http.failures import ChannelError, Trouble
from arazzo_engine.world.http.pools import proxy_of

if TYPE_CHECKING:
    import ssl

    from arazzo_engine.world.http.addresses import Address
    from arazzo_engine.world.http.channels import PoolSettings

_PROTOCOLS: Final = ["h2", "http/1.1"]


def speaks_http2(stream: Stream | AsyncStream) -> bool:
    """Whether both sides chose HTTP/2."""
    chosen: str | None = stream.get_extra_info("ssl_object").selected_alpn_protocol()
    return chosen == "h2"


def open_stream(address: Address, settings: PoolSettings, deadline: float) -> Stream:
    """Return a secure connection to a server."""
    backend, context = Connections(), _context(settings)
    if settings.proxy is None:
        stream = backend.connect_tcp(address.host.decode(), address.number, deadline)
    else:
        stream = _tunnel(backend, address, settings, deadline)
    context.set_alpn_protocols(_PROTOCOLS)
    return stream.start_tls(context, address.host.decode(), deadline)


async def open_async_stream(address: Address, settings: PoolSettings, deadline: float) -> AsyncStream:
    """Return the same for an event loop."""
    backend, context = AsyncConnections(), _context(settings)
    if settings.proxy is None:
        stream = await backend.connect_tcp(address.host.decode(), address.number, deadline)
    else:
        stream = await _async_tunnel(backend, address, settings, deadline)
    context.set_alpn_protocols(_PROTOCOLS)
    return await stream.start_tls(context, address.host.decode(), deadline)


def _tunnel(backend: Connections, address: Address, settings: PoolSettings, deadline: float) -> Stream:
    proxy = proxy_of(settings.proxy or "", settings.proxy_context)
    stream = backend.connect_tcp(proxy.url.host.decode(), _port(proxy), deadline)
    if proxy.ssl_context is not None:
        stream = stream.start_tls(_plain(proxy.ssl_context), proxy.url.host.decode(), deadline)
    with ExitStack() as unless_open:
        unless_open.callback(stream.close)
        connection = httpcore.HTTP11Connection(proxy.url.origin, stream)
        _check_tunnel(connection.handle_request(_connect(proxy, address, deadline)))
        unless_open.pop_all()
    return stream


async def _async_tunnel(
    backend: AsyncConnections, address: Address, settings: PoolSettings, deadline: float
) -> AsyncStream:
    proxy = proxy_of(settings.proxy or "", settings.proxy_context)
    stream = await backend.connect_tcp(proxy.url.host.decode(), _port(proxy), deadline)
    if proxy.ssl_context is not None:
        stream = await stream.start_tls(_plain(proxy.ssl_context), proxy.url.host.decode(), deadline)
    async with AsyncExitStack() as unless_open:
        unless_open.push_async_callback(stream.aclose)
        connection = httpcore.AsyncHTTP11Connection(proxy.url.origin, stream)
        _check_tunnel(await connection.handle_async_request(_connect(proxy, address, deadline)))
        unless_open.pop_all()
    return stream


def _connect(proxy: httpcore.Proxy, address: Address, deadline: float) -> httpcore.Request:
    target = b"%b:%d" % (address.name.removesuffix(b":%d" % address.number), address.number)
    url = httpcore.URL(scheme=proxy.url.scheme, host=proxy.url.host, port=proxy.url.port, target=target)
    times = dict.fromkeys(("connect", "read", "write", "pool"), deadline)
    headers = [(b"Host", target), (b"Accept", b"*/*"), *proxy.headers]
    if proxy.auth is not None:
        headers.append((b"Proxy-Authorization", _basic(*proxy.auth)))
    return httpcore.Request(b"CONNECT", url, headers=headers, extensions={"timeout": times})


def _basic(user: bytes, password: bytes) -> bytes:
    from base64 import b64encode  # noqa: PLC0415 - few proxies ask who is there

    return b"Basic " + b64encode(user + b":" + password)


def _check_tunnel(answer: httpcore.Response) -> None:
    # RFC 9110, section 9.3.6: "Any 2xx (Successful) response indicates that the sender (and all inbound proxies) will
    # switch to tunnel mode"
    if not 200 <= answer.status < 300:  # noqa: PLR2004 - statuses
        reason = bytes(answer.extensions.get("reason_phrase", b"")).decode("ascii", errors="ignore")
        raise ChannelError(Trouble.NO_WAY, f"{answer.status} {reason}")


def _port(proxy: httpcore.Proxy) -> int:
    return proxy.url.origin.port


def _context(settings: PoolSettings) -> ssl.SSLContext:
    return settings.context or httpcore.default_ssl_context()


def _plain(context: ssl.SSLContext) -> ssl.SSLContext:
    context.set_alpn_protocols(["http/1.1"])
    return context
