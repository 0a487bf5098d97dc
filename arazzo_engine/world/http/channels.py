"""The seam between an exchange and what carries it: what a channel is given, and to whom it hands over what comes.

Connections of our own, pools of httpcore and transports that the user gives are all channels. Each raises
``ChannelError`` when an exchange fails, so that what a failure means is decided once. A channel decides nothing about
the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from arazzo_engine.apis.idempotency import SAFE_METHODS
from arazzo_engine.language.messages.answers import Failure
from arazzo_engine.language.messages.contents import chunks_of
from arazzo_engine.language.messages.files import ChangedError
from arazzo_engine.typed import Silent
from arazzo_engine.world.http.failures import RefusedError

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Iterable, Iterator

    from arazzo_engine.language.messages.contents import Content
    from arazzo_engine.world.http.addresses import Address


class Progress(Struct):
    """What became of a request, as the wire has it: written by channels as it happens, and by nobody else.

    ``times`` counts how often its head was given to a connection, whole or in part: then it may have left. With
    ``is_unprocessed`` the server has said that it did not act on it.
    """

    times: int = 0
    is_unprocessed: bool = False


class Outgoing(Silent, frozen=True):
    """A request as it goes out. ``deadline`` is a moment of ``time.monotonic`` at which the whole exchange ends."""

    method: bytes
    address: Address
    target: bytes
    headers: list[tuple[bytes, bytes]]
    content: Content
    deadline: float
    progress: Progress = field(default_factory=Progress)

    def body(self) -> Iterator[bytes]:
        """Yield the body in pieces, and give up when a file in it has changed: its end is not sent then."""
        sent, whole = 0, len(self.content)
        try:
            for chunk in chunks_of(self.content):
                yield chunk
                sent += len(chunk)
        except ChangedError as error:
            reason = f"{error}; {sent:,} of {whole:,} bytes of the body had been sent, and the rest was not"
            raise RefusedError(Failure.FILE, reason) from error

    @property
    def is_safe(self) -> bool:
        """Whether it does no harm when the request meets a connection that the server has just closed.

        Of any other request, nobody could say then whether it was acted upon.
        """
        return self.method.decode("ascii") in SAFE_METHODS


class Body(Struct, frozen=True):
    """The body of a request as libraries take one that is read while it is sent, from the start each time."""

    outgoing: Outgoing

    def __iter__(self) -> Iterator[bytes]:
        return self.outgoing.body()


class AsyncBody(Struct, frozen=True):
    """The same for an event loop, which no disk keeps waiting."""

    outgoing: Outgoing

    async def __aiter__(self) -> AsyncIterator[bytes]:
        import asyncio  # noqa: PLC0415 - there already where a loop is running

        chunks = self.outgoing.body()
        while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
            yield chunk


class Incoming(Protocol):
    """Takes an answer as it comes. It may refuse by raising: the exchange is given up, and its connection closed."""

    def begin(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Take the head."""
        ...

    def add(self, chunk: bytes) -> None:
        """Take a part of the body, packed as it came."""
        ...


class Channel(Protocol):
    """Carries exchanges, from any thread."""

    def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        """Send a request and hand its answer over, until it is complete."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


class AsyncChannel(Protocol):
    """Carries exchanges for the tasks of an event loop."""

    async def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        """Send a request and hand its answer over, until it is complete."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


class PoolSettings(Struct, frozen=True):
    """What the connections of a way have in common: ``context`` for secure ones, and the URL of a proxy."""

    context: ssl.SSLContext | None = None
    proxy: str | None = None
    proxy_context: ssl.SSLContext | None = None
    retries: int = 0
