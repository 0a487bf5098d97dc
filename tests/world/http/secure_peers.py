"""A real server with TLS that speaks HTTP/2 or HTTP/1.1, frame by frame and byte by byte, as a test says.

h2 reads what the client sends and packs headers; frames are written with hyperframe, also in orders that no server may
write them in.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import h2.config
import h2.connection
import h2.events
import places
from hyperframe.frame import ContinuationFrame, DataFrame, Frame, GoAwayFrame, HeadersFrame, RstStreamFrame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LONGEST_WAIT: Final = 20.0
_LARGEST_READ: Final = 65_536
_LARGEST_FRAME: Final = 16_384


class Peer:
    """The server's side of one connection. ``heard`` counts the heads of requests at all connections of a server."""

    def __init__(self, connection: socket.socket, heard: list[bytes]) -> None:
        self.connection = connection
        self.heard = heard

    def write(self, content: bytes) -> None:
        """Write bytes as they are."""
        self.connection.sendall(content)

    def close(self) -> None:
        """Close the connection in order, after everything that was written has left."""
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)

    def break_off(self) -> None:
        """Close the connection with a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def wait(self) -> None:
        """Wait until the client has gone."""
        with suppress(OSError):
            while self.connection.recv(_LARGEST_READ):
                pass


class Peer1(Peer):
    """Speaks HTTP/1.1."""

    def hear(self) -> bytes:
        """Read the head of a request, and return what came of its body."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.connection.recv(_LARGEST_READ)
        head, _, body = received.partition(b"\r\n\r\n")
        self.heard.append(head)
        return body

    def hear_whole(self, size: int, *, says_first: bytes) -> None:
        """Read a request and a body of a size, and say something before the body has come."""
        received = len(self.hear())
        self.write(says_first)
        while received < size:
            received += len(self.connection.recv(_LARGEST_READ))


class Peer2(Peer):
    """Speaks HTTP/2."""

    def __init__(self, connection: socket.socket, heard: list[bytes]) -> None:
        super().__init__(connection, heard)
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding=False))
        self.h2.initiate_connection()
        self.write(self.h2.data_to_send())

    def hear(self) -> int:
        """Read until a request has begun, grant no more room for its body, and return its stream."""
        while True:
            received = self.connection.recv(_LARGEST_READ)
            if not received:
                raise ConnectionError
            for event in self.h2.receive_data(received):
                if isinstance(event, h2.events.RequestReceived):
                    self.heard.append(b"".join(name + value for name, value in event.headers))
                    self.write(self.h2.data_to_send())
                    return event.stream_id

    def head(self, stream: int, status: int, *headers: tuple[bytes, bytes], ends: bool = False) -> None:
        """Write the head of an answer; ``ends`` says that there is no more."""
        block = self.h2.encoder.encode([(b":status", b"%d" % status), *headers])
        parts = [block[start : start + _LARGEST_FRAME] for start in range(0, len(block), _LARGEST_FRAME)]
        first = HeadersFrame(stream, parts[0])
        others = [ContinuationFrame(stream, each) for each in parts[1:]]
        (others[-1] if others else first).flags.add("END_HEADERS")
        if ends:
            first.flags.add("END_STREAM")
        self.frames(first, *others)

    def data(self, stream: int, content: bytes, *, ends: bool = False) -> None:
        """Write a part of a body."""
        frame = DataFrame(stream, content)
        if ends:
            frame.flags.add("END_STREAM")
        self.frames(frame)

    def reset(self, stream: int, code: int) -> None:
        """Write that a stream is closed."""
        self.frames(RstStreamFrame(stream, error_code=code))

    def go_away(self, last: int, code: int = 0) -> None:
        """Write that no streams after the last are processed."""
        self.frames(GoAwayFrame(0, last_stream_id=last, error_code=code))

    def frames(self, *frames: Frame) -> None:
        """Write frames at once."""
        self.write(b"".join(frame.serialize() for frame in frames))


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """Give each connection to a thread, and say where it can be made."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, serve), daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


def answer_without_tls(connection: socket.socket) -> None:
    """Answer whatever comes in plain text."""
    with suppress(OSError), connection:
        connection.settimeout(_LONGEST_WAIT)
        connection.recv(1)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.recv(_LARGEST_READ)


@contextmanager
def talking_securely(protocol: str, talk: Callable[[Peer], None]) -> Iterator[tuple[str, list[bytes]]]:
    """Serve every connection with TLS and one protocol of ALPN; give host and port, and the heads that were heard."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(places.CERTIFICATE)
    context.set_alpn_protocols([protocol])
    heard: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(_LONGEST_WAIT)
            with context.wrap_socket(connection, server_side=True) as secure:
                talk((Peer2 if protocol == "h2" else Peer1)(secure, heard))

    with listening(serve) as host:
        yield host, heard


def _accept(listener: socket.socket, serve: Callable[[socket.socket], None]) -> None:
    with suppress(OSError):
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
