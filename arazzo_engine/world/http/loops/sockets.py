"""Sockets of an event loop, plain and secure, as httpcore takes them.

A transport of asyncio closes its socket when it cannot write, with the answer that says why still in it. Here reading
and writing fail each by itself. Every ``timeout`` is in seconds.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import httpcore

from arazzo_engine.world.http.sockets import wait_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_LARGEST_READ: Final = 65_536


class LoopSocket(httpcore.AsyncNetworkStream):
    """A connection."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as the base class has it
        """Return what has come; nothing at its end."""
        async with _within(timeout, httpcore.ReadTimeout, httpcore.ReadError):
            return await asyncio.get_running_loop().sock_recv(self._socket, max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the same
        """Write everything."""
        async with _within(timeout, httpcore.WriteTimeout, httpcore.WriteError):
            await asyncio.get_running_loop().sock_sendall(self._socket, buffer)

    async def aclose(self) -> None:
        """Close the connection."""
        self._socket.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the same
    ) -> httpcore.AsyncNetworkStream:
        """Return the same connection, secured."""
        return await secure(self, ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as the base class has it
        """Return what httpcore asks for."""
        match info:
            case "socket":
                return self._socket
            case "is_readable":
                return self._socket.fileno() < 0 or wait_for(self._socket, 0.0)
            case _:
                return None


class SecureSocket(httpcore.AsyncNetworkStream):
    """A connection over TLS, above any other."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, context: ssl.SSLContext, host: str | None) -> None:
        self._inner = inner
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self._writing = asyncio.Lock()

    async def shake_hands(self, timeout: float | None) -> None:  # noqa: ASYNC109 - the same
        """Do the handshake."""
        async with _within(timeout, httpcore.ConnectTimeout, httpcore.ConnectError):
            while True:
                try:
                    self._tls.do_handshake()
                except ssl.SSLWantReadError:
                    await self._flush()
                    await self._fill()
                else:
                    break
                finally:
                    # also what says why the handshake is given up
                    await self._flush()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - the same
        """Return what has come; nothing at its end, whether it was announced or not."""
        async with _within(timeout, httpcore.ReadTimeout, httpcore.ReadError):
            while True:
                try:
                    return self._tls.read(max_bytes)
                except ssl.SSLWantReadError:
                    await self._flush()
                    await self._fill()
                except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                    return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the same
        """Write everything."""
        async with _within(timeout, httpcore.WriteTimeout, httpcore.WriteError):
            left = memoryview(buffer)
            while left:
                left = left[self._tls.write(left) :]
            await self._flush()

    async def aclose(self) -> None:
        """Close the connection."""
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the same
    ) -> httpcore.AsyncNetworkStream:
        """Return the same connection, secured once more: a server's within that of a proxy."""
        return await secure(self, ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the same
        """Return what httpcore asks for."""
        if info == "ssl_object":
            return self._tls
        if info == "is_readable" and self._incoming.pending:
            return True
        return self._inner.get_extra_info(info)

    async def _fill(self) -> None:
        came = await self._inner.read(_LARGEST_READ)
        if came:
            self._incoming.write(came)
        else:
            self._incoming.write_eof()

    async def _flush(self) -> None:
        async with self._writing:
            if self._outgoing.pending:
                await self._inner.write(self._outgoing.read())


async def connect(host: str, port: int, timeout: float | None) -> LoopSocket:  # noqa: ASYNC109 - the same
    """Return a connection to the first address of a host that takes one."""
    loop = asyncio.get_running_loop()
    refused: OSError | None = None
    async with _within(timeout, httpcore.ConnectTimeout, httpcore.ConnectError):
        for family, kind, protocol, _, address in await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            connected = socket.socket(family, kind, protocol)
            connected.settimeout(0.0)
            try:
                await loop.sock_connect(connected, address)
                connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                connected.close()
                refused = refused or error
            except asyncio.CancelledError:
                connected.close()
                raise
            else:
                return LoopSocket(connected)
        raise refused or OSError("no address is known")


async def secure(
    inner: httpcore.AsyncNetworkStream,
    context: ssl.SSLContext,
    host: str | None,
    timeout: float | None,  # noqa: ASYNC109 - the same
) -> SecureSocket:
    """Return a connection, secured; it is closed when it cannot be."""
    found = SecureSocket(inner, context, host)
    try:
        await found.shake_hands(timeout)
    except (httpcore.ConnectError, httpcore.ConnectTimeout, asyncio.CancelledError):
        await inner.aclose()
        raise
    return found


@asynccontextmanager
async def _within(seconds: float | None, late: type[Exception], broken: type[Exception]) -> AsyncIterator[None]:
    """Tell what fails, and what does not end in time, as httpcore does."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise late from error
    except (OSError, httpcore.NetworkError) as error:
        raise broken(str(error)) from error
