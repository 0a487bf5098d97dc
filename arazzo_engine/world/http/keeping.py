"""Connections that outlive a run: one transport for all threads of a process, and one for each event loop.

Decides when they are opened and closed. Sockets cannot be shared with a process that was forked, so such a process
gets connections of its own; those of the other stay untouched.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from arazzo_engine.diagnostics import ArazzoError, diagnose

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from arazzo_engine.world.http.transport import AsyncTransport, Transport
    from arazzo_engine.world.http.wire import Wire


class Connections:
    """The open connections of an engine, to be closed with it."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._is_closed = False
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._sync: Transport | None = None
        self._async: WeakKeyDictionary[AbstractEventLoop, AsyncTransport] = WeakKeyDictionary()

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
                self._sync = Transport(wire=self._wire)
            return self._sync

    def async_transport(self) -> AsyncTransport:
        """Return the transport of the running event loop."""
        import asyncio  # noqa: PLC0415 - slow, and there already where a loop is running

        from arazzo_engine.world.http.transport import AsyncTransport  # noqa: PLC0415 - brings the network along

        self.check_open()
        self._forget_those_of_a_parent()
        loop = asyncio.get_running_loop()
        with self._lock:
            if loop not in self._async:
                self._async[loop] = AsyncTransport(wire=self._wire)
            return self._async[loop]

    def close(self) -> None:
        """Close every connection; those of an event loop that goes on are closed as soon as it comes to it."""
        self._forget_those_of_a_parent()
        with self._lock:
            sync, loops = self._sync, dict(self._async)
            self._is_closed = True
            self._begin()
        if sync is not None:
            sync.close()
        for loop, transport in loops.items():
            if loop.is_running():
                import asyncio  # noqa: PLC0415 - the same

                asyncio.run_coroutine_threadsafe(transport.close(), loop)

    async def aclose(self) -> None:
        """Close every connection, and wait until those of this event loop are closed."""
        import asyncio  # noqa: PLC0415 - the same

        own = self._async.pop(asyncio.get_running_loop(), None)
        if own is not None:
            await own.close()
        self.close()

    def _forget_those_of_a_parent(self) -> None:
        if self._process != os.getpid():
            self._begin()
