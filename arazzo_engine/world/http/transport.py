"""The HTTP transport: sends one request and gives back what came, or why nothing did.

Requests go to the connections themselves, below any client: no cookies, and the URL exactly as it was built. The
environment may name certificate authorities (``SSL_CERT_FILE``, ``SSL_CERT_DIR``) and proxies. Time and size are
bounded. An error of the network is a reply. What may be asked of the way there is ``wire``'s to say.
"""

from __future__ import annotations

import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Self

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.machine.effects import before_sending
from arazzo_engine.world.http.failures import EXPECTED
from arazzo_engine.world.http.sending import begin, begin_unnamed
from arazzo_engine.world.http.ways import Way, open_async_channel, open_channel
from arazzo_engine.world.http.wire import Wire, environment_names_proxies

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    from arazzo_engine.language.messages.answers import Answer, NoResponse
    from arazzo_engine.machine.effects import Send
    from arazzo_engine.world.http.channels import AsyncChannel, Channel
    from arazzo_engine.world.http.sending import Sending


class Transport(Struct):
    """Sends requests, from any thread, over connections that stay open until it is closed.

    ``tls`` is the context for https; without one, it is made as ``wire`` says when the first https URL is met, since
    loading the usual certificate authorities takes its time. A channel that is ``given`` carries everything.
    """

    tls: ssl.SSLContext | None = None
    wire: Wire = Wire()
    given: Channel | None = None
    _open: dict[Way, Channel] = field(default_factory=dict)
    _opening: threading.Lock = field(default_factory=threading.Lock)
    _has_proxies: bool = field(default_factory=environment_names_proxies)
    _is_closed: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        with self._opening:
            channels = list(self._open.values())
            self._open.clear()
            self._is_closed = True
        for channel in channels if self.given is None else (self.given,):
            channel.close()

    def send(self, effect: Send) -> Answer:
        """Send a request and return its answer; nothing that the network does raises."""
        return self._follow(begin(effect, self.wire))

    def get(self, url: str, timeout: float) -> Response | NoResponse:
        """Get a document, which no operation describes."""
        return self._follow(begin_unnamed(Request("GET", url), timeout, self.wire)).result

    def pass_on(self, request: Request, timeout: float) -> Answer:
        """Send a request of somebody else with its own headers alone, and return its answer as it came, also packed."""
        return self._follow(replace(begin_unnamed(request, timeout, self.wire), is_passed_on=True))

    def _follow(self, sending: Sending) -> Answer:
        answer = self._exchange(sending)
        while (following := sending.following(answer)) is not None:
            sending = following
            answer = self._exchange(sending)
        return answer

    def _exchange(self, sending: Sending) -> Answer:
        try:
            sending.find_way(has_proxies=self._has_proxies and self.given is None)
            outgoing = sending.outgoing()
            with self._channel(sending.way) as channel:
                channel.exchange(outgoing, sending)
            return sending.answer()
        except EXPECTED as error:
            return sending.failed(error)
        except KeyboardInterrupt as cut:
            raise cut if sending.has_left else before_sending(cut) from None

    @contextmanager
    def _channel(self, way: Way) -> Iterator[Channel]:
        if self._is_closed and self.given is None:
            # a run may go on while it is closed, and leaves nothing open behind it
            with closing(open_channel(way, self.wire, self.tls)) as channel:
                yield channel
            return
        yield self.given or self._open.get(way) or self._opened(way)

    def _opened(self, way: Way) -> Channel:
        with self._opening:
            # another thread may have opened it by now
            if way not in self._open:
                self._open[way] = open_channel(way, self.wire, self.tls)
            return self._open[way]


class AsyncTransport(Struct):
    """The same for the tasks of an event loop."""

    tls: ssl.SSLContext | None = None
    wire: Wire = Wire()
    given: AsyncChannel | None = None
    _open: dict[Way, AsyncChannel] = field(default_factory=dict)
    _has_proxies: bool = field(default_factory=environment_names_proxies)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        channels = list(self._open.values())
        self._open.clear()
        for channel in channels if self.given is None else (self.given,):
            await channel.close()

    async def send(self, effect: Send) -> Answer:
        """Send a request and return its answer; nothing that the network does raises."""
        sending = begin(effect, self.wire)
        answer = await self._exchange(sending)
        while (following := sending.following(answer)) is not None:
            sending = following
            answer = await self._exchange(sending)
        return answer

    async def _exchange(self, sending: Sending) -> Answer:
        from asyncio import CancelledError  # noqa: PLC0415 - there already where a loop is running

        try:
            sending.find_way(has_proxies=self._has_proxies and self.given is None)
            outgoing = sending.outgoing()
            await self._channel(sending.way).exchange(outgoing, sending)
            return sending.answer()
        except EXPECTED as error:
            return sending.failed(error)
        except CancelledError as cut:
            raise cut if sending.has_left else before_sending(cut) from None

    def _channel(self, way: Way) -> AsyncChannel:
        if self.given is not None:
            return self.given
        if way not in self._open:
            self._open[way] = open_async_channel(way, self.wire, self.tls)
        return self._open[way]
