"""What is written and read in one go is what h11 writes and reads, and everything else is left to h11."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import h11
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arazzo_engine.world.http.addresses import Address
from arazzo_engine.world.http.channels import Outgoing
from arazzo_engine.world.http.http1.plain_messages import plain_answer, plain_request

if TYPE_CHECKING:
    from arazzo_engine.language.messages.contents import Content

_ADDRESS = Address(b"http", b"127.0.0.1", 80, b"127.0.0.1")
_HOST = (b"Host", b"127.0.0.1")
_TEXT = st.binary(max_size=12) | st.sampled_from([b"", b" x", b"x ", b"a\r\nB: c", b"\xe9", b"a b", b"a\tb", b"\x00"])
_NAME = st.sampled_from([b"X-A", b"x", b"", b"A B", b"A:", b"A: b", b"\xe9", b"A\r\n", b"Host", b"Accept", b"TE"])
_METHOD = st.sampled_from([b"GET", b"POST", b"G T", b"", b"get", b"HEAD", b"GET / HTTP/1.1\r\nA:"])
_TARGET = st.sampled_from([b"/", b"/a?b=c", b"", b"/a b", b"/\r\nA: b", b"/ HTTP/1.1", b"/\xe9", b"*"])


def _outgoing(method: bytes, target: bytes, headers: list[tuple[bytes, bytes]], content: Content) -> Outgoing:
    return Outgoing(method, _ADDRESS, target, headers, content, time.monotonic() + 1)


def _by_h11(outgoing: Outgoing) -> bytes | None:
    connection = h11.Connection(h11.CLIENT)
    request = (outgoing.method, outgoing.target, outgoing.headers)
    try:
        head = connection.send(h11.Request(method=request[0], target=request[1], headers=request[2])) or b""
        data = connection.send(h11.Data(bytes(outgoing.content))) or b""
        return head + data + (connection.send(h11.EndOfMessage()) or b"")
    except h11.LocalProtocolError:
        return None


@given(_METHOD, _TARGET, st.lists(st.tuples(_NAME, _TEXT), max_size=3), st.binary(max_size=8))
@example(b"GET", b"/", [(b"X-Bad", b"s3cret\r\nX-Injected: 1")], b"")
@example(b"POST", b"/", [(b"Content-Length", b"2")], b"ab")
@example(b"POST", b"/", [(b"Content-Length", b"3")], b"ab")
@example(b"GET", b"/", [(b"Connection", b"close")], b"")
def test_a_request_is_written_as_h11_writes_it(
    method: bytes, target: bytes, headers: list[tuple[bytes, bytes]], content: bytes
) -> None:
    length = [(b"Content-Length", b"%d" % len(content))] if content else []
    outgoing = _outgoing(method, target, [_HOST, *headers, *length], content)
    written = plain_request(outgoing)
    assert written is None or written == _by_h11(outgoing)


def test_the_usual_request_is_written_plainly() -> None:
    headers = [_HOST, (b"Accept", b"*/*"), (b"Content-Length", b"2")]
    outgoing = _outgoing(b"POST", b"/a?b=%20", headers, b"{}")
    assert (
        plain_request(outgoing)
        == b"POST /a?b=%20 HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nContent-Length: 2\r\n\r\n{}"
    )


_LINES = st.sampled_from(
    [
        *(b"HTTP/1.1 200 OK", b"HTTP/1.1 201 ", b"HTTP/1.1 200", b"HTTP/1.0 200 OK", b"HTTP/1.1 100 Continue"),
        *(b"HTTP/1.1 204 No Content", b"HTTP/1.1 304 x", b"HTTP/1.1 99 x", b"HTTP/2 200 OK", b"http/1.1 200 OK"),
    ]
)
_FIELDS = st.sampled_from(
    [
        *(
            b"Content-Length: 3",
            b"content-length:3",
            b"Content-Length: 3 ",
            b"Content-Length: 4",
            b"Content-Length: +3",
        ),
        *(b"Content-Length: 3, 3", b"Content-Length: 0", b"Transfer-Encoding: chunked", b"Connection: close"),
        *(b"Connection: keep-alive", b"Connection: Keep-Alive", b"X: y", b"X:", b"X : y", b" folded", b"\tfolded"),
        *(b"X: a\xe9b", b"X: \x00", b"X: a\rb", b"Upgrade: h2c", b"Keep-Alive: timeout=5", b"", b"A B: c", b":x"),
    ]
)


@given(
    _LINES,
    st.lists(_FIELDS, max_size=4),
    st.sampled_from([b"", b"abc", b"ab", b"abcd"]),
    st.sampled_from([b"\r\n", b"\n"]),
)
@example(b"HTTP/1.1 200 OK", [b"Content-Length: 3"], b"abc", b"\r\n")
@example(b"HTTP/1.1 200 OK", [b"Content-Length: 3", b"X: a", b" folded"], b"abc", b"\r\n")
def test_an_answer_is_read_as_h11_reads_it(line: bytes, fields: list[bytes], body: bytes, end: bytes) -> None:
    came = end.join([line, *fields, b"", b""]) + body
    answer = plain_answer(came)
    if answer is None or len(came) != answer.end:
        return
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(came)
    head = connection.next_event()
    assert isinstance(head, h11.Response)
    assert (head.status_code, list(head.headers.raw_items())) == (answer.status, answer.headers)
    read = b""
    while type(event := connection.next_event()) is h11.Data:
        read += bytes(event.data)
    assert type(event) is h11.EndOfMessage
    assert read == came[answer.start : answer.end]
    # the connection may be used again
    assert connection.our_state is connection.their_state is h11.DONE
    assert not connection.trailing_data[0]


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}"])
def test_the_usual_answer_is_read_plainly(head: bytes) -> None:
    answer = plain_answer(head)
    assert answer is not None
    assert (answer.status, head[answer.start : answer.end]) == (200, b"{}")
