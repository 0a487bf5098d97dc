"""Sockets with an absolute deadline, however the other side drips its bytes.

The timeout of a socket bounds each of its operations, so an exchange could last for ever, a byte at a time. Here every
operation gets what is left until the deadline, a moment of ``time.monotonic``. What is sent is not known here.
"""

from __future__ import annotations

import select
import socket
import time
from typing import TYPE_CHECKING, Final

from arazzo_engine.world.http.failures import ChannelError, Trouble

if TYPE_CHECKING:
    import ssl

# a large body is written in pieces, so that the deadline is looked at between them
_PIECE: Final = 65_536


class Stream:
    """A connection, as a stream of bytes in both directions."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    def read(self, most: int, deadline: float) -> bytes:
        """Return what has come, at least one byte; nothing when the other side has closed the connection."""
        try:
            self._socket.settimeout(_left(deadline, Trouble.NO_ANSWER_IN_TIME))
            return self._socket.recv(most)
        except TimeoutError as error:
            raise ChannelError(Trouble.NO_ANSWER_IN_TIME) from error
        except OSError as error:
            raise ChannelError(Trouble.BROKEN_OFF, str(error)) from error

    def write(self, content: bytes, deadline: float) -> bool:
        """Write everything, and return whether the other side took it: it may have closed the connection."""
        whole = memoryview(content)
        try:
            for start in range(0, len(whole), _PIECE):
                self._socket.settimeout(_left(deadline, Trouble.NO_ANSWER_IN_TIME))
                self._socket.sendall(whole[start : start + _PIECE])
        except TimeoutError as error:
            raise ChannelError(Trouble.NO_ANSWER_IN_TIME) from error
        except OSError:
            return False
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
        if not hasattr(select, "poll"):  # on Windows
            return bool(select.select([self._socket], [], [], seconds)[0])
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

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
    return Stream(connected)


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
