"""The page on this machine that a browser is sent to after a login, and what it was sent with.

Decides which visit is believed: the first one with the state that was given out. Connections are served side by side,
each within a deadline, so one that says nothing keeps no login waiting; the page says what came of the login.
"""

from __future__ import annotations

import errno
import hmac
import selectors
import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import parse_qsl

import h11
from msgspec import Struct, field

from arazzo_engine.diagnostics import ArazzoError, diagnose

if TYPE_CHECKING:
    from types import TracebackType

    from arazzo_engine.apis.security.redirect_uris import RedirectUri

LOGGED_IN: Final = "You are logged in. This page can be closed."
_FAILED: Final = "The login failed, and nobody is logged in. The terminal says why."
_STRAY: Final = "This is not the login that was asked for."
# a browser may open a connection and send nothing on it
_SILENCE: Final = 5.0
_LARGEST_HEAD: Final = 16_384
_MOST_CONNECTIONS: Final = 64
# a connection that finds no place in the queue is tried again a second later, and then every few seconds
_BACKLOG: Final = 2 * _MOST_CONNECTIONS
_NO_SUCH_ADDRESS: Final = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
# What a browser was sent with, in order
Answer = tuple[tuple[str, str], ...]


class Redirect:
    """Waits for the visit with ``state``; ``url`` is the page. Raises ``ArazzoError`` when it cannot be served."""

    def __init__(self, state: str, uri: RedirectUri) -> None:
        self._listeners = _listen(uri)
        self._visits = _Visits(state, uri.path or "/")
        self._served: list[tuple[threading.Thread, socket.socket]] = []
        self.url = uri.at(self._listeners[0].getsockname()[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.tell(_FAILED)
        # the visit may still be about to ring
        if self._visits.believed is not None:
            self._visits.believed.join(_SILENCE)
        for each in (*self._listeners, *self._visits.bell):
            each.close()

    def tell(self, outcome: str) -> None:
        """Say on the page what came of the login; the first to say it is believed."""
        self._visits.outcome = self._visits.outcome or outcome
        self._visits.is_over.set()

    def wait(self, seconds: float) -> Answer | None:
        """Return what the browser was sent with, ``None`` when it did not come in time."""
        ends = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            for each in (*self._listeners, self._visits.bell[0]):
                selector.register(each, selectors.EVENT_READ)
            while self._visits.found is None and (left := ends - time.monotonic()) > 0:
                ready = [key.fileobj for key, _ in selector.select(left)]
                for listener in self._listeners:
                    if listener in ready:
                        self._accept(listener)
        return self._visits.found

    def _accept(self, listener: socket.socket) -> None:
        # who came may have left again
        with suppress(OSError):
            connection, _ = listener.accept()
            thread = threading.Thread(target=self._visits.serve, args=(connection,), daemon=True)
            self._served = [*((each, other) for each, other in self._served if each.is_alive()), (thread, connection)]
            thread.start()
            if len(self._served) > _MOST_CONNECTIONS:
                self._served.pop(0)[1].shutdown(socket.SHUT_RDWR)


class _Visits(Struct):
    """What the visits of a page have in common; the ``bell`` rings when the one is ``found`` that is believed."""

    state: str
    path: str
    found: Answer | None = None
    believed: threading.Thread | None = None
    outcome: str = ""
    is_over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    bell: tuple[socket.socket, socket.socket] = field(default_factory=socket.socketpair)

    def serve(self, connection: socket.socket) -> None:
        """Serve one connection: one request, and its page."""
        # whoever breaks off gets no page
        with suppress(OSError, h11.RemoteProtocolError), connection:
            server = h11.Connection(h11.SERVER, max_incomplete_event_size=_LARGEST_HEAD)
            request = _read_request(server, connection)
            if request is None:
                return
            answer = self._read(request)
            text = self.outcome if answer is not None and self._believe(answer) else _STRAY
            connection.settimeout(_SILENCE)
            connection.sendall(_page(server, text))

    def _read(self, request: h11.Request) -> Answer | None:
        """Return what a visit was sent with, ``None`` when it is not the one that was asked for."""
        # nothing of a target is to be read as a host
        path, _, query = request.target.decode("ascii").partition("?")
        answer = tuple(parse_qsl(query, keep_blank_values=True))
        states = [value for name, value in answer if name == "state"]
        # RFC 6749, section 10.12: "The client MUST implement CSRF protection for its redirection URI"
        is_ours = len(states) == 1 and hmac.compare_digest(states[0].encode(errors="replace"), self.state.encode())
        return answer if request.method == b"GET" and path == self.path and is_ours else None

    def _believe(self, answer: Answer) -> bool:
        """Take the answer of the first visit, and wait until it is known what came of it."""
        with self.lock:
            if self.found is not None:
                return False
            self.believed = threading.current_thread()
            self.found = answer
        self.bell[1].send(b"!")
        self.is_over.wait()
        return True


def _listen(uri: RedirectUri) -> tuple[socket.socket, ...]:
    """Listen on every address of the host of a URI, all with the same port."""
    listeners: list[socket.socket] = []
    for address in uri.addresses:
        port = uri.port or (listeners[0].getsockname()[1] if listeners else 0)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            listener = socket.create_server((address, port), family=family, backlog=_BACKLOG)
        except OSError as error:
            # a machine may have one of the two only; a port that is somebody else's on one would get half the visits
            if listeners and error.errno in _NO_SUCH_ADDRESS:
                continue
            for each in listeners:
                each.close()
            message = f"the page of a login cannot be served at {uri.at(port)}: {(error.strerror or 'no way').lower()}"
            fix = "free the port, or name another with `--redirect-uri`"
            raise ArazzoError(diagnose("option-invalid", message, fix=fix)) from error
        listener.settimeout(0)
        listeners.append(listener)
    return tuple(listeners)


def _read_request(server: h11.Connection, connection: socket.socket) -> h11.Request | None:
    """Return the request of a connection, ``None`` when none comes in time, however slowly its bytes drip."""
    ends = time.monotonic() + _SILENCE
    while True:
        event = server.next_event()
        if isinstance(event, h11.Request):
            return event
        left = ends - time.monotonic()
        if event is not h11.NEED_DATA or left <= 0:
            return None
        connection.settimeout(left)
        server.receive_data(connection.recv(_LARGEST_HEAD))


def _page(server: h11.Connection, text: str) -> bytes:
    body = f"{text}\n".encode()
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        # the address of the page has the code
        *(("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"), ("Connection", "close")),
    ]
    response = h11.Response(status_code=200 if text == LOGGED_IN else 400, headers=headers)
    parts = (server.send(response), server.send(h11.Data(body)), server.send(h11.EndOfMessage()))
    return b"".join(filter(None, parts))
