"""Files on the wire: read while they are sent, whole and from the start each time, and never once they have changed."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, Protocol

import h2.config
import h2.connection
import h2.events
import httpx
import pytest
import trustme
from loopback import Reply

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.wire_forms.bodies import write_body
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.messages.answers import Answer, Failure, NoResponse
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.language.messages.files import File
from arazzo_engine.machine.effects import Send
from arazzo_engine.world.http.given_transports import Given
from arazzo_engine.world.http.transport import AsyncTransport, Transport
from arazzo_engine.world.http.wire import Wire
from arazzo_engine.world.loading.disk_files import DiskFile, look_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from loopback import RecordingServer

OPERATION: Final = Operation(read_document("{}", "file:///api.yaml").root(), "api", "file:///api.yaml", "POST", "/")
AMPLE: Final = 20.0
# several pieces, and no whole number of them
DATA: Final = bytes(range(256)) * 4_000 + b"end"


class Sender(Protocol):
    """Sends one request over a transport of its own, blocking or not."""

    def __call__(self, request: Request, **settings: Any) -> Answer: ...


def send_blocking(request: Request, **settings: Any) -> Answer:
    with Transport(**settings) as transport:
        return transport.send(Send(request, OPERATION, AMPLE))


def send_in_a_loop(request: Request, **settings: Any) -> Answer:
    async def send() -> Answer:
        async with AsyncTransport(**settings) as transport:
            return await transport.send(Send(request, OPERATION, AMPLE))

    return asyncio.run(send())


@pytest.fixture(params=[send_blocking, send_in_a_loop], ids=["sync", "async"])
def send(request: pytest.FixtureRequest) -> Sender:
    """Both kinds of transport: every test runs with each."""
    sender: Sender = request.param
    return sender


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "big.bin").write_bytes(DATA)
    return tmp_path / "big.bin"


def file_at(path: Path) -> File:
    found = look_at(path)
    return File(found, found.size, found.digest, "application/octet-stream", path.name)


def upload(url: str, file: File) -> Request:
    body = write_body({"f": file}, "multipart/form-data", None)
    return Request("POST", url, (("Content-Type", body.content_type),), body.content)


def response(answer: Answer) -> Response:
    assert isinstance(answer.result, Response), answer
    return answer.result


def no_response(answer: Answer) -> NoResponse:
    assert isinstance(answer.result, NoResponse), answer
    return answer.result


def test_a_file_arrives_whole_with_its_length(send: Sender, server: RecordingServer, path: Path) -> None:
    server.script("POST", "/a", Reply(200))
    request = upload(f"{server.url}/a", file_at(path))
    assert response(send(request)).status == 200
    (arrived,) = server.requests
    assert arrived.header("content-length") == str(len(arrived.body)) == str(len(request.content))
    assert arrived.header("transfer-encoding") is None
    assert arrived.body == bytes(request.content)
    assert DATA in arrived.body


@pytest.mark.parametrize("data", [b"", b"a", DATA])
def test_an_empty_file_is_a_body_too(send: Sender, server: RecordingServer, path: Path, data: bytes) -> None:
    server.script("POST", "/a", Reply(200))
    path.write_bytes(data)
    body = write_body(file_at(path), "application/octet-stream", None)
    response(send(Request("POST", f"{server.url}/a", (), body.content)))
    assert server.requests[0].body == data
    assert server.requests[0].header("content-length") == str(len(data))


def test_a_redirect_sends_a_file_again_from_the_start(send: Sender, server: RecordingServer, path: Path) -> None:
    server.script("POST", "/a", Reply(307, (("Location", "/b"),)))
    server.script("POST", "/b", Reply(200))
    response(send(upload(f"{server.url}/a", file_at(path)), wire=Wire(follow_redirects=True)))
    first, second = server.requests
    assert first.body == second.body
    assert DATA in first.body


# --- files that change ---


def rewrite(path: Path) -> None:
    path.write_bytes(DATA[:-1] + b"!")


def grow(path: Path) -> None:
    path.write_bytes(DATA + b"more")


def shrink(path: Path) -> None:
    path.write_bytes(DATA[:1000])


def vanish(path: Path) -> None:
    path.unlink()


def become_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (rewrite, ": it has other bytes"),
        (grow, ": it had 1,024,003 bytes, and has 1,024,007"),
        (shrink, ": it had 1,024,003 bytes, and has 1,000"),
        (vanish, ": No such file or directory"),
        (become_a_folder, ": it is a folder"),
    ],
)
def test_of_a_file_that_has_changed_nothing_is_sent(
    send: Sender, server: RecordingServer, path: Path, change: Callable[[Path], None], why: str
) -> None:
    request = upload(f"{server.url}/a", file_at(path))
    change(path)
    reason = f"the file `big.bin` is not what was checked{why}; nothing was sent"
    assert no_response(send(request)) == NoResponse(Failure.FILE, reason, sent=False)
    assert not server.requests


def test_a_file_that_was_written_again_with_the_same_bytes_is_sent(
    send: Sender, server: RecordingServer, path: Path
) -> None:
    server.script("POST", "/a", Reply(200))
    request = upload(f"{server.url}/a", file_at(path))
    path.unlink()
    path.write_bytes(DATA)
    assert response(send(request)).status == 200


class Changing:
    """A file that is another one as soon as its first piece was read."""

    def __init__(self, file: DiskFile, change: Callable[[Path], None]) -> None:
        self.file = file
        self.change = change

    def check(self) -> None:
        self.file.check()

    def chunks(self) -> Iterator[bytes]:
        for index, chunk in enumerate(self.file.chunks()):
            yield chunk
            if index == 0:
                self.change(self.file.path)


@contextmanager
def counting() -> Iterator[tuple[str, list[int]]]:
    """Run a server that counts the bytes of each connection until its client goes away."""
    counts: list[int] = []
    done = threading.Event()

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        counts.append(0)
        # a client that leaves while it sends may reset the connection
        with connection, suppress(ConnectionResetError):
            while chunk := connection.recv(65_536):
                counts[-1] += len(chunk)
        done.set()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/a", counts
        assert done.wait(AMPLE)


@pytest.mark.parametrize(("change", "why"), [(rewrite, "it has other bytes"), (shrink, "it had 1,024,003 bytes")])
def test_a_file_that_changes_on_the_way_never_arrives_whole(
    send: Sender, path: Path, change: Callable[[Path], None], why: str
) -> None:
    found = look_at(path)
    file = File(Changing(found, change), found.size, found.digest, "", path.name)
    with counting() as (url, counts):
        request = upload(url, file)
        failed = no_response(send(request))
    assert (failed.failure, failed.sent) == (Failure.FILE, True)
    assert f"the file `big.bin` is not what was checked: {why}" in failed.reason
    assert "bytes of the body had been sent, and the rest was not" in failed.reason
    (arrived,) = counts
    assert 0 < arrived < len(request.content)


def test_a_server_may_answer_before_it_has_the_whole_file(send: Sender, path: Path) -> None:
    path.write_bytes(DATA * 20)

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        # a client that has its answer may reset the connection, with what it has not sent
        with connection, suppress(ConnectionResetError):
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65_536):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/a"
        assert response(send(upload(url, file_at(path)))) == Response(
            413, (("Content-Length", "2"), ("Connection", "close")), b"no"
        )


# --- other ways ---


def take_http2(connection: ssl.SSLSocket, bodies: list[bytes]) -> None:
    """Take one request of HTTP/2, and answer it when its body is there."""
    speaker = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
    speaker.initiate_connection()
    connection.sendall(speaker.data_to_send())
    body = b""
    while content := connection.recv(65_536):
        for event in speaker.receive_data(content):
            if isinstance(event, h2.events.DataReceived):
                body += event.data or b""
                speaker.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id or 0)
            if isinstance(event, h2.events.StreamEnded):
                bodies.append(body)
                speaker.send_headers(event.stream_id or 0, [(":status", "200")], end_stream=True)
        connection.sendall(speaker.data_to_send())


@contextmanager
def speaking_http2(bundle: Path) -> Iterator[tuple[str, list[bytes]]]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(bundle))
    context.set_alpn_protocols(["h2"])
    bodies: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        # a client that leaves while it sends may reset the connection, or be gone when it is told what it sent
        with context.wrap_socket(connection, server_side=True) as secured, suppress(ConnectionError, ssl.SSLEOFError):
            take_http2(secured, bodies)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/a", bodies
        thread.join(AMPLE)


def test_a_file_is_streamed_over_http2(send: Sender, path: Path, tmp_path: Path) -> None:
    with speaking_http2(tmp_path / "ca.pem") as (url, bodies):
        request = upload(url, file_at(path))
        assert response(send(request, wire=Wire(ca_bundle=str(tmp_path / "ca.pem"), http2=True))).status == 200
    assert bodies == [bytes(request.content)]


def test_a_file_that_changes_on_its_way_over_http2_never_arrives_whole(
    send: Sender, path: Path, tmp_path: Path
) -> None:
    found = look_at(path)
    file = File(Changing(found, rewrite), found.size, found.digest)
    with speaking_http2(tmp_path / "ca.pem") as (url, bodies):
        failed = no_response(send(upload(url, file), wire=Wire(ca_bundle=str(tmp_path / "ca.pem"), http2=True)))
    assert (failed.failure, failed.sent) == (Failure.FILE, True)
    assert not bodies


def test_a_transport_that_is_given_gets_a_file_too(path: Path) -> None:
    seen: list[tuple[bytes, str | None]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.read(), request.headers.get("content-length")))
        return httpx.Response(200)

    async def answer_in_a_loop(request: httpx.Request) -> httpx.Response:
        seen.append((await request.aread(), request.headers.get("content-length")))
        return httpx.Response(200)

    request = upload("http://api.example/a", file_at(path))
    response(send_blocking(request, given=Given(httpx.MockTransport(answer)).channel()))
    in_a_loop = httpx.MockTransport(answer_in_a_loop)
    response(send_in_a_loop(request, given=Given(in_a_loop).async_channel()))
    assert seen == [(bytes(request.content), str(len(request.content)))] * 2
