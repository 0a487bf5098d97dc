"""Channels over transports of httpx that the user gives: an application in the same process, a mock, one with settings.

They write a request for httpx and read its answer. What httpx raises is told as the same trouble that the network
would have, so that a failure means the same whoever carried the request. The only module that imports httpx, and only
when there is such a transport.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

import httpx
from msgspec import Struct

from arazzo_engine.world.failures import ChannelError, Trouble

if TYPE_CHECKING:
    from arazzo_engine.world.channels import Incoming, Outgoing

# the first that fits
_TROUBLES: Final[tuple[tuple[type[Exception], Trouble], ...]] = (
    (httpx.ConnectTimeout, Trouble.NO_CONNECTION_IN_TIME),
    (httpx.PoolTimeout, Trouble.NO_CONNECTION_IN_TIME),
    (httpx.TimeoutException, Trouble.NO_ANSWER_IN_TIME),
    (httpx.ConnectError, Trouble.NO_CONNECTION),
    (httpx.ProxyError, Trouble.NO_WAY),
    (httpx.UnsupportedProtocol, Trouble.NO_CONNECTION),
    (httpx.InvalidURL, Trouble.NO_CONNECTION),
    (httpx.LocalProtocolError, Trouble.NOT_HTTP),
    (httpx.HTTPError, Trouble.BROKEN_OFF),
)
_RAISED: Final = (httpx.HTTPError, httpx.InvalidURL)


class GivenTransport(Struct, frozen=True):
    """A channel over a transport that blocks. It is closed with what it was given to."""

    transport: httpx.BaseTransport

    def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        """Send a request and hand its answer over, until it is complete."""
        try:
            response = self.transport.handle_request(_request(outgoing))
            try:
                incoming.begin(response.status_code, response.headers.raw)
                if isinstance(response.stream, httpx.SyncByteStream):
                    for chunk in response.stream:
                        incoming.add(chunk)
            finally:
                response.close()
        except _RAISED as error:
            raise _as_trouble(error) from error

    def close(self) -> None:
        """Close the transport."""
        self.transport.close()


class GivenAsyncTransport(Struct, frozen=True):
    """A channel over a transport of an event loop, whose exchanges end at their deadline whatever it does."""

    transport: httpx.AsyncBaseTransport

    async def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        """Send a request and hand its answer over, until it is complete."""
        try:
            async with asyncio.timeout(_seconds_left(outgoing)):
                await self._exchange(outgoing, incoming)
        except TimeoutError as error:
            raise ChannelError(Trouble.NO_ANSWER_IN_TIME) from error
        except _RAISED as error:
            raise _as_trouble(error) from error

    async def _exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        response = await self.transport.handle_async_request(_request(outgoing))
        try:
            incoming.begin(response.status_code, response.headers.raw)
            if isinstance(response.stream, httpx.AsyncByteStream):
                async for chunk in response.stream:
                    incoming.add(chunk)
        finally:
            await response.aclose()

    async def close(self) -> None:
        """Close the transport."""
        await self.transport.aclose()


def _request(outgoing: Outgoing) -> httpx.Request:
    address = outgoing.address
    # the name of the server, and not the header, which may name another
    url = b"%b://%b%b" % (address.scheme, address.name, outgoing.target)
    return httpx.Request(
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


def _seconds_left(outgoing: Outgoing) -> float:
    return max(0.0, outgoing.deadline - time.monotonic())


def _as_trouble(error: Exception) -> ChannelError:
    return ChannelError(next(trouble for kind, trouble in _TROUBLES if isinstance(error, kind)), str(error))
