"""Channels over a transport of httpx that the user gives: an application in the same process, a mock, a wrapper.

They write a request for httpx and read its answer. A transport is a program of somebody else: whatever it raises or
answers, what happened is a failed exchange, told as the network would. One that works only in an event loop gets
one of its own where there is none, one that blocks gets a thread. The only module that imports httpx, and only when
there is such a transport.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import httpx
from anyio.from_thread import start_blocking_portal
from msgspec import Struct

from arazzo_engine.language.messages.answers import Failure
from arazzo_engine.world.http.channels import AsyncBody, Body
from arazzo_engine.world.http.failures import EXPECTED, ChannelError, RefusedError, Trouble
from arazzo_engine.world.http.http1.carrying import check_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.world.http.channels import AsyncChannel, Channel, Incoming, Outgoing

# the first that fits
_TROUBLES: Final[tuple[tuple[type[Exception], Trouble], ...]] = (
    (httpx.ConnectTimeout, Trouble.NO_CONNECTION_IN_TIME),
    (httpx.PoolTimeout, Trouble.NO_CONNECTION_IN_TIME),
    (httpx.TimeoutException, Trouble.NO_ANSWER_IN_TIME),
    (TimeoutError, Trouble.NO_ANSWER_IN_TIME),
    (httpx.ConnectError, Trouble.NO_CONNECTION),
    (httpx.ProxyError, Trouble.NO_WAY),
    (httpx.UnsupportedProtocol, Trouble.NO_CONNECTION),
    (httpx.InvalidURL, Trouble.NO_CONNECTION),
    (httpx.LocalProtocolError, Trouble.NOT_HTTP),
    (httpx.HTTPError, Trouble.BROKEN_OFF),
)
_BEGINS: Final = "send_request_headers.started"
_STATUSES: Final = range(100, 1000)


class Given:
    """A transport that was given, for threads and for event loops: closed once, with whoever it was given to."""

    def __init__(self, transport: Any) -> None:  # noqa: ANN401 - whatever the user takes for a transport
        self._transport = transport
        is_blocking, is_async = (hasattr(transport, name) for name in ("handle_request", "handle_async_request"))
        in_loops = _Async(transport) if is_async else None
        self._blocking = _Blocking(transport) if is_blocking else None
        self._in_loops: AsyncChannel = in_loops or _InAThread(_Blocking(transport))
        self._portal = None if is_blocking or in_loops is None else _InALoop(in_loops)

    def channel(self) -> Channel:
        """Return a channel for any thread."""
        return _Lent(self._blocking or self._portal)

    def async_channel(self) -> AsyncChannel:
        """Return a channel for an event loop."""
        return _AsyncLent(self._in_loops)

    def close(self) -> None:
        """Close the transport, as a client of httpx does; what it raises then concerns no run."""
        with suppress(Exception):
            if self._portal is not None:
                self._portal.close()
            elif hasattr(self._transport, "close"):
                self._transport.close()


class _Lent(Struct, frozen=True):
    """A channel that others go on using when whoever has it is done."""

    channel: Any

    def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        self.channel.exchange(outgoing, incoming)

    def close(self) -> None:
        pass


class _AsyncLent(Struct, frozen=True):
    channel: AsyncChannel

    async def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        await self.channel.exchange(outgoing, incoming)

    async def close(self) -> None:
        pass


class _Blocking(Struct, frozen=True):
    """A channel over a transport that blocks. As with a client of httpx, the transport is closed with it."""

    transport: Any

    def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        request, seen = _request(outgoing, Body(outgoing)), _Seen(outgoing)
        request.extensions["trace"] = seen.note
        with _telling_trouble(), seen.by(self.transport):
            response = _checked(self.transport.handle_request(request), httpx.SyncByteStream)
            try:
                incoming.begin(response.status_code, response.headers.raw)
                for chunk in response.stream:
                    incoming.add(_checked_chunk(chunk))
            finally:
                response.close()


class _Async:
    """A channel over a transport of event loops, whose exchanges end at their deadline whatever it does."""

    def __init__(self, transport: Any) -> None:  # noqa: ANN401 - the same
        self.transport = transport
        # the connections of one are those of the event loop that opened them
        self._keeps_connections = isinstance(transport, httpx.AsyncHTTPTransport)
        self._loop: asyncio.AbstractEventLoop | None = None

    async def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        loop = asyncio.get_running_loop()
        if self._keeps_connections and self._loop not in {None, loop}:
            reason = "the transport keeps connections of another event loop: give each loop an engine of its own"
            raise RefusedError(Failure.CONNECT, reason)
        self._loop = loop
        request, seen = _request(outgoing, AsyncBody(outgoing)), _Seen(outgoing)
        request.extensions["trace"] = seen.note_in_loop
        with _telling_trouble(), seen.by(self.transport):
            async with asyncio.timeout(_seconds_left(outgoing)):
                response = await self.transport.handle_async_request(request)
                response = _checked(response, httpx.AsyncByteStream)
                try:
                    incoming.begin(response.status_code, response.headers.raw)
                    async for chunk in response.stream:
                        incoming.add(_checked_chunk(chunk))
                finally:
                    await response.aclose()

    async def close(self) -> None:
        if hasattr(self.transport, "aclose"):
            await self.transport.aclose()


class _InALoop:
    """A channel for threads over a transport of event loops, which gets one in a thread of its own."""

    def __init__(self, channel: _Async) -> None:
        self._channel = channel
        self._starting = start_blocking_portal()
        self._portal = self._starting.__enter__()

    def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        exchanging = self._portal.start_task_soon(self._try, outgoing, incoming)
        try:
            raised = exchanging.result()
        except BaseException:
            # whoever waits was interrupted, so nobody wants the answer any more
            exchanging.cancel()
            raise
        if raised is not None:
            raise raised

    async def _try(self, outgoing: Outgoing, incoming: Incoming) -> BaseException | None:
        try:
            await self._channel.exchange(outgoing, incoming)
        except (Exception, KeyboardInterrupt, SystemExit, GeneratorExit) as error:  # noqa: BLE001 - told to whoever waits
            # what would end the loop is for whoever waits
            return error
        return None

    def close(self) -> None:
        self._portal.call(self._channel.close)
        self._starting.__exit__(None, None, None)


class _InAThread(Struct, frozen=True):
    """A channel for event loops over a transport that blocks."""

    channel: _Blocking

    async def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        await asyncio.to_thread(self.channel.exchange, outgoing, incoming)

    async def close(self) -> None:
        pass


class _Seen:
    """What is known of a request that was handed over: the transport's own trace, and nothing that it raises.

    A transport with connections of httpx tells each of its acts. With any other that told none, the request may have
    left.
    """

    def __init__(self, outgoing: Outgoing) -> None:
        self._progress = outgoing.progress
        self._method = outgoing.method
        self._is_traced = False

    @contextmanager
    def by(self, transport: object) -> Iterator[None]:
        self._is_traced = isinstance(transport, httpx.HTTPTransport | httpx.AsyncHTTPTransport)
        try:
            yield
        finally:
            if not self._is_traced:
                self._progress.times = 1

    def note(self, name: str, info: dict[str, Any]) -> None:
        self._is_traced = True
        method = getattr(info.get("request"), "method", self._method)
        # the request that opens a tunnel for the other holds nothing of it
        if name.endswith(_BEGINS) and not (method == b"CONNECT" != self._method):
            self._progress.times += 1

    async def note_in_loop(self, name: str, info: dict[str, Any]) -> None:
        self.note(name, info)


class _NonsenseError(Exception):
    """What a transport gave is no answer."""


def _checked(response: Any, stream: type) -> Any:  # noqa: ANN401 - whatever came
    if not isinstance(response, httpx.Response):
        raise _NonsenseError(f"the transport answered with `{type(response).__name__}`, no httpx.Response")
    if response.status_code not in _STATUSES:
        raise _NonsenseError(f"the transport answered with the status {response.status_code}")
    if not isinstance(response.stream, stream):
        raise _NonsenseError(f"the transport answered with a body that is no {stream.__name__}")
    return response


def _checked_chunk(chunk: Any) -> bytes:  # noqa: ANN401 - the same
    if not isinstance(chunk, bytes):
        raise _NonsenseError(f"the transport answered with a body of `{type(chunk).__name__}`, not of bytes")
    return chunk


def _request(outgoing: Outgoing, body: Body | AsyncBody) -> httpx.Request:
    check_message(outgoing)
    address = outgoing.address
    # the name of the server, and not the header, which may name another
    url = b"%b://%b%b" % (address.scheme, address.name, outgoing.target)
    request = httpx.Request(
        outgoing.method.decode("ascii"),
        url.decode("ascii"),
        headers=outgoing.headers,
        content=(outgoing.content or None) if isinstance(outgoing.content, bytes) else body,
        extensions={
            "timeout": dict.fromkeys(("connect", "read", "write", "pool"), _seconds_left(outgoing)),
            # exactly as it was built: a URL of httpx has some characters encoded once more
            "target": outgoing.target,
        },
    )
    # RFC 9110, section 9.1: "The method token is case-sensitive"
    request.method = outgoing.method.decode("ascii")
    return request


def _seconds_left(outgoing: Outgoing) -> float:
    return max(0.0, outgoing.deadline - time.monotonic())


@contextmanager
def _telling_trouble() -> Iterator[None]:
    try:
        yield
    except EXPECTED:
        # what the exchange itself refuses
        raise
    except _NonsenseError as error:
        raise ChannelError(Trouble.BROKEN_OFF, str(error)) from error
    except Exception as error:
        raise _as_trouble(error) from error


def _as_trouble(error: Exception) -> ChannelError:
    trouble = next((trouble for kind, trouble in _TROUBLES if isinstance(error, kind)), None)
    if trouble is None:
        return ChannelError(Trouble.BROKEN_OFF, f"the transport raised {type(error).__name__}")
    return ChannelError(trouble, str(error))
