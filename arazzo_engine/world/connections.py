"""Connections that outlive a run: one transport for all threads of a process, and one for each event loop.

Decides when they are opened and closed. Sockets cannot be shared with a process that was forked, so such a process
gets connections of its own; those of the other stay untouched.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, diagnose

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import AsyncGenerator, Iterator

    from arazzo_engine.world.http.given_transports import Given
    from arazzo_engine.world.http.transport import AsyncTransport, Transport
    from arazzo_engine.world.http.wire import Wire

    _Loan: TypeAlias = AsyncGenerator[AsyncTransport, None]


class Connections:
    """The open connections of an engine, to be closed with it."""

    def __init__(self, wire: Wire, given: object = None) -> None:
        self._wire = wire
        self._transport = given
        self._given = self._take(given)
        self._left: list[object] = []
        self._is_closed = False
        self._begin()

    @staticmethod
    def _take(transport: object) -> Given | None:
        if transport is None:
            return None
        from arazzo_engine.world.http.given_transports import Given  # noqa: PLC0415 - brings httpx along

        return Given(transport)

    def _begin(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._sync: Transport | None = None
        self._async: dict[AbstractEventLoop, _Loan] = {}

    def check_open(self) -> None:
        """Raise ``ArazzoError`` (``option-invalid``) when the engine was closed."""
        if self._is_closed:
            message = "the engine was closed, and nothing can be loaded or run with it any more"
            raise ArazzoError(diagnose("option-invalid", message, fix="make another, or close it later"))

    def transport(self) -> Transport:
        """Return the transport of this process, for any of its threads."""
        from arazzo_engine.world.http.transport import Transport  # noqa: PLC0415 - brings the network along

        self.check_open()
        self._forget_those_of_a_parent()
        with self._lock:
            if self._sync is None:
                self._sync = Transport(wire=self._wire, given=None if self._given is None else self._given.channel())
            return self._sync

    async def async_transport(self) -> AsyncTransport:
        """Return the transport of the running event loop."""
        import asyncio  # noqa: PLC0415 - slow, and there already where a loop is running

        self.check_open()
        self._forget_those_of_a_parent()
        loop = asyncio.get_running_loop()
        if loop not in self._async:
            self._async[loop] = lent = self._lend(loop)
            return await anext(lent)
        return await self._async[loop].asend(None)

    async def _lend(self, loop: AbstractEventLoop) -> _Loan:
        """Lend a transport until the loop ends: a loop closes the generators that were begun in it."""
        from arazzo_engine.world.http.transport import AsyncTransport  # noqa: PLC0415 - brings the network along

        transport = AsyncTransport(wire=self._wire, given=None if self._given is None else self._given.async_channel())
        try:
            while True:
                yield transport
        finally:
            self._async.pop(loop, None)
            await transport.close()

    @contextmanager
    def connect(self, wire: Wire) -> Iterator[Transport]:
        """Give a transport to load documents with: connections of its own, unless there is a given one."""
        from arazzo_engine.world.http.transport import Transport  # noqa: PLC0415 - brings the network along

        if self._given is not None:
            yield replace(self.transport(), wire=wire)
            return
        with Transport(wire=wire) as transport:
            yield transport

    def close(self) -> None:
        """Close every connection; those of an event loop that goes on are closed as soon as it comes to it."""
        self._forget_those_of_a_parent()
        with self._lock:
            sync, loops = self._sync, dict(self._async)
            self._is_closed = True
            self._begin()
        if sync is not None:
            sync.close()
        for loop, lent in loops.items():
            if loop.is_running():
                import asyncio  # noqa: PLC0415 - the same

                asyncio.run_coroutine_threadsafe(_give_back(lent), loop)
        if self._given is not None:
            self._given.close()

    async def aclose(self) -> None:
        """Close every connection, and wait until those of this event loop are closed."""
        import asyncio  # noqa: PLC0415 - the same

        lent = self._async.get(asyncio.get_running_loop())
        if lent is not None:
            await lent.aclose()
        self.close()

    def _forget_those_of_a_parent(self) -> None:
        if self._process != os.getpid():
            # the threads and sockets of the other process must not be ended from here, as collecting them would
            self._left.append((self._sync, self._async, self._given))
            self._given = self._take(self._transport)
            self._begin()


async def _give_back(lent: _Loan) -> None:
    await lent.aclose()
