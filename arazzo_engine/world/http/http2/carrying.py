"""Channels over connections that may speak HTTP/2, for threads and for event loops.

Decides when a connection is used again: each has one exchange at a time, and a request that changes something always
gets a new one, so that it meets none that the server is about to close. A server that chose HTTP/1.1 is spoken to by
httpcore. A request that was written is never written again.
"""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any, Final, assert_never

import httpcore
from msgspec import Struct, field

from arazzo_engine.world.http.channels import AsyncBody, Body
from arazzo_engine.world.http.failures import ChannelError, Trouble
from arazzo_engine.world.http.http1.carrying import (
    IDLE_SECONDS,
    MOST_CONNECTIONS,
    MOST_IDLE_CONNECTIONS,
    NOT_CONNECTED,
    pause,
)
from arazzo_engine.world.http.http2.opening import open_async_stream, open_stream, speaks_http2
from arazzo_engine.world.http.http2.speaking import Read, Speaker, Take, Write
from arazzo_engine.world.http.pools import hand_over, hand_over_async, http_request, telling_trouble

if TYPE_CHECKING:
    from arazzo_engine.world.http.addresses import Address
    from arazzo_engine.world.http.channels import Incoming, Outgoing, PoolSettings
    from arazzo_engine.world.http.connections import AsyncStream, Stream
    from arazzo_engine.world.http.http2.speaking import Step, Steps

_LARGEST_READ: Final = 65_536


class _Connection(Struct, eq=False):
    """A connection, and who speaks over it: of a thread or of an event loop."""

    address: Address
    stream: Any
    speaker: Any
    idle_since: float = 0.0

    @property
    def is_ready(self) -> bool:
        """Whether another exchange may begin."""
        return bool(self.speaker.is_ready if isinstance(self.speaker, Speaker) else self.speaker.is_idle())

    @property
    def is_usable(self) -> bool:
        """Whether the server is likely to take another request: it has neither closed the connection nor said more."""
        is_young = time.monotonic() - self.idle_since < IDLE_SECONDS
        return is_young and not self.stream.get_extra_info("is_readable")


class _Idle(Struct):
    """Connections that may be used again."""

    waiting: list[_Connection] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, outgoing: Outgoing) -> _Connection | None:
        """Return one for a request that does no harm when the server closes it meanwhile."""
        with self.lock:
            found = [each for each in self.waiting if each.address == outgoing.address] if outgoing.is_safe else []
            for each in found[-1:]:
                self.waiting.remove(each)
        return found[-1] if found else None

    def give(self, connection: _Connection) -> _Connection | None:
        """Keep a connection, and return one that there is no room for."""
        connection.idle_since = time.monotonic()
        with self.lock:
            self.waiting.append(connection)
            return self.waiting.pop(0) if len(self.waiting) > MOST_IDLE_CONNECTIONS else None

    def clear(self) -> list[_Connection]:
        """Give all of them away."""
        with self.lock:
            found, self.waiting = self.waiting, []
        return found


class Http2(Struct, frozen=True):
    """A channel for threads."""

    settings: PoolSettings
    idle: _Idle = field(default_factory=_Idle)
    room: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(MOST_CONNECTIONS))

    def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        """Send a request and hand its answer over, until it is complete."""
        if not self.room.acquire(timeout=max(0.0, outgoing.deadline - time.monotonic())):
            raise ChannelError(Trouble.NO_CONNECTION_IN_TIME)
        try:
            with telling_trouble():
                self._exchange(self._take(outgoing), outgoing, incoming)
        finally:
            self.room.release()

    def close(self) -> None:
        """Close every connection."""
        for each in self.idle.clear():
            each.stream.close()

    def _exchange(self, connection: _Connection, outgoing: Outgoing, incoming: Incoming) -> None:
        try:
            if isinstance(connection.speaker, Speaker):
                _run(connection.speaker.exchange(outgoing, incoming), connection.stream, outgoing)
            else:
                hand_over(connection.speaker.handle_request(http_request(outgoing, Body(outgoing))), incoming)
        finally:
            surplus = self.idle.give(connection) if connection.is_ready else connection
            if surplus is not None:
                surplus.stream.close()

    def _take(self, outgoing: Outgoing) -> _Connection:
        while (connection := self.idle.take(outgoing)) is not None:
            if connection.is_usable:
                return connection
            connection.stream.close()
        address, stream = outgoing.address, self._open(outgoing)
        return _Connection(address, stream, _speaker(stream) or httpcore.HTTP11Connection(_origin(address), stream))

    def _open(self, outgoing: Outgoing) -> Stream:
        for tries in range(self.settings.retries):
            try:
                with telling_trouble():
                    return open_stream(outgoing.address, self.settings, outgoing.deadline)
            except ChannelError as error:
                if error.trouble not in NOT_CONNECTED:
                    raise
                time.sleep(pause(tries))
        return open_stream(outgoing.address, self.settings, outgoing.deadline)


class AsyncHttp2(Struct, frozen=True):
    """The same for the tasks of an event loop."""

    settings: PoolSettings
    idle: _Idle = field(default_factory=_Idle)
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_CONNECTIONS))

    async def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        """Send a request and hand its answer over, until it is complete."""
        try:
            async with asyncio.timeout(max(0.0, outgoing.deadline - time.monotonic())):
                await self.room.acquire()
        except TimeoutError as error:
            raise ChannelError(Trouble.NO_CONNECTION_IN_TIME) from error
        try:
            with telling_trouble():
                await self._exchange(await self._take(outgoing), outgoing, incoming)
        finally:
            self.room.release()

    async def close(self) -> None:
        """Close every connection."""
        for each in self.idle.clear():
            await each.stream.aclose()

    async def _exchange(self, connection: _Connection, outgoing: Outgoing, incoming: Incoming) -> None:
        try:
            if isinstance(connection.speaker, Speaker):
                await _run_async(connection.speaker.exchange(outgoing, incoming), connection.stream, outgoing)
            else:
                request = http_request(outgoing, AsyncBody(outgoing))
                await hand_over_async(await connection.speaker.handle_async_request(request), incoming)
        finally:
            surplus = self.idle.give(connection) if connection.is_ready else connection
            if surplus is not None:
                await surplus.stream.aclose()

    async def _take(self, outgoing: Outgoing) -> _Connection:
        while (connection := self.idle.take(outgoing)) is not None:
            if connection.is_usable:
                return connection
            await connection.stream.aclose()
        address, stream = outgoing.address, await self._open(outgoing)
        speaker = _speaker(stream) or httpcore.AsyncHTTP11Connection(_origin(address), stream)
        return _Connection(address, stream, speaker)

    async def _open(self, outgoing: Outgoing) -> AsyncStream:
        for tries in range(self.settings.retries):
            try:
                with telling_trouble():
                    return await open_async_stream(outgoing.address, self.settings, outgoing.deadline)
            except ChannelError as error:
                if error.trouble not in NOT_CONNECTED:
                    raise
                await asyncio.sleep(pause(tries))
        return await open_async_stream(outgoing.address, self.settings, outgoing.deadline)


def _speaker(stream: Stream | AsyncStream) -> Speaker | None:
    return Speaker() if speaks_http2(stream) else None


def _origin(address: Address) -> httpcore.Origin:
    return httpcore.Origin(address.scheme, address.host, address.number)


def _run(steps: Steps, stream: Stream, outgoing: Outgoing) -> None:
    """Move the bytes of an exchange, step by step."""
    reply: object = None
    body = outgoing.body()
    while (step := _next(steps, reply)) is not None:
        match step:
            case Write():
                try:
                    stream.put(step.content, outgoing.deadline)
                except httpcore.WriteError:
                    reply = False
                else:
                    reply = True
            case Read():
                try:
                    reply = stream.read(_LARGEST_READ, outgoing.deadline) if step.waits else stream.glance()
                except httpcore.ReadError:
                    reply = b""
            case Take():
                reply = next(body, None)
            case _:
                assert_never(step)


async def _run_async(steps: Steps, stream: AsyncStream, outgoing: Outgoing) -> None:
    reply: object = None
    body = aiter(AsyncBody(outgoing))
    while (step := _next(steps, reply)) is not None:
        match step:
            case Write():
                try:
                    await stream.put(step.content, outgoing.deadline)
                except httpcore.WriteError:
                    reply = False
                else:
                    reply = True
            case Read():
                try:
                    reply = await _read(stream, outgoing.deadline, waits=step.waits)
                except httpcore.ReadError:
                    reply = b""
            case Take():
                reply = await anext(body, None)
            case _:
                assert_never(step)


async def _read(stream: AsyncStream, deadline: float, *, waits: bool) -> bytes | None:
    return await (stream.read(_LARGEST_READ, deadline) if waits else stream.glance(deadline))


def _next(steps: Steps, reply: object) -> Step | None:
    try:
        return steps.send(reply)
    except StopIteration:
        return None
