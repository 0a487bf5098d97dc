"""Connections that go straight to a server: when one is used again, and by whom. On real sockets."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest
from loopback import RecordingServer, Reply

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.messages.answers import Failure, NoResponse
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.machine.effects import Send
from arazzo_engine.world.http import trust
from arazzo_engine.world.http.http1 import carrying as http1
from arazzo_engine.world.http.http1.carrying import MOST_IDLE_CONNECTIONS
from arazzo_engine.world.http.sockets import Stream
from arazzo_engine.world.http.transport import AsyncTransport, Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OPERATION: Final = Operation(read_document("{}", "file:///api.yaml").root(), "api", "file:///api.yaml", "GET", "/")
AMPLE: Final = 20.0
THREADS: Final = 8
OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def send(transport: Transport, url: str, timeout: float = AMPLE, **given: Any) -> Response | NoResponse:
    request = Request(given.pop("method", "GET"), url, **given)
    return transport.send(Send(request, OPERATION, timeout)).result


@contextmanager
def answering(*answers: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Serve every connection that comes: answer what is received with the next answer, the last one again and again.

    Gives the URL, and what was received at each connection's first reading.
    """
    firsts: list[bytes] = []
    left = list(answers)

    def talk(connection: socket.socket) -> None:
        received = connection.recv(65_536)
        firsts.append(received)
        while received:
            connection.sendall(left.pop(0) if len(left) > 1 else left[0])
            received = connection.recv(65_536)

    with serving(talk) as url:
        yield url, firsts


@contextmanager
def serving(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=talk_to, args=(connection,), daemon=True).start()

    def talk_to(connection: socket.socket) -> None:
        with connection:
            talk(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


# --- threads ---


def test_threads_share_a_transport_and_each_gets_its_own_answer(server: RecordingServer) -> None:
    for number in range(THREADS):
        server.script("GET", f"/{number}", Reply(200, body={"n": number}))
    start = threading.Barrier(THREADS)

    def run(number: int) -> list[object]:
        start.wait(AMPLE)
        answers = [send(transport, f"{server.url}/{number}") for _ in range(25)]
        return [each.payload for each in answers if isinstance(each, Response)]

    with Transport() as transport, ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(run, range(THREADS)))
    assert found == [[{"n": number}] * 25 for number in range(THREADS)]
    # a connection is kept for whoever comes next: there are never more than threads
    assert len({request.connection for request in server.requests}) <= THREADS


def test_threads_that_come_at_once_open_one_channel_and_load_the_authorities_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded: list[ssl.SSLContext] = []

    def load() -> ssl.SSLContext:
        assert transport._opening.locked()
        loaded.append(ssl.create_default_context())
        return loaded[-1]

    monkeypatch.setattr(trust, "shared_context", load)
    start = threading.Barrier(THREADS)

    def connect(_number: int) -> Response | NoResponse:
        start.wait(AMPLE)
        return send(transport, "https://127.0.0.1:1/")

    with Transport() as transport, ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(connect, range(THREADS)))
    assert all(isinstance(each, NoResponse) and each.failure is Failure.CONNECT for each in found)
    assert len(loaded) == 1


def test_a_request_waits_for_a_connection_when_there_are_as_many_as_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http1, "MOST_CONNECTIONS", 1)
    arrived, released = threading.Event(), threading.Event()

    def talk(connection: socket.socket) -> None:
        while connection.recv(65_536):
            arrived.set()
            released.wait(AMPLE)
            connection.sendall(OK)

    with serving(talk) as url, Transport() as transport, ThreadPoolExecutor(2) as threads:
        slow = threads.submit(send, transport, f"{url}/")
        assert arrived.wait(AMPLE)
        reason = f"no connection to {url.removeprefix('http://')} within 0.05 s"
        assert send(transport, f"{url}/", timeout=0.05) == NoResponse(Failure.TIMEOUT, reason, sent=False)
        waiting = threads.submit(send, transport, f"{url}/")
        released.set()
        assert [type(each.result()) for each in (slow, waiting)] == [Response, Response]


# --- one connection ---


class OneStream(Stream):
    """Takes what is written, or refuses it, and answers; there is no socket."""

    def __init__(self, takes: int | None = None, says: bytes = OK) -> None:
        self.takes = takes
        self.says = says
        self.written: list[bytes] = []
        self.is_closed = False

    def write(self, content: memoryview, _deadline: float) -> int:
        self.written.append(bytes(content))
        return len(content) if self.takes is None else self.takes

    @property
    def has_come(self) -> bool:
        return False

    def read(self, _most: int, _deadline: float) -> bytes:
        return self.says

    def close(self) -> None:
        self.is_closed = True


def send_over(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> Response | NoResponse:
    monkeypatch.setattr(http1, "connect", lambda *_: stream)
    return send(Transport(), "http://a.example/", content=b"body")


def test_head_and_body_are_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = OneStream()
    assert isinstance(send_over(stream, monkeypatch), Response)
    (written,) = stream.written
    assert written.startswith(b"GET / HTTP/1.1\r\nHost: a.example\r\n")
    assert written.endswith(b"\r\n\r\nbody")
    assert not stream.is_closed


def test_an_answer_to_a_request_that_was_not_read_to_its_end_is_taken_and_the_connection_is_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = OneStream(takes=1)
    found = send_over(stream, monkeypatch)
    assert isinstance(found, Response)
    assert found.content == b"ok"
    assert stream.is_closed


@pytest.mark.parametrize(("takes", "sent"), [(0, False), (1, True), (None, True)])
def test_a_request_was_sent_when_the_first_byte_of_it_was_taken(
    takes: int | None, sent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = send_over(OneStream(takes, says=b""), monkeypatch)
    assert isinstance(found, NoResponse)
    assert (found.sent, found.is_in_doubt) == (sent, sent)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(OK + OK.replace(b"ok", b"no"), id="bytes after the answer"),
        pytest.param(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\n\r\n", id="101"),
        pytest.param(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", id="close"),
        pytest.param(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", id="HTTP/1.0"),
    ],
)
def test_a_connection_with_something_left_unsaid_is_not_used_again(first: bytes) -> None:
    with answering(first, OK) as (url, firsts), Transport() as transport:
        upgrade = (("Connection", "upgrade"), ("Upgrade", "other"))
        assert isinstance(send(transport, f"{url}/a", headers=upgrade), Response)
        assert send(transport, f"{url}/b") == Response(200, (("Content-Length", "2"),), b"ok")
    assert [each.split(b" ")[1] for each in firsts] == [b"/a", b"/b"]


def test_a_connection_that_was_idle_for_long_is_not_used(
    server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http1, "IDLE_SECONDS", 0.0)
    with Transport() as transport:
        for path in ("/a", "/b"):
            send(transport, server.url + path)
    first, second = (request.connection for request in server.requests)
    assert first != second


# --- requests that change something ---


def _tries(url: str) -> int:
    """Return how many of twenty second requests had no answer, each on a transport of its own."""
    lost = 0
    for _ in range(20):
        with Transport() as transport:
            assert isinstance(send(transport, url, method="POST"), Response)
            lost += isinstance(send(transport, url, method="POST"), NoResponse)
    return lost


def test_a_second_post_is_never_in_doubt_when_the_server_closes_behind_its_answers() -> None:
    def talk(connection: socket.socket) -> None:
        received.append(connection.recv(65_536))
        # without a word about it
        connection.sendall(OK)

    received: list[bytes] = []
    with serving(talk) as url:
        assert _tries(url) == 0
    assert len(received) == 40


def test_a_second_post_after_a_pause_is_never_in_doubt_when_the_server_closes_as_it_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def talk(connection: socket.socket) -> None:
        received.append(connection.recv(65_536))
        connection.sendall(OK)
        # the end of the connection and the next request pass each other on the way
        connection.recv(1, socket.MSG_PEEK)

    monkeypatch.setattr(http1, "LONGEST_MOMENT", 0.0)
    received: list[bytes] = []
    with serving(talk) as url:
        assert _tries(url) == 0
    assert len(received) == 40


def test_a_post_in_an_event_loop_is_never_in_doubt_either() -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(OK)
        connection.recv(1, socket.MSG_PEEK)

    async def both(url: str) -> bool:
        async with AsyncTransport() as transport:
            effect = Send(Request("POST", url), OPERATION, AMPLE)
            answers = [await transport.send(effect), await transport.send(effect)]
        return all(isinstance(each.result, Response) for each in answers)

    with serving(talk) as url:
        assert [asyncio.run(both(url)) for _ in range(20)] == [True] * 20


def test_a_server_that_keeps_connections_gets_posts_over_the_same_one_also_after_a_pause(
    server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script("POST", "/", Reply())
    with Transport() as transport:
        for _ in range(2):
            send(transport, f"{server.url}/", method="POST")
        # whatever is a pause now, it has been seen to keep them for longer
        monkeypatch.setattr(http1, "LONGEST_MOMENT", 0.0)
        (channel,) = transport._open.values()
        assert isinstance(channel, http1.Http1)
        (address,) = channel._kept
        channel._kept[address] = 60.0
        send(transport, f"{server.url}/", method="POST")
    assert len({request.connection for request in server.requests}) == 1


def test_a_server_that_is_far_and_ends_no_connection_is_not_waited_for_again_and_again(
    server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http1, "_MOMENTS", 2)
    server.script("POST", "/", Reply())
    with Transport() as transport:
        send(transport, f"{server.url}/", method="POST")
        (channel,) = transport._open.values()
        assert isinstance(channel, http1.Http1)
        # as if a request took that long to get there
        channel._idle[0].opening_seconds = 0.02
        for _ in range(20):
            send(transport, f"{server.url}/", method="POST")
        assert 2 < sum(channel._waits.values()) < 20
    assert len({request.connection for request in server.requests}) == 1


def test_no_more_connections_are_kept_than_may_be_idle() -> None:
    servers = MOST_IDLE_CONNECTIONS + 1
    with Transport() as transport:
        names = []
        for _ in range(servers):
            with RecordingServer() as server:
                names.append(server.url.removeprefix("http://"))
                send(transport, f"{server.url}/")
        (channel,) = transport._open.values()
        assert isinstance(channel, http1.Http1)
        assert [each.address.name.decode() for each in channel._idle] == names[1:]
