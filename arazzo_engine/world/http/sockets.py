"""Sockets with an absolute deadline, however the other side drips its bytes.

The timeout of a socket bounds each of its operations, so an exchange could last for ever, a byte at a time. Here every
operation gets what is left until the deadline, a moment of ``time.monotonic``. Writing never waits without listening.
What is sent is not known here.
"""

from __future__ import annotations

import select
import socket
import time
from typing import TYPE_CHECKING, Final, Protocol

from arazzo_engine.world.http.failures import ChannelError, Trouble

if TYPE_CHECKING:
    import ssl


class Poll(Protocol):
    """Waits for what it was told to."""

    def poll(self, timeout: float, /) -> list[tuple[int, int]]:
        """Return what has happened within so many milliseconds."""
        ...


# a large body is written in pieces, so that the deadline is looked at between them
_PIECE: Final = 65_536


class Stream:
    """A connection, as a stream of bytes in both directions."""

    def __init__(self, connected: socket.socket, poll: Poll | None = None) -> None:
        self._socket = connected
        # what of a secure connection has come may be no part of an answer: only a plain one can be waited for
        self._poll = poll
        self._came: bytes | None = None

    def read(self, most: int, deadline: float) -> bytes:
        """Return what has come, at least one byte; nothing when the other side has closed the connection."""
        if self._came is not None:
            came, self._came = self._came, None
            return came
        try:
            left = _left(deadline, Trouble.NO_ANSWER_IN_TIME)
            if self._poll is None:
                self._socket.settimeout(left)
            elif not self._poll.poll(left * 1000):
                raise ChannelError(Trouble.NO_ANSWER_IN_TIME)
            return self._socket.recv(most)
        except TimeoutError as error:
            raise ChannelError(Trouble.NO_ANSWER_IN_TIME) from error
        except OSError as error:
            raise ChannelError(Trouble.BROKEN_OFF, str(error)) from error

    @property
    def has_come(self) -> bool:
        """Whether something came while the last writing waited: it is read next."""
        return self._came is not None

    def write(self, content: memoryview, deadline: float) -> int:
        """Write until everything is written, until something comes, or until the other side takes no more.

        Returns how many bytes were taken. RFC 9110, section 7.5: a server may answer before it has the whole request.
        """
        if self._poll is None:
            self._socket.settimeout(0.0)
        for start in range(0, len(content), _PIECE):
            taken = self._write_piece(content[start : start + _PIECE], deadline)
            if taken < len(content[start : start + _PIECE]):
                return start + taken
        return len(content)

    def _write_piece(self, piece: memoryview, deadline: float) -> int:
        taken = 0
        while taken < len(piece):
            left = _left(deadline, Trouble.NO_ANSWER_IN_TIME)
            try:
                taken += self._socket.send(piece[taken:])
            except OSError as error:
                if not _is_waiting(error):
                    return taken
                if self._meets_an_answer(left):
                    return taken
        return taken

    def _meets_an_answer(self, seconds: float) -> bool:
        """Wait until more can be written, and return whether something came instead."""
        if not wait_for(self._socket, seconds, writes=True):
            return False
        try:
            self._came = self._socket.recv(_PIECE)
        except OSError as error:
            # of a secure connection, what came may be no part of an answer
            return not _is_waiting(error)
        return True

    def secure(self, context: ssl.SSLContext, host: str, deadline: float) -> Stream:
        """Return the same connection, secured; it is closed when it cannot be."""
        try:
            self._socket.settimeout(_left(deadline, Trouble.NO_CONNECTION_IN_TIME))
            return Stream(context.wrap_socket(self._socket, server_hostname=host))
        except (OSError, ValueError) as error:
            self.close()
            raise _not_connected(error) from error
        except ChannelError:
            self.close()
            raise

    def is_readable(self, seconds: float = 0.0) -> bool:
        """Whether something has come, or does within some seconds. On an idle connection, this can only be its end."""
        if self._poll is not None:
            return bool(self._poll.poll(seconds * 1000.0))
        return wait_for(self._socket, seconds)

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


def connect(host: str, port: int, deadline: float) -> Stream:
    """Return a connection to a server."""
    try:
        left = _left(deadline, Trouble.NO_CONNECTION_IN_TIME)
        connected = socket.create_connection((host, port), left)
    except (OSError, ValueError) as error:
        raise _not_connected(error) from error
    # a request is written at once, and must not wait for more of it
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connected.settimeout(0.0)
    return Stream(connected, _poll_of(connected))


def _poll_of(connected: socket.socket) -> Poll | None:
    """Return what waits for a connection until something has come."""
    if not hasattr(select, "poll"):  # on Windows
        return None
    poll = select.poll()
    poll.register(connected, select.POLLIN)
    return poll


def wait_for(connected: socket.socket, seconds: float, *, writes: bool = False) -> bool:
    """Wait until something has come, or until something can be written; return whether something has come."""
    if not hasattr(select, "poll"):  # on Windows
        return bool(select.select([connected], [connected] if writes else [], [], seconds)[0])
    poll = select.poll()
    poll.register(connected, select.POLLIN | (select.POLLOUT if writes else 0))
    return any(found & ~select.POLLOUT for _, found in poll.poll(seconds * 1000))


def _is_waiting(error: OSError) -> bool:
    """Whether nothing is wrong, but what was asked for cannot be done yet."""
    if isinstance(error, BlockingIOError):
        return True
    import ssl  # noqa: PLC0415 - takes its time, and few writings fail

    return isinstance(error, ssl.SSLWantReadError | ssl.SSLWantWriteError)


def _not_connected(error: OSError | ValueError) -> ChannelError:
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        # of a host that is looked up
        return ChannelError(Trouble.NO_NAME)
    if isinstance(error, TimeoutError):
        return ChannelError(Trouble.NO_CONNECTION_IN_TIME)
    return ChannelError(Trouble.NO_CONNECTION, str(error))


def _left(deadline: float, trouble: Trouble) -> float:
    """Return the seconds until the deadline, and raise the trouble when it has passed."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise ChannelError(trouble)
    return left
