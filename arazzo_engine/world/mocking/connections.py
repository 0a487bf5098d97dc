"""The connections of a served mock: as uvicorn has them, but a request whose head never ends is given up.

Decides how long a head may take. A body is waited for by whoever reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

PATIENCE: Final = 30.0
_TEXT: Final = b"the request does not end"
_LATE: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (
    len(_TEXT),
    _TEXT,
)


class PatientProtocol(H11Protocol):
    """A connection that waits for the end of a head for so long."""

    waiting: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Take bytes, and begin to wait when they are not all of a head."""
        super().data_received(data)
        is_underway = self.conn.their_state is h11.IDLE and bool(self.conn.trailing_data[0])
        if is_underway and self.waiting is None:
            self.waiting = self.loop.call_later(PATIENCE, self.give_up)
        elif not is_underway and self.waiting is not None:
            self.stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self.stop_waiting()
        super().connection_lost(exc)

    def give_up(self) -> None:
        """End a connection whose request does not end."""
        self.waiting = None
        self.transport.write(_LATE)
        self.transport.close()

    def stop_waiting(self) -> None:
        """Wait for no head any more."""
        if self.waiting is not None:
            self.waiting.cancel()
            self.waiting = None
