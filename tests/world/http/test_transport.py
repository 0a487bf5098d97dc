"""What the transport sends, what it gives back, and how each way of getting no answer is told. On real sockets."""

from __future__ import annotations

import asyncio
import gzip
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
import tomllib
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import certifi
import places
import pytest
from loopback import Reply

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.own_headers import VERSION
from arazzo_engine.documents.reading import read_document
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.messages.answers import Answer, Failure, NoResponse
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.machine.effects import Send
from arazzo_engine.world.http import trust
from arazzo_engine.world.http.transport import AsyncTransport, Transport
from arazzo_engine.world.http.wire import DEFAULT_CEILING, Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from loopback import RecordingServer

OPERATION: Final = Operation(read_document("{}", "file:///api.yaml").root(), "api", "file:///api.yaml", "GET", "/")
CERTIFICATE: Final = places.CERTIFICATE
# long enough for a loaded machine, where a test is not about the time
AMPLE: Final = 20.0
OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Sender(Protocol):
    """Sends one request over a transport of its own, blocking or not."""

    def __call__(self, request: Request, timeout: float | None = AMPLE, **settings: Any) -> Answer: ...


def send_blocking(request: Request, timeout: float | None = AMPLE, **settings: Any) -> Answer:
    with Transport(**settings) as transport:
        return transport.send(Send(request, OPERATION, timeout))


def send_in_a_loop(request: Request, timeout: float | None = AMPLE, **settings: Any) -> Answer:
    async def send() -> Answer:
        async with AsyncTransport(**settings) as transport:
            return await transport.send(Send(request, OPERATION, timeout))

    return asyncio.run(send())


@pytest.fixture(params=[send_blocking, send_in_a_loop], ids=["sync", "async"])
def send(request: pytest.FixtureRequest) -> Sender:
    """Both kinds of transport: every test runs with each."""
    sender: Sender = request.param
    return sender


def response(answer: Answer) -> Response:
    assert isinstance(answer.result, Response), answer
    return answer.result


def no_response(answer: Answer) -> NoResponse:
    assert isinstance(answer.result, NoResponse), answer
    return answer.result


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """Run a server that talks to each connection as the function says, and give its host and port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, talk), daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        # wakes the thread that accepts
        listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket, talk: Callable[[socket.socket], None]) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            try:
                talk(connection)
            except OSError:  # the client went away
                continue


def saying(content: bytes) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(content)

    return talk


# --- what is sent ---


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/a%2Fb/c",
        "/a?x=a%20b&y=[1]&z='q'",
        "/a?x=%E2%82%AC&empty=&flag",
        "/a;v=1,2/$b(c)!*'@:~?x={y}|z^",
        "/a//b/../c/.",
    ],
)
def test_the_target_is_sent_exactly_as_it_was_built(target: str, send: Sender, server: RecordingServer) -> None:
    send(Request("GET", server.url + target))
    assert [request.path for request in server.requests] == [target]


@pytest.mark.parametrize(("rest", "target"), [("", "/"), ("?x=1", "/?x=1"), ("/a#part", "/a")])
def test_a_url_without_a_path_and_a_fragment_are_sent_as_http_has_them(
    rest: str, target: str, send: Sender, server: RecordingServer
) -> None:
    send(Request("GET", server.url + rest))
    assert [request.path for request in server.requests] == [target]


def test_the_headers_are_sent_as_given_and_the_missing_ones_added(send: Sender, server: RecordingServer) -> None:
    given = (("X-Two", "2"), ("x-one", "caf\xe9"), ("X-Two", "22"), ("ACCEPT", "text/plain"))
    send(Request("POST", f"{server.url}/things", given, b'{"a":1}'))
    (request,) = server.requests
    assert request.body == b'{"a":1}'
    assert request.headers == (
        ("Host", server.url.removeprefix("http://")),
        *given,
        ("Accept-Encoding", "gzip, deflate, br, zstd"),
        ("User-Agent", f"arazzo-engine/{VERSION}"),
        ("Content-Length", "7"),
    )


@pytest.mark.parametrize(
    ("method", "content", "length"),
    [("GET", b"", None), ("DELETE", b"", None), ("POST", b"", "0"), ("DELETE", b"x", "1")],
)
def test_a_length_is_sent_where_there_is_a_body_or_one_is_expected(
    method: str, content: bytes, length: str | None, send: Sender, server: RecordingServer
) -> None:
    send(Request(method, f"{server.url}/", (), content))
    assert [(each.method, each.header("content-length")) for each in server.requests] == [(method, length)]


def test_a_host_and_a_user_agent_may_be_given(send: Sender, server: RecordingServer) -> None:
    send(Request("GET", f"{server.url}/", (("User-Agent", "mine/1"), ("Host", "virtual.example"))))
    (request,) = server.requests
    assert (request.header("host"), request.header("user-agent")) == ("virtual.example", "mine/1")
    assert request.headers[0] == ("Host", "virtual.example")


def test_a_large_body_arrives_whole(send: Sender, server: RecordingServer) -> None:
    content = bytes(range(256)) * 8_000
    send(Request("PUT", f"{server.url}/", (), content))
    assert [request.body for request in server.requests] == [content]


def test_the_version_that_is_sent_is_that_of_the_package() -> None:
    project = tomllib.loads((places.ROOT / "pyproject.toml").read_text())
    assert project["project"]["version"] == VERSION


# --- what comes back ---


def test_the_answer_is_given_back_as_it_came(send: Sender, server: RecordingServer) -> None:
    headers = (("X-Two", "2"), ("x-one", "caf\xe9"), ("X-Two", "22"), ("Content-Length", "3"))
    server.script("GET", "/things", Reply(418, headers, b"\xff\x00a"))
    before = time.time()
    answer = send(Request("GET", f"{server.url}/things"))
    assert response(answer) == Response(418, headers, b"\xff\x00a")
    assert before <= answer.started_at <= time.time()
    assert 0 < answer.elapsed < AMPLE


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(status: int, send: Sender, server: RecordingServer) -> None:
    server.script("GET", "/", Reply(status, (("Location", "/elsewhere"),)))
    assert response(send(Request("GET", f"{server.url}/"))).status == status
    assert [request.path for request in server.requests] == ["/"]


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_an_answer_may_have_no_body(method: str, status: int, send: Sender, server: RecordingServer) -> None:
    server.script(method, "/", Reply(status, (("Content-Encoding", "gzip"),)))
    found = response(send(Request(method, f"{server.url}/")))
    assert (found.status, found.content) == (status, b"")


@pytest.mark.parametrize(
    ("coding", "content"),
    [
        ("gzip", gzip.compress(b"hello " * 99, mtime=0)),
        ("GZIP", gzip.compress(b"hello " * 99, mtime=0)),
        ("deflate", zlib.compress(b"hello " * 99)),
        ("identity", b"hello " * 99),
        ("unheard-of", b"hello " * 99),
    ],
)
def test_a_compressed_body_is_unpacked(coding: str, content: bytes, send: Sender, server: RecordingServer) -> None:
    server.script("GET", "/", Reply(headers=(("Content-Encoding", coding),), body=content))
    assert response(send(Request("GET", f"{server.url}/"))).content == b"hello " * 99


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nabcdef",
        b"HTTP/1.0 200 OK\r\n\r\nabcdef",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef",
    ],
)
def test_a_body_may_end_in_each_way_that_http_knows(raw: bytes, send: Sender) -> None:
    with talking(saying(raw)) as host:
        assert response(send(Request("GET", f"http://{host}/"))).content == b"abcdef"


# --- connections ---


def test_a_connection_is_used_again_and_opened_anew_when_the_server_closed_it(server: RecordingServer) -> None:
    server.script("GET", "/bye", Reply(headers=(("Connection", "close"),)))
    with Transport() as transport:
        for path in ("/a", "/bye", "/b", "/c"):
            assert isinstance(
                transport.send(Send(Request("GET", server.url + path), OPERATION, AMPLE)).result, Response
            )
    first, second, third, fourth = (request.connection for request in server.requests)
    assert first == second != third == fourth


def test_the_answers_of_an_event_loop_come_as_they_are_ready(server: RecordingServer) -> None:
    released = threading.Event()
    server.script("GET", "/slow", Reply().after(released))
    server.script("GET", "/fast", Reply())
    done: list[str] = []

    async def get(transport: AsyncTransport, path: str) -> None:
        await transport.send(Send(Request("GET", server.url + path), OPERATION, AMPLE))
        done.append(path)
        released.set()

    async def both() -> None:
        async with AsyncTransport() as transport:
            await asyncio.gather(get(transport, "/slow"), get(transport, "/fast"))

    asyncio.run(both())
    assert done == ["/fast", "/slow"]


# --- no answer: before anything is sent ---


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://127.0.0.1/x", "the URL cannot be used: it is neither http nor https"),
        ("/relative", "the URL cannot be used: it is neither http nor https"),
        ("", "the URL cannot be used: it is neither http nor https"),
        ("http:///x", "the URL cannot be used: it has no host"),
        ("http://127.0.0.1:0/", "the URL cannot be used: there is no port 0"),
        ("http://127.0.0.1:-1/", "the URL cannot be used: there is no port -1"),
        ("http://127.0.0.1:70000/", "the URL cannot be used: there is no port 70000"),
        ("http://127.0.0.1:s3cret/", "the URL cannot be used: invalid port"),
        ("http://[::1/", "the URL cannot be used: invalid port"),
        ("http://\udc80/", "the URL cannot be used: invalid IDNA hostname"),
        ("http://127.0.0.1:1/" + "x" * 70_000, "the URL cannot be used: URL too long"),
        ("http://127.0.0.1:1/s3cret/\xe9", "the method, the URL or a header has characters that HTTP cannot carry"),
    ],
)
def test_a_url_that_cannot_be_used_is_told(url: str, reason: str, send: Sender) -> None:
    assert no_response(send(Request("GET", url))) == NoResponse(Failure.PROTOCOL, reason, sent=False)


@pytest.mark.parametrize(
    ("method", "target", "headers"),
    [
        ("GET", "/s3cret space", ()),
        ("G T", "/", ()),
        ("G\xe9T", "/", ()),
        ("GET", "/", (("X-Bad", "s3cret\r\nX-Injected: 1"),)),
        ("GET", "/", (("X-Bad", "s3cret \u20ac"),)),
        ("GET", "/", (("X-Bad\r\nX-Injected", "s3cret"),)),
        ("GET", "/", (("X-B\xe9d", "s3cret"),)),
        ("GET", "/", (("", "s3cret"),)),
    ],
)
def test_what_http_cannot_carry_is_refused_without_being_shown(
    method: str, target: str, headers: tuple[tuple[str, str], ...], send: Sender, server: RecordingServer
) -> None:
    found = no_response(send(Request(method, server.url + target, headers)))
    reason = "the method, the URL or a header has characters that HTTP cannot carry"
    assert found == NoResponse(Failure.PROTOCOL, reason, sent=False)
    assert server.requests == []


def test_a_length_that_is_not_that_of_the_body_is_refused(send: Sender, server: RecordingServer) -> None:
    found = no_response(send(Request("POST", f"{server.url}/", (("content-length", "3"),), b"four")))
    reason = "the header `Content-Length` says 3, and the body has 4 bytes"
    assert found == NoResponse(Failure.PROTOCOL, reason, sent=False)
    assert server.requests == []


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_server_that_is_not_there_is_told_with_its_address(scheme: str, host: str, send: Sender) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    found = no_response(send(Request("GET", f"{scheme}://user:s3cret@{host}:{port}/x?key=s3cret")))
    assert found == NoResponse(Failure.CONNECT, f"cannot connect to {host}:{port}: connection refused", sent=False)


def test_a_host_without_an_address_is_told(send: Sender) -> None:
    found = no_response(send(Request("GET", "http://nowhere.invalid/x")))
    assert (found.failure, found.sent) == (Failure.CONNECT, False)
    assert found.reason.startswith("cannot connect to nowhere.invalid: ")


# --- no answer: the other side ---


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "server disconnected without sending a response"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "server disconnected"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "peer closed connection"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "peer closed connection"),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "illegal status line"),
    ],
)
def test_an_answer_that_breaks_off_is_a_failure_and_the_request_may_have_done_its_work(
    raw: bytes, reason: str, send: Sender
) -> None:
    with talking(saying(raw)) as host:
        found = no_response(send(Request("POST", f"http://{host}/")))
    assert (found.failure, found.sent) == (Failure.PROTOCOL, True)
    assert found.reason.startswith(f"{host} broke off the exchange: {reason}")
    assert "Error" not in found.reason
    assert len(found.reason) < 200


@pytest.mark.parametrize("size", [200_000, 1_000_000])
def test_a_head_without_end_is_told_as_what_it_is(size: int, send: Sender) -> None:
    with talking(saying(b"HTTP/1.1 201 Created\r\nX: " + b"x" * size + b"\r\nContent-Length: 2\r\n\r\nok")) as host:
        found = no_response(send(Request("POST", f"http://{host}/")))
    reason = f"the answer of {host} has a head, or a line in it, that is larger than 102,400 bytes"
    assert found == NoResponse(Failure.TOO_LARGE, reason)


def test_an_upgrade_that_nobody_asked_for_is_told_as_what_it_is(send: Sender) -> None:
    upgrade = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x05hello"
    with talking(saying(upgrade)) as host:
        found = no_response(send(Request("POST", f"http://{host}/")))
    said = "answered 101 (Switching Protocols), which was not asked for, and speaks no HTTP any more"
    assert found == NoResponse(Failure.PROTOCOL, f"{host} {said}")


@pytest.mark.parametrize(
    ("coding", "content", "read"),
    [
        ("gzip", b'{"id": 7}', {"id": 7}),
        ("gzip", gzip.compress(b'{"id": 7}')[:-4], ABSENT),
        ("gzip, gzip", gzip.compress(gzip.compress(b'{"id": 7}')), {"id": 7}),
        ("unheard-of", b'{"id": 7}', {"id": 7}),
    ],
    ids=["not packed", "cut off", "packed twice", "unknown"],
)
def test_an_answer_is_never_lost_for_its_packing(
    coding: str, content: bytes, read: object, send: Sender, server: RecordingServer
) -> None:
    headers = (("Content-Encoding", coding), ("Content-Type", "application/json"))
    server.script("POST", "/", Reply(201, headers, content))
    answer = send(Request("POST", f"{server.url}/"))
    assert (response(answer).status, response(answer).payload) == (201, read)
    assert bool(answer.notes) == (coding != "gzip, gzip")


# --- no answer: time ---


def keep_silent(connection: socket.socket) -> None:
    while connection.recv(65_536):
        pass


def _hold(released: threading.Event) -> None:
    released.wait(AMPLE)


def drip(start: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    """Send something every few milliseconds, for as long as anybody listens."""

    def talk(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(start)
        pause = threading.Event()
        while not pause.wait(0.01):
            connection.sendall(drop)

    return talk


@pytest.mark.parametrize(
    "talk",
    [
        pytest.param(keep_silent, id="silence"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\nX: ", b"x"), id="a header that never ends"),
        pytest.param(drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), id="interim answers without end"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"), id="a body byte by byte"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1;x=y\r\nx\r\n"), id="chunks"),
    ],
)
def test_the_whole_exchange_ends_at_the_timeout(talk: Callable[[socket.socket], None], send: Sender) -> None:
    with talking(talk) as host:
        answer = send(Request("GET", f"http://{host}/"), 0.3)
    reason = f"no complete answer from {host} within 0.3 s"
    assert no_response(answer) == NoResponse(Failure.TIMEOUT, reason)
    # a little less is what a clock of limited resolution tells
    assert 0.29 <= answer.elapsed < 3


_STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n"


def test_an_event_stream_that_ends_is_an_answer(send: Sender) -> None:
    with talking(saying(_STREAM_HEAD + b"event: tick\ndata: 1\n\ndata: 2\n\n")) as host:
        answer = send(Request("GET", f"http://{host}/"))
    assert response(answer).payload == [{"event": "tick", "data": "1"}, {"data": "2"}]


def test_an_event_stream_without_end_ends_at_the_timeout_and_at_the_ceiling(send: Sender) -> None:
    with talking(drip(_STREAM_HEAD, b"data: tick\n\n")) as host:
        late = send(Request("GET", f"http://{host}/"), 0.3)
        large = send(Request("GET", f"http://{host}/"), wire=Wire(ceiling=30))
    reason = f"the event stream of {host} had not ended within 0.3 s"
    assert no_response(late) == NoResponse(Failure.TIMEOUT, reason)
    assert no_response(large) == NoResponse(Failure.TOO_LARGE, f"the event stream of {host} is larger than 30 bytes")


def test_a_request_that_nobody_reads_ends_at_the_timeout(send: Sender) -> None:
    released = threading.Event()
    with talking(lambda _: _hold(released)) as host:
        answer = send(Request("POST", f"http://{host}/", (), b"x" * 50_000_000), 0.3)
        released.set()
    assert no_response(answer).failure is Failure.TIMEOUT
    assert no_response(answer).sent
    assert answer.elapsed < 3


def test_a_handshake_that_does_not_begin_is_a_timeout_before_anything_is_sent(send: Sender) -> None:
    with talking(keep_silent) as host:
        answer = send(Request("POST", f"https://{host}/"), 0.3)
    assert no_response(answer) == NoResponse(Failure.TIMEOUT, f"no connection to {host} within 0.3 s", sent=False)
    assert answer.elapsed < 3


def test_a_deadline_that_has_passed_sends_nothing(send: Sender, server: RecordingServer) -> None:
    found = no_response(send(Request("POST", f"{server.url}/"), 0.0))
    assert (found.failure, found.sent) == (Failure.TIMEOUT, False)
    assert server.requests == []


# --- no answer: size ---


@pytest.mark.parametrize("size", [1_000, 1_001])
@pytest.mark.parametrize("coding", ["identity", "gzip", "deflate"])
def test_the_ceiling_is_for_the_body_as_it_is_unpacked(
    size: int, coding: str, send: Sender, server: RecordingServer
) -> None:
    packings: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress}
    pack = packings.get(coding, bytes)
    server.script("GET", "/", Reply(headers=(("Content-Encoding", coding),), body=pack(b"0" * size)))
    answer = send(Request("GET", f"{server.url}/"), wire=Wire(ceiling=1_000))
    if size == 1_000:
        assert response(answer).content == b"0" * size
    else:
        host = server.url.removeprefix("http://")
        reason = f"the answer of {host} is larger than 1,000 bytes"
        assert no_response(answer) == NoResponse(Failure.TOO_LARGE, reason)


def test_a_body_without_end_is_cut_at_the_ceiling(send: Sender) -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"0" * 65_536)

    with talking(talk) as host:
        found = no_response(send(Request("GET", f"http://{host}/")))
    assert found == NoResponse(Failure.TOO_LARGE, f"the answer of {host} is larger than {DEFAULT_CEILING:,} bytes")


def test_the_ceiling_holds_for_each_time_that_a_body_is_packed(send: Sender, server: RecordingServer) -> None:
    bomb = gzip.compress(gzip.compress(b"0" * 20_000_000))
    server.script("GET", "/", Reply(headers=(("Content-Encoding", "gzip"), ("Content-Encoding", "gzip")), body=bomb))
    assert no_response(send(Request("GET", f"{server.url}/"))).failure is Failure.TOO_LARGE


# --- TLS ---


@contextmanager
def secure_server(talk: Callable[[socket.socket], None], *, wants_certificate: bool = False) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    if wants_certificate:
        context.verify_mode = ssl.CERT_REQUIRED

    def talk_securely(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            talk(secure)

    with talking(talk_securely) as host:
        yield host


@pytest.fixture
def trusting() -> ssl.SSLContext:
    """A context that trusts the loopback server."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def test_a_certificate_that_is_trusted_is_enough(send: Sender, trusting: ssl.SSLContext) -> None:
    with secure_server(saying(OK)) as host:
        assert response(send(Request("GET", f"https://{host}/"), tls=trusting)).content == b"ok"


def test_a_certificate_that_nobody_trusts_ends_before_anything_is_sent(send: Sender) -> None:
    with secure_server(saying(OK)) as host:
        found = no_response(send(Request("POST", f"https://{host}/")))
    assert found == NoResponse(Failure.TLS, f"no secure connection to {host}: self-signed certificate", sent=False)


def test_a_server_that_does_not_speak_tls_is_told(send: Sender, server: RecordingServer) -> None:
    found = no_response(send(Request("POST", server.url.replace("http", "https"))))
    assert (found.failure, found.sent) == (Failure.TLS, False)
    assert "_" not in found.reason


def test_a_server_that_refuses_the_client_after_the_handshake_may_have_the_request(
    send: Sender, trusting: ssl.SSLContext
) -> None:
    trusting.minimum_version = ssl.TLSVersion.TLSv1_3
    with secure_server(saying(OK), wants_certificate=True) as host:
        found = no_response(send(Request("POST", f"https://{host}/", (), b"x" * 200_000), tls=trusting))
    # whether it is told as one of TLS depends on which of both is noticed first
    assert found.failure in {Failure.TLS, Failure.PROTOCOL}
    assert found.processed


def test_the_certificate_authorities_are_loaded_for_the_first_https_url_and_not_before(
    send: Sender, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/authorities.pem")
    response(send(Request("GET", f"{server.url}/")))
    found = no_response(send(Request("GET", "https://127.0.0.1:1/")))
    reason = "the certificate authorities cannot be loaded: no such file or directory"
    assert found == NoResponse(Failure.TLS, reason, sent=False)


def test_the_environment_may_name_the_certificate_authorities(send: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with secure_server(saying(OK)) as host:
        assert response(send(Request("GET", f"https://{host}/"))).status == 200


# --- what is imported ---


def test_a_plain_request_imports_no_more_than_it_needs(server: RecordingServer) -> None:
    names = "{'httpx', 'httpcore', 'rich', 'idna', 'asyncio', 'ssl', 'certifi'}"
    lines = (
        "import sys",
        "from arazzo_engine.world.http.transport import Transport",
        f"answer = Transport().get('{server.url}/', 9.0)",
        f"print(answer.status, *sorted({names} & sys.modules.keys()))",
    )
    command = [sys.executable, "-W", "ignore", "-c", "\n".join(lines)]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip() == "404"


def test_the_usual_authorities_are_loaded_once_until_they_change(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authorities = tmp_path / "authorities.pem"
    authorities.write_bytes(Path(certifi.where()).read_bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(authorities))
    context = trust.shared_context()
    assert trust.shared_context() is context
    os.utime(authorities, (1, 1))
    assert trust.shared_context() is not context
