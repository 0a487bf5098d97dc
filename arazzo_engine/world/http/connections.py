"""Network connections that keep an absolute deadline, and hear an answer that comes while they write.

httpcore bounds each read and write by itself, so an exchange could last for ever, a byte at a time. It hands the
``timeout`` of a request down to the connection without looking at it: here that number is a moment of
``time.monotonic``, and every operation gets what is left until then. What is sent is not known here.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final

import httpcore

from arazzo_engine.world.http.http1.carrying import is_final
from arazzo_engine.world.http.loops.sockets import connect
from arazzo_engine.world.http.sockets import wait_for

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

# a large body is written in pieces, between which the deadline is looked at, and whether an answer has come
_PIECE: Final = 16_384
_LARGEST_READ: Final = 65_536
_MOMENT: Final = 0.001


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


class Stream(httpcore.NetworkStream):
    """A connection whose ``timeout`` is a moment, and which listens while it writes."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self._came: bytes | None = None

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has come."""
        if self._came is not None:
            came, self._came = self._came, None
            return came
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write everything; raise ``httpcore.WriteError`` when the final answer has come before that."""
        for piece in _pieces(buffer):
            if self._is_answered(_left(timeout, httpcore.WriteTimeout)):
                raise httpcore.WriteError("the answer has come")
            self._stream.write(piece, _left(timeout, httpcore.WriteTimeout))  # type: ignore[arg-type]  # a socket takes any buffer

    def put(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write everything, whatever comes meanwhile."""
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def _is_answered(self, seconds: float | None) -> bool:
        """Wait until something can be written, and return whether the final answer has begun before it was."""
        connected = self._stream.get_extra_info("socket")
        if connected is None or seconds is None or not wait_for(connected, seconds, writes=True):
            return False
        came = self.glance()
        if came is None:
            return False
        self._came = came
        return is_final(came)

    def glance(self) -> bytes | None:
        """Return what has come, ``None`` when nothing has: of a secure connection, it may be no part of an answer."""
        came, self._came = self._came, None
        if not self._stream.get_extra_info("is_readable"):
            return came
        try:
            return (came or b"") + self._stream.read(_PIECE, _MOMENT)
        except httpcore.ReadTimeout:
            return came
        except httpcore.ReadError:
            return came or b""

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Stream:
        """Return the same connection, secured."""
        return Stream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout, httpcore.ConnectTimeout)))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as the base class has it
        """Return what httpcore asks for."""
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
    ) -> Stream:
        """Connect within what is left."""
        left = _left(timeout, httpcore.ConnectTimeout)
        return Stream(self._backend.connect_tcp(host, port, left, local_address, socket_options))

    def sleep(self, seconds: float) -> None:
        """Wait before the next attempt to connect."""
        self._backend.sleep(seconds)


class AsyncStream(httpcore.AsyncNetworkStream):
    """The same for an event loop."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._came: bytes | None = None
        # what listens while a large body is written
        self._reading: asyncio.Task[bytes] | None = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as the base class has it
        """Return what has come."""
        if self._came is not None:
            came, self._came = self._came, None
            return came
        if self._reading is not None:
            reading, self._reading = self._reading, None
            return await reading
        return await self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the same
        """Write everything; raise ``httpcore.WriteError`` when the final answer has come before that."""
        is_large = len(buffer) > _PIECE
        for piece in _pieces(buffer):
            left = _left(timeout, httpcore.WriteTimeout)
            if not is_large:
                await self._stream.write(bytes(piece), left)
            elif await self._is_answered(bytes(piece), left):
                raise httpcore.WriteError("the answer has come")

    async def put(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the same
        """Write everything, whatever comes meanwhile."""
        await self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    async def _is_answered(self, piece: bytes, seconds: float | None) -> bool:
        """Write a piece, and return whether the final answer began before it was written."""
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._stream.read(_PIECE, seconds))
            # a connection that is cut while it is written to loses what had come before
            await asyncio.wait({self._reading}, timeout=_MOMENT)
        if self._reading.done() and self._hear(self._reading):
            return True
        writing = asyncio.ensure_future(self._stream.write(piece, seconds))
        try:
            while not writing.done():
                if self._reading is None:
                    self._reading = asyncio.ensure_future(self._stream.read(_PIECE, seconds))
                await asyncio.wait({writing, self._reading}, return_when=asyncio.FIRST_COMPLETED)
                if self._reading.done() and self._hear(self._reading):
                    return True
            await writing
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
        return False

    def _hear(self, reading: asyncio.Task[bytes]) -> bool:
        if reading.exception() is not None:
            return True
        self._reading, self._came = None, (self._came or b"") + reading.result()
        return is_final(self._came)

    async def glance(self, timeout: float | None = None) -> bytes | None:  # noqa: ASYNC109 - the same
        """Return what has come, ``None`` when nothing has: of a secure connection, it may be no part of an answer."""
        if not self._stream.get_extra_info("is_readable"):
            return None
        if self._reading is None:
            self._reading = asyncio.ensure_future(
                self._stream.read(_LARGEST_READ, _left(timeout, httpcore.ReadTimeout))
            )
        reading = self._reading
        # it goes on when nothing comes, since what is broken off could lose something
        await asyncio.wait({reading}, timeout=_MOMENT)
        if not reading.done():
            return None
        self._reading = None
        return reading.result()

    async def aclose(self) -> None:
        """Close the connection."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the same
    ) -> AsyncStream:
        """Return the same connection, secured."""
        left = _left(timeout, httpcore.ConnectTimeout)
        return AsyncStream(await self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as the base class has it
        """Return what httpcore asks for."""
        return self._stream.get_extra_info(info)


class AsyncConnections(httpcore.AsyncNetworkBackend):
    """The same for an event loop."""

    async def connect_tcp(  # noqa: PLR0913, PLR0917 - as the base class has it
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the same
        local_address: str | None = None,  # noqa: ARG002 - nobody gives one
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - the same
    ) -> AsyncStream:
        """Connect within what is left."""
        return AsyncStream(await connect(host, port, _left(timeout, httpcore.ConnectTimeout)))

    async def sleep(self, seconds: float) -> None:
        """Wait before the next attempt to connect."""
        await asyncio.sleep(seconds)
