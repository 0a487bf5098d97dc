"""What the proxy passes on: everything as it came, but for what belongs to one connection and names the server."""

from __future__ import annotations

import gzip
import socket
import threading
from typing import TYPE_CHECKING

import pytest
from loopback import Recorded, RecordingServer, Reply
from opened_proxy import opened_proxy

from arazzo_engine.recording.effects import read_body

if TYPE_CHECKING:
    from pathlib import Path

_CLOSE = b"Connection: close\r\n\r\n"


def _came(server: RecordingServer) -> Recorded:
    (came,) = server.requests
    return came


@pytest.mark.parametrize("coding", ["zz", "gzip", "br", "deflate, zz"])
def test_an_answer_is_passed_on_as_it_came_however_it_is_packed(
    tmp_path: Path, server: RecordingServer, coding: str
) -> None:
    content = gzip.compress(b"the answer") if coding == "gzip" else b"\x00\xffpacked"
    server.script("GET", "/a", Reply(200, (("Content-Encoding", coding), ("Vary", "Accept")), content))
    with opened_proxy(tmp_path) as proxy:
        status, body, headers = proxy.ask("GET", f"{server.url}/a")
        (captured,) = proxy.captured()
    assert (status, body, headers["content-encoding"], headers["vary"]) == (200, content, coding, "Accept")
    assert read_body(captured["reply"]["response"]["body"]) == (b"the answer" if coding == "gzip" else b"")


def test_a_packed_body_that_nobody_can_look_into_is_left_out_and_told(tmp_path: Path, server: RecordingServer) -> None:
    with opened_proxy(tmp_path) as proxy:
        proxy.ask("POST", f"{server.url}/a", b"\x00\xffpacked", Content_Encoding="zz")
        (captured,) = proxy.captured()
    told = (
        "request: the body is encoded as `zz`, which is not known: it is read as it came; it is no text, and left out"
    )
    assert captured["reply"]["notes"] == [told]
    assert captured["request"]["body"] == {"text": ""}
    assert proxy.told == [f"POST {server.url}/a 404; {told}"]
    came = _came(server)
    assert (came.body, came.header("Content-Encoding")) == (b"\x00\xffpacked", "zz")


def test_a_bomb_is_passed_on_and_left_out_of_the_capture(tmp_path: Path, server: RecordingServer) -> None:
    bomb = gzip.compress(bytes(10_000_001))
    with opened_proxy(tmp_path) as proxy:
        proxy.ask("POST", f"{server.url}/a", bomb, Content_Encoding="gzip")
        (captured,) = proxy.captured()
    assert _came(server).body == bomb
    assert captured["request"]["body"] == {"text": ""}
    assert captured["reply"]["notes"] == [
        "request: the body is larger than 10,000,000 bytes once it is unpacked: it is left out"
    ]


@pytest.mark.parametrize(
    ("accepted", "asked"),
    [("gzip;q=0.5, zz, br", "gzip;q=0.5, br"), ("zz", "identity"), ("identity;q=0, gzip", "identity;q=0, gzip")],
)
def test_answers_are_asked_for_as_the_client_asks_but_not_in_what_cannot_be_read(
    tmp_path: Path, server: RecordingServer, accepted: str, asked: str
) -> None:
    with opened_proxy(tmp_path) as proxy:
        proxy.raw(f"GET {server.url}/a HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {accepted}\r\n".encode() + _CLOSE)
    assert _came(server).header("Accept-Encoding") == asked


def test_a_request_gets_no_header_that_it_did_not_have_but_those_of_a_proxy(
    tmp_path: Path, server: RecordingServer
) -> None:
    with opened_proxy(tmp_path) as proxy:
        proxy.raw(f"GET {server.url}/a HTTP/1.1\r\nHost: x\r\nx-KEPT: 1\r\nX-Kept: 2\r\n".encode() + _CLOSE)
    assert [name for name, _ in _came(server).headers] == ["Host", "x-KEPT", "X-Kept", "Accept-Encoding", "Via"]


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1:1", ""])
def test_whatever_host_a_request_names_the_target_gets_its_own(
    tmp_path: Path, server: RecordingServer, host: str
) -> None:
    with opened_proxy(tmp_path, server.url) as proxy:
        assert proxy.raw(f"GET /a HTTP/1.1\r\nHost: {host}\r\n".encode() + _CLOSE).startswith(b"HTTP/1.1 404 ")
        (captured,) = proxy.captured()
    assert [value for name, value in _came(server).headers if name == "Host"] == [server.url.removeprefix("http://")]
    assert "host" not in {name.lower() for name, _ in captured["request"]["headers"]}


def test_without_a_target_the_server_in_the_first_line_gets_its_own_name(
    tmp_path: Path, server: RecordingServer
) -> None:
    with opened_proxy(tmp_path) as proxy:
        proxy.raw(f"GET {server.url}/a HTTP/1.1\r\nHost: elsewhere.example\r\n".encode() + _CLOSE)
    assert _came(server).header("Host") == server.url.removeprefix("http://")


def test_a_whole_url_of_the_proxy_itself_is_a_request_for_the_target(tmp_path: Path, server: RecordingServer) -> None:
    with opened_proxy(tmp_path, server.url) as proxy:
        line = f"GET http://127.0.0.1:{proxy.port}/a?b=1 HTTP/1.1\r\nHost: x\r\n"
        assert proxy.raw(line.encode() + _CLOSE).startswith(b"HTTP/1.1 404 ")
    assert _came(server).path == "/a?b=1"


def test_a_websocket_is_refused_with_what_to_do(tmp_path: Path, server: RecordingServer) -> None:
    upgrade = b"GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: WebSocket\r\n\r\n"
    with opened_proxy(tmp_path, server.url) as proxy:
        head, _, body = proxy.raw(upgrade).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 501 ")
    assert body.decode() == (
        "arazzo record: the messages of a websocket are no exchanges, and cannot be captured: connect to the server"
        " without this proxy\n"
    )
    assert server.requests == []


def test_an_upgrade_to_another_http_is_passed_over_as_the_client_allows(
    tmp_path: Path, server: RecordingServer
) -> None:
    ask = "GET {}/a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\n"
    with opened_proxy(tmp_path) as proxy:
        answer = proxy.raw(ask.format(server.url).encode() + b"HTTP2-Settings: AAMAAABk\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 404 ")
    came = _came(server)
    assert [came.header(each) for each in ("Upgrade", "HTTP2-Settings")] == [None, None]


def test_requests_that_come_at_once_are_answered_in_their_order(tmp_path: Path, server: RecordingServer) -> None:
    for number in (1, 2, 3):
        server.script("POST", f"/{number}", Reply(200, body=f"answer {number}"))
    asked = [f"POST /{each} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n" for each in (1, 2, 3)]
    with opened_proxy(tmp_path, server.url) as proxy:
        answer = proxy.raw(f"{asked[0]}\r\na{asked[1]}\r\nb{asked[2]}Connection: close\r\n\r\nc".encode())
        captured = proxy.captured()
    assert [answer.find(f"answer {each}".encode()) for each in (1, 2, 3)] == sorted(
        answer.index(f"answer {each}".encode()) for each in (1, 2, 3)
    )
    assert [each["request"]["body"] for each in captured] == [{"text": each} for each in "abc"]


def test_a_client_that_says_no_more_still_gets_its_answer(tmp_path: Path, server: RecordingServer) -> None:
    with (
        opened_proxy(tmp_path, server.url) as proxy,
        socket.create_connection(("127.0.0.1", proxy.port)) as connection,
    ):
        connection.sendall(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        assert b"".join(iter(lambda: connection.recv(65_536), b"")).startswith(b"HTTP/1.1 404 ")


def test_a_client_that_breaks_off_before_its_request_is_whole_is_not_passed_on(
    tmp_path: Path, server: RecordingServer
) -> None:
    with (
        opened_proxy(tmp_path, server.url) as proxy,
        socket.create_connection(("127.0.0.1", proxy.port)) as connection,
    ):
        connection.sendall(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 400 ")
    assert server.requests == []


def test_what_is_refused_is_refused_for_a_head_too(tmp_path: Path) -> None:
    with opened_proxy(tmp_path) as proxy:
        answer = proxy.raw(b"HEAD http://127.0.0.1:1/a HTTP/1.1\r\nHost: x\r\n" + _CLOSE)
    assert answer.startswith(b"HTTP/1.1 502 ")
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-A: a\rSet-Cookie: b=c\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"no answer at all\r\n\r\n",
        b"",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_no_answer_is_told_and_never_passed_on(tmp_path: Path, method: str, answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, opened_proxy(tmp_path) as proxy:
        serving = threading.Thread(target=_answer_once, args=(listener, answer))
        serving.start()
        asked = f"{method} http://127.0.0.1:{listener.getsockname()[1]}/a HTTP/1.1\r\nHost: x\r\n"
        came = proxy.raw(asked.encode() + _CLOSE)
        serving.join()
    is_whole = method == "HEAD" and b"Content-Length: 9" in answer
    assert came.startswith(b"HTTP/1.1 200 " if is_whole else b"HTTP/1.1 502 ")
    assert b"Set-Cookie" not in came


def _answer_once(listener: socket.socket, answer: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(answer)


@pytest.mark.parametrize(
    ("answer", "passed_on"),
    [
        (b"HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n", b"X-A: 1\r\nConnection: close\r\n\r\n"),
        (b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 9\r\n\r\n', b'ETag: "x"\r\nContent-Length: 9\r\n'),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", b"\r\n\r\na"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", b"content-length: 1\r\n"),
        (b"HTTP/1.0 200 OK\r\n\r\nto the end", b"\r\n\r\nto the end"),
        (b"HTTP/1.1 600 Own\r\nX-A: \xe9\r\nContent-Length: 0\r\n\r\n", b"X-A: \xe9\r\n"),
    ],
)
def test_each_kind_of_answer_is_passed_on_as_it_is_meant(tmp_path: Path, answer: bytes, passed_on: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, opened_proxy(tmp_path) as proxy:
        serving = threading.Thread(target=_answer_once, args=(listener, answer))
        serving.start()
        asked = f"GET http://127.0.0.1:{listener.getsockname()[1]}/a HTTP/1.1\r\nHost: x\r\n"
        came = proxy.raw(asked.encode() + _CLOSE)
        serving.join()
        (captured,) = proxy.captured()
    final = answer.rpartition(b"HTTP/1.")[2][2:5]
    assert came.startswith(b"HTTP/1.1 " + final)
    assert passed_on in came
    assert captured["reply"]["response"]["status"] == int(final)
