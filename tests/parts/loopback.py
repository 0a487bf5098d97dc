"""A real HTTP/1.1 server on loopback that answers from a script and records the bytes it was sent.

It knows nothing of Arazzo. Connections are kept alive, so that a client that reuses them is seen to do so; nothing
sleeps: a slow answer waits for the test.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType

Body: TypeAlias = bytes | str | dict[str, Any] | list[Any]
Route: TypeAlias = tuple[str, str]  # the method, and the target with or without its query
Headers: TypeAlias = tuple[tuple[str, str], ...]

# a test that forgets to release an answer ends, instead of hanging
_LONGEST_WAIT: Final = 30.0


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request as it arrived: ``path`` is the target of the request line, untouched."""

    method: str
    path: str
    headers: Headers
    body: bytes
    connection: int = field(default=0, compare=False)

    def header(self, name: str) -> str | None:
        """Return the value of a header whatever its case, several joined by ``, ``, or ``None``."""
        found = [value for each, value in self.headers if each.lower() == name.lower()]
        return ", ".join(found) if found else None

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the script; a ``dict`` or ``list`` is sent as JSON, a ``str`` as UTF-8 text."""

    status: int = 200
    headers: Headers = ()
    body: Body = b""
    waits_for: threading.Event | None = None
    tells: threading.Event | None = None
    closes: bool = False
    interrupts: bool = False

    @classmethod
    def close(cls) -> Reply:
        """Return the reply that closes the connection without an answer."""
        return cls(closes=True)

    @classmethod
    def interrupt(cls) -> Reply:
        """Return the reply that asks this process to end, and then never comes."""
        return cls(interrupts=True)

    def after(self, released: threading.Event) -> Reply:
        """Return this reply, held back until the test sets the event."""
        return replace(self, waits_for=released)

    def telling(self, arrived: threading.Event) -> Reply:
        """Return this reply, which sets the event when its request has arrived."""
        return replace(self, tells=arrived)

    def encoded(self) -> tuple[Headers, bytes]:
        """Return all headers and the bytes of the body."""
        content, media_type = _encode(self.body)
        named = {name.lower() for name, _ in self.headers}
        headers = list(self.headers)
        if media_type and "content-type" not in named:
            headers.append(("Content-Type", media_type))
        if "content-length" not in named and self.status not in {204, 304}:
            headers.append(("Content-Length", str(len(content))))
        return tuple(headers), content


def _encode(body: Body) -> tuple[bytes, str]:
    if isinstance(body, bytes):
        return body, ""
    if isinstance(body, str):
        return body.encode(), "text/plain; charset=utf-8"
    return json.dumps(body).encode(), "application/json"


class RecordingServer:
    """Answers each route with its replies in order, the last one again and again; an unknown route with 404."""

    def __init__(self, script: Mapping[Route, Sequence[Reply]] | None = None) -> None:
        self.requests: list[Recorded] = []
        self._lock = threading.Lock()
        self._script: dict[Route, list[Reply]] = {route: list(replies) for route, replies in (script or {}).items()}
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.answers = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """The origin of the server, without a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def script(self, method: str, path: str, *replies: Reply) -> None:
        """Answer a route with these replies from now on."""
        with self._lock:
            self._script[method, path] = list(replies)

    def answer(self, request: Recorded) -> Reply:
        """Record a request and return its reply; a route with a query goes before the same one without."""
        with self._lock:
            self.requests.append(request)
            path = request.path.partition("?")[0]
            for route in ((request.method, request.path), (request.method, path)):
                replies = self._script.get(route)
                if replies:
                    return replies.pop(0) if len(replies) > 1 else replies[0]
        return Reply(404, body={"error": f"nothing is scripted for {request.method} {request.path}"})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.close_connections()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    answers: RecordingServer
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._connections: set[socket.socket] = set()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: a client that goes away is part of many tests."""

    def close_connections(self) -> None:
        """Wake the threads that wait for the next request on a connection that is kept alive."""
        for connection in tuple(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer leaves in one piece
    server: _Server

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay quiet."""

    def _serve(self) -> None:
        # `self.path` has one slash at its beginning where there were more
        target = self.requestline.split(" ")[1]
        request = Recorded(self.command, target, tuple(self.headers.items()), self._read_body(), self.client_address[1])
        reply = self.server.answers.answer(request)
        if reply.tells is not None:
            reply.tells.set()
        if reply.waits_for is not None:
            reply.waits_for.wait(_LONGEST_WAIT)
        if reply.interrupts:
            os.kill(os.getpid(), signal.SIGTERM)
            # until the client goes away
            self.rfile.read(1)
        if reply.closes or reply.interrupts:
            self.close_connection = True
            return
        headers, content = reply.encoded()
        self.send_response_only(reply.status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _read_body(self) -> bytes:
        if "chunked" in (self.headers.get("Transfer-Encoding") or "").lower():
            return b"".join(self._read_chunks())
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _read_chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
