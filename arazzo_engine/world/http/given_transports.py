"""Channels over a transport of httpx that the user gives: an application in the same process, a mock, a wrapper.

They write a request for httpx and read its answer. A transport is a program of somebody else: whatever it raises or
answers, what happened is a failed exchange, told as the network would. One that works only in an event loop gets
one of its own where there is none, one that blocks gets a thread. The only module that imports httpx, and only when
there is such a transport.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import httpx
from anyio.from_thread import start_blocking_portal
from msgspec import Struct

from arazzo_engine.world.http.failures import EXPECTED, ChannelError, Trouble

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
_STATUSES: Final = range(100, 1000)


def given_channel(transport: Any) -> Channel:  # noqa: ANN401 - whatever the user takes for a transport
    """Return a channel over a transport, for any thread."""
    return _Blocking(transport) if hasattr(transport, "handle_request") else _InALoop(transport)


def given_async_channel(transport: Any) -> AsyncChannel:  # noqa: ANN401 - the same
    """Return a channel over a transport, for an event loop."""
    return _Async(transport) if hasattr(transport, "handle_async_request") else _InAThread(_Blocking(transport))


class _Blocking(Struct, frozen=True):
    """A channel over a transport that blocks. As with a client of httpx, the transport is closed with it."""

    transport: Any

    def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        with _telling_trouble():
            response = _checked(self.transport.handle_request(_request(outgoing)), httpx.SyncByteStream)
            try:
                incoming.begin(response.status_code, response.headers.raw)
                for chunk in response.stream:
                    incoming.add(chunk)
            finally:
                response.close()

    def close(self) -> None:
        self.transport.close()


class _Async(Struct, frozen=True):
    """A channel over a transport of an event loop, whose exchanges end at their deadline whatever it does."""

    transport: Any

    async def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        with _telling_trouble():
            async with asyncio.timeout(_seconds_left(outgoing)):
                response = await self.transport.handle_async_request(_request(outgoing))
                response = _checked(response, httpx.AsyncByteStream)
                try:
                    incoming.begin(response.status_code, response.headers.raw)
                    async for chunk in response.stream:
                        incoming.add(chunk)
                finally:
                    await response.aclose()

    async def close(self) -> None:
        await self.transport.aclose()


class _InALoop:
    """A channel for threads over a transport of event loops, which gets one in a thread of its own."""

    def __init__(self, transport: Any) -> None:  # noqa: ANN401 - the same
        self._channel = _Async(transport)
        self._starting = start_blocking_portal()
        self._portal = self._starting.__enter__()

    def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        self._portal.call(self._channel.exchange, outgoing, incoming)

    def close(self) -> None:
        self._portal.call(self._channel.close)
        self._starting.__exit__(None, None, None)


class _InAThread(Struct, frozen=True):
    """A channel for event loops over a transport that blocks."""

    channel: _Blocking

    async def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        await asyncio.to_thread(self.channel.exchange, outgoing, incoming)

    async def close(self) -> None:
        self.channel.close()


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


def _request(outgoing: Outgoing) -> httpx.Request:
    address = outgoing.address
    # the name of the server, and not the header, which may name another
    url = b"%b://%b%b" % (address.scheme, address.name, outgoing.target)
    request = httpx.Request(
        outgoing.method.decode("ascii"),
        url.decode("ascii"),
        headers=outgoing.headers,
        content=outgoing.content or None,
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
