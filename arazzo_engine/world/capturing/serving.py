"""The proxy's own side: a port of the loopback address, its connections, and the messages on them.

Decides what no client may do to it: send what has two readings, a message that is too large, or one that never ends.
h11 says what the bytes mean, and each message is written anew, so none hides another one.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import h11
from msgspec.structs import replace

from arazzo_engine.typed import SilentState
from arazzo_engine.world.capturing.forwarding import Came, RefusedRequestError, refusal

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from arazzo_engine.language.messages.exchange import Response

_LARGEST_HEAD: Final = 65_536
_LARGEST: Final = 10_000_000
# for a request from its first byte to its last, and between two of them
_PATIENCE: Final = 60.0
_CHUNK: Final = 65_536
_MOST_CONNECTIONS: Final = 200
_WITHOUT_BODY: Final = frozenset({204, 304})


class _Client(SilentState):
    """A client on its connection: what h11 knows of it, and the method of its request."""

    connection: socket.socket
    http: h11.Connection
    method: str = ""


def serve(listener: socket.socket, answer: Callable[[Came], Response]) -> None:
    """Serve connections until the process is interrupted; those that find no place wait for one."""
    places = threading.BoundedSemaphore(_MOST_CONNECTIONS)

    def work(connection: socket.socket) -> None:
        with connection:
            try:
                # whoever breaks off gets no answer
                with suppress(OSError):
                    _serve_connection(connection, answer)
            finally:
                places.release()

    while True:
        places.acquire()
        connection, _ = listener.accept()
        threading.Thread(target=work, args=(connection,), daemon=True).start()


def _serve_connection(connection: socket.socket, answer: Callable[[Came], Response]) -> None:
    client = _Client(connection, h11.Connection(h11.SERVER, max_incomplete_event_size=_LARGEST_HEAD))
    http = client.http
    while True:
        try:
            came = _read(client)
        except h11.RemoteProtocolError as error:
            _refuse(client, RefusedRequestError(error.error_status_hint, f"this is no request: {error}"))
            return
        except RefusedRequestError as refused:
            _refuse(client, refused)
            return
        if came is None:
            return
        _write(client, answer(came))
        if http.our_state is not h11.DONE or http.their_state is not h11.DONE:
            return
        http.start_next_cycle()


def _read(client: _Client) -> Came | None:
    """Return the next request, ``None`` when there is none; raises ``RefusedRequestError`` for one that never ends."""
    http, connection = client.http, client.connection
    ends = time.monotonic() + _PATIENCE
    request: h11.Request | None = None
    content = bytearray()
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            if not _receive(http, connection, ends) and request is None:
                return None
        elif isinstance(event, h11.Request):
            request, client.method = event, event.method.decode("ascii")
            _check_framing(request)
        elif isinstance(event, h11.Data):
            content += event.data
            if len(content) > _LARGEST:
                raise RefusedRequestError(413, f"the body is larger than {_LARGEST:,} bytes")
        elif isinstance(event, h11.EndOfMessage) and request is not None:
            return _came(request, bytes(content))
        else:
            return None


def _receive(http: h11.Connection, connection: socket.socket, ends: float) -> bool:
    """Take what comes before the end of its time; whether anything came."""
    if http.they_are_waiting_for_100_continue:
        connection.sendall(http.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
    left = ends - time.monotonic()
    try:
        connection.settimeout(max(left, 0.001))
        came = connection.recv(_CHUNK)
    except TimeoutError as error:
        if http.their_state is h11.IDLE:
            return False
        raise RefusedRequestError(408, f"the request did not end within {_PATIENCE:g} s") from error
    http.receive_data(came)
    return bool(came)


def _check_framing(request: h11.Request) -> None:
    names = [name for name, _ in request.headers]
    # RFC 9112, section 6.3: such a message "ought to be handled as an error"
    if b"transfer-encoding" in names and b"content-length" in names:
        raise RefusedRequestError(400, "the length of the request is given in two ways")


def _came(request: h11.Request, content: bytes) -> Came:
    headers = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw_items())
    return Came(request.method.decode("ascii"), request.target.decode("latin-1"), tuple(headers), content)


def _refuse(client: _Client, refused: RefusedRequestError) -> None:
    if client.http.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
        response = refusal(refused)
        _write(client, replace(response, headers=(*response.headers, ("Connection", "close"))))


def _write(client: _Client, response: Response) -> None:
    http = client.http
    is_head = client.method == "HEAD"
    headers = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in response.headers]
    # of a HEAD, nobody knows how long the answer would be, unless the server has said it
    has_length = is_head or any(name.lower() == b"content-length" for name, _ in headers)
    if not has_length and response.status not in _WITHOUT_BODY:
        headers.append((b"content-length", str(len(response.content)).encode()))
    parts = [http.send(h11.Response(status_code=response.status, headers=headers))]
    if response.content and not is_head:
        parts.append(http.send(h11.Data(response.content)))
    parts.append(http.send(h11.EndOfMessage()))
    client.connection.settimeout(_PATIENCE)
    client.connection.sendall(b"".join(filter(None, parts)))
