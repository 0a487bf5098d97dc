"""Network connections that keep an absolute deadline, however the other side drips its bytes.

httpcore bounds each read and write by itself, so an exchange could last for ever, a byte at a time. It hands the
``timeout`` of a request down to the connection without looking at it: here that number is a moment of
``time.monotonic``, and every operation gets what is left until then. What is sent is not known here.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import httpcore

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

# a large body is written in pieces, so that the deadline is looked at between them
_PIECE: Final = 65_536


def _left(deadline: float | None, late: type[Exception]) -> float | None:
    """Return the seconds until the deadline, and raise ``late`` when it has passed."""
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise late
    return left


def _pieces(content: bytes) -> Iterable[memoryview]:
    whole = memoryview(content)
    return (whole[start : start + _PIECE] for start in range(0, len(whole), _PIECE))


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for piece in _pieces(buffer):
            self._stream.write(piece, _left(timeout, httpcore.WriteTimeout))  # type: ignore[arg-type]  # a socket takes any buffer

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout, httpcore.ConnectTimeout)))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as the base class has it
        return self._stream.get_extra_info(info)


class Connections(httpcore.NetworkBackend):
    """Opens connections that read each ``timeout`` as a moment of ``time.monotonic``."""

    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()

    def connect_tcp(  # noqa: PLR0913, PLR0917 - as the base class has it
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect within what is left."""
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._backend.connect_tcp(host, port, left, local_address, socket_options))

    def sleep(self, seconds: float) -> None:
        """Wait before the next attempt to connect."""
        self._backend.sleep(seconds)


class _AsyncStream(httpcore.AsyncNetworkStream):
    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as the base class has it
        return await self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the same
        for piece in _pieces(buffer):
            await self._stream.write(bytes(piece), _left(timeout, httpcore.WriteTimeout))

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the same
    ) -> httpcore.AsyncNetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _AsyncStream(await self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as the base class has it
        return self._stream.get_extra_info(info)


class AsyncConnections(httpcore.AsyncNetworkBackend):
    """The same for an event loop."""

    def __init__(self) -> None:
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(  # noqa: PLR0913, PLR0917 - as the base class has it
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the same
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect within what is left."""
        left = _left(timeout, httpcore.ConnectTimeout)
        return _AsyncStream(await self._backend.connect_tcp(host, port, left, local_address, socket_options))

    async def sleep(self, seconds: float) -> None:
        """Wait before the next attempt to connect."""
        await self._backend.sleep(seconds)
