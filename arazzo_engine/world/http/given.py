"""A transport that the user gives, standing for the network: any of httpx, such as those that call an application.

Decides what becomes of its answers and its errors, whatever it does: a transport is a program of somebody else. One
that works only in an event loop serves other callers from a loop of its own, one that blocks serves a loop from a
thread. The only importer of httpx.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import httpcore
import httpx
from anyio.from_thread import start_blocking_portal

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable, Iterator

    from arazzo_engine.world.http.channels import AsyncChannel, Channel, Incoming, Outgoing

_STATUSES: Final = range(100, 1000)


def given_channel(transport: Any) -> Channel:  # noqa: ANN401 - whatever the user takes for a transport
    """Return a channel for any thread."""
    return _Given(transport) if hasattr(transport, "handle_request") else _FromLoop(transport)


def given_async_channel(transport: Any) -> AsyncChannel:  # noqa: ANN401 - the same
    """Return a channel for an event loop."""
    return _AsyncGiven(transport) if hasattr(transport, "handle_async_request") else _FromThread(transport)


class _Given:
    """Sends through a transport that blocks. Closing it is its owner's to do, here and below."""

    def __init__(self, transport: Any) -> None:  # noqa: ANN401 - the same
        self._transport = transport

    def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        with _raising_as_httpcore(outgoing):
            response = _checked(self._transport.handle_request(_request(outgoing)))
            stream: Iterable[bytes] = _checked_stream(response, "__iter__")
        try:
            incoming.begin(response.status_code, response.headers.raw)
            for chunk in _raising_while(outgoing, stream):
                incoming.add(chunk)
        finally:
            response.close()

    def close(self) -> None:
        pass


class _AsyncGiven:
    """Sends through a transport of event loops."""

    def __init__(self, transport: Any) -> None:  # noqa: ANN401 - the same
        self._transport = transport

    async def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        with _raising_as_httpcore(outgoing):
            async with asyncio.timeout(outgoing.deadline - time.monotonic()):
                response = _checked(await self._transport.handle_async_request(_request(outgoing)))
                stream: AsyncIterable[bytes] = _checked_stream(response, "__aiter__")
                chunks = [chunk async for chunk in stream]
                await response.aclose()
        incoming.begin(response.status_code, response.headers.raw)
        for chunk in chunks:
            incoming.add(chunk)

    async def close(self) -> None:
        pass


class _FromLoop:
    """A channel for threads over a transport of event loops, which gets a loop of its own."""

    def __init__(self, transport: Any) -> None:  # noqa: ANN401 - the same
        self._channel = _AsyncGiven(transport)
        self._starting = start_blocking_portal()
        self._portal = self._starting.__enter__()

    def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        self._portal.call(self._channel.exchange, outgoing, incoming)

    def close(self) -> None:
        self._starting.__exit__(None, None, None)


class _FromThread:
    """A channel for event loops over a transport that blocks."""

    def __init__(self, transport: Any) -> None:  # noqa: ANN401 - the same
        self._channel = _Given(transport)

    async def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        await asyncio.to_thread(self._channel.exchange, outgoing, incoming)

    async def close(self) -> None:
        pass


def _request(outgoing: Outgoing) -> httpx.Request:
    address = outgoing.address
    url = httpx.URL(
        scheme=address.scheme.decode(), host=address.host.decode(), port=address.port, raw_path=outgoing.target
    )
    left = max(0.0, outgoing.deadline - time.monotonic())
    return httpx.Request(
        outgoing.method,
        url,
        headers=outgoing.headers,
        content=outgoing.content,
        extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), left)},
    )


def _checked(response: Any) -> httpx.Response:  # noqa: ANN401 - whatever came
    if not isinstance(response, httpx.Response):
        raise _NonsenseError(f"the transport answered with a {type(response).__name__}, which is no httpx.Response")
    if response.status_code not in _STATUSES:
        raise _NonsenseError(f"the transport answered with the status {response.status_code}")
    return response


def _checked_stream(response: httpx.Response, wanted: str) -> Any:  # noqa: ANN401 - a stream of either kind
    if not hasattr(response.stream, wanted):
        raise _NonsenseError("the transport answered with a body that cannot be read here")
    return response.stream


class _NonsenseError(Exception):
    """What a transport gave is no answer."""


@contextmanager
def _raising_as_httpcore(outgoing: Outgoing) -> Iterator[None]:
    """Raise what httpcore raises, whatever a transport raises; what it may have done is not known."""
    try:
        yield
    except (httpx.RequestError, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        raise _same_of_httpcore(error) from error
    except TimeoutError as error:
        late = outgoing.deadline <= time.monotonic()
        raise (httpcore.ReadTimeout if late else httpcore.ReadError)("the transport took too long") from error
    except _NonsenseError as error:
        raise httpcore.RemoteProtocolError(str(error)) from error
    except Exception as error:  # noqa: BLE001 - a transport is a program of somebody else: its bug is a failed exchange
        raise httpcore.RemoteProtocolError(f"the transport raised {type(error).__name__}") from error


def _raising_while(outgoing: Outgoing, stream: Iterable[bytes]) -> Iterator[bytes]:
    with _raising_as_httpcore(outgoing):
        yield from stream


def _same_of_httpcore(error: Exception) -> Exception:
    """Return the error of httpcore that has the name of one of httpx, or of what it is a kind of."""
    for kind in type(error).__mro__:
        same = getattr(httpcore, kind.__name__, None)
        if isinstance(same, type) and issubclass(same, Exception) and same is not Exception:
            found: Exception = same(str(error))
            return found
    return httpcore.RemoteProtocolError(f"the transport raised {type(error).__name__}")
