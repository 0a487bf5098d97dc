"""HTTP/2 without a network: what is written for a request, and that no server can make more of it than it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import h2.config
import h2.connection
import h2.events
import hypothesis.strategies as st
import pytest
from hyperframe.frame import (
    DataFrame,
    Frame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
)
from hypothesis import given, settings

from arazzo_engine.world.http.addresses import read_url
from arazzo_engine.world.http.channels import Outgoing
from arazzo_engine.world.http.failures import ChannelError, RefusedError, Trouble
from arazzo_engine.world.http.http2.speaking import Read, Speaker, Take, Write

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

REFUSED: Final = 7


class Heard:
    """Takes an answer."""

    def __init__(self) -> None:
        self.status = 0
        self.content = b""

    def begin(self, status: int, _headers: Iterable[tuple[bytes, bytes]]) -> None:
        self.status = status

    def add(self, chunk: bytes) -> None:
        self.content += chunk


def outgoing(method: bytes = b"POST", content: bytes = b"", *headers: tuple[bytes, bytes]) -> Outgoing:
    address, target = read_url("https://a.example/x?y=%2F")
    return Outgoing(method, address, target, [(b"Host", address.name), *headers], content, 0.0)


def exchange(asked: Outgoing, comes: Sequence[bytes], takes: Sequence[bool] = ()) -> tuple[Heard, bytes]:
    """Do an exchange with a server that says these things and closes, and does not take every writing."""
    heard, written = Heard(), b""
    steps = Speaker().exchange(asked, heard)
    reply: object = None
    left, taken, body = list(comes), list(takes), asked.body()
    try:
        while True:
            match steps.send(reply):
                case Write(content):
                    is_taken = taken.pop(0) if taken else True
                    written += content if is_taken else b""
                    reply = is_taken
                case Take():
                    reply = next(body, None)
                case Read(waits):
                    reply = left.pop(0) if left else (b"" if waits else None)
    except StopIteration:
        return heard, written


def read_by_a_server(written: bytes) -> list[h2.events.Event]:
    server = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding=False))
    server.initiate_connection()
    return server.receive_data(written)


def head(status: bytes = b"200", *, ends: bool = False, stream: int = 1) -> bytes:
    import hpack

    frame = HeadersFrame(stream, hpack.Encoder().encode([(b":status", status), (b"content-length", b"3")]))
    frame.flags.add("END_HEADERS")
    if ends:
        frame.flags.add("END_STREAM")
    return frame.serialize()


def data(content: bytes = b"abc", *, ends: bool = False) -> bytes:
    frame = DataFrame(1, content)
    if ends:
        frame.flags.add("END_STREAM")
    return frame.serialize()


def test_a_request_is_written_as_it_was_built() -> None:
    asked = outgoing(b"Copy", b"body", (b"X-Name", b"caf\xe9"), (b"x-name", b"2"))
    _, written = exchange(asked, [SettingsFrame(0).serialize() + head(ends=False) + data(ends=True)])
    (request,) = [each for each in read_by_a_server(written) if isinstance(each, h2.events.RequestReceived)]
    assert [tuple(each) for each in request.headers] == [
        (b":method", b"Copy"),
        (b":authority", b"a.example"),
        (b":scheme", b"https"),
        (b":path", b"/x?y=%2F"),
        (b"x-name", b"caf\xe9"),
        (b"x-name", b"2"),
    ]
    assert asked.progress.times == 1


def test_a_host_that_is_given_is_the_authority() -> None:
    address, target = read_url("https://a.example/")
    asked = Outgoing(b"GET", address, target, [(b"HOST", b"b.example")], b"", 0.0)
    _, written = exchange(asked, [SettingsFrame(0).serialize() + head() + data(ends=True)])
    (request,) = [each for each in read_by_a_server(written) if isinstance(each, h2.events.RequestReceived)]
    assert (b":authority", b"b.example") in [tuple(each) for each in request.headers]


@pytest.mark.parametrize("name", [b"Connection", b"Keep-Alive", b"Transfer-Encoding", b"Upgrade", b"Proxy-Connection"])
def test_a_header_of_a_connection_is_refused_before_anything_is_written(name: bytes) -> None:
    asked = outgoing(b"POST", b"", (name, b"chunked"))
    with pytest.raises(RefusedError) as refused:
        exchange(asked, [])
    said = f"HTTP/2 carries no header `{name.decode().lower()}`: leave it out, or send without `--http2`"
    assert (refused.value.reason, asked.progress.times) == (said, 0)


@pytest.mark.parametrize(
    ("method", "header"),
    [
        (b"G T", (b"x", b"y")),
        (b"GET", (b"x y", b"1")),
        (b"GET", (b"x", b"a\r\nb: c")),
        (b"GET", (b"", b"1")),
        (b"GET", (b":path", b"/")),
        (b"GET", (b"x", b"a\0b")),
    ],
)
def test_what_http_cannot_carry_is_refused_before_anything_is_written(
    method: bytes, header: tuple[bytes, bytes]
) -> None:
    asked = outgoing(method, b"", header)
    with pytest.raises(ChannelError) as refused:
        exchange(asked, [])
    assert (refused.value.trouble, asked.progress.times) == (Trouble.NOT_HTTP, 0)


@pytest.mark.parametrize("status", [b"", b"abc", b"20", b"2000", b"0200", b"20x"])
def test_an_answer_without_a_status_is_none(status: bytes) -> None:
    with pytest.raises(ChannelError) as broken:
        exchange(outgoing(), [SettingsFrame(0).serialize() + head(status)])
    assert broken.value.trouble is Trouble.BROKEN_OFF


# whatever else a server may say
_FRAMES: Final = st.one_of(
    st.builds(head, st.sampled_from([b"103", b"200", b"413", b"x"]), ends=st.booleans()),
    st.builds(data, st.sampled_from([b"", b"abc"]), ends=st.booleans()),
    st.builds(
        lambda stream, code: RstStreamFrame(stream, error_code=code).serialize(),
        st.sampled_from([1, 1, 1, 3]),
        st.sampled_from([0, 2, REFUSED, REFUSED, 99]),
    ),
    st.builds(
        lambda last, code: GoAwayFrame(0, last_stream_id=last, error_code=code).serialize(),
        st.sampled_from([0, 1, 2**31 - 1]),
        st.sampled_from([0, 1, 99]),
    ),
    st.builds(
        lambda stream, size: WindowUpdateFrame(stream, window_increment=size).serialize(),
        st.sampled_from([0, 1]),
        st.sampled_from([1, 65_535, 2**31 - 1]),
    ),
    st.just(PingFrame(0, opaque_data=b"12345678").serialize()),
    st.binary(max_size=20),
)


@settings(max_examples=400)
@given(
    frames=st.lists(_FRAMES, max_size=6),
    pieces=st.integers(1, 40),
    takes=st.lists(st.booleans(), max_size=4),
    size=st.sampled_from([0, 5, 100_000]),
)
def test_whatever_a_server_says_a_request_was_sent_and_only_its_own_word_says_that_it_was_not_processed(
    frames: list[bytes], pieces: int, takes: list[bool], size: int
) -> None:
    said = SettingsFrame(0).serialize() + b"".join(frames)
    asked = outgoing(b"POST", b"x" * size)
    heard = outcome(asked, [said[at : at + pieces] for at in range(0, len(said), pieces)], takes)
    assert asked.progress.times == 1
    if isinstance(heard, Heard):
        assert 200 <= heard.status <= 999
        assert not asked.progress.is_unprocessed
        return
    assert (heard.trouble is Trouble.NOT_PROCESSED) == asked.progress.is_unprocessed
    assert not asked.progress.is_unprocessed or "GOAWAY" in str(heard) or "REFUSED_STREAM" in str(heard)


def outcome(asked: Outgoing, comes: Sequence[bytes], takes: Sequence[bool]) -> Heard | ChannelError:
    try:
        return exchange(asked, comes, takes)[0]
    except ChannelError as error:
        return error


def test_a_body_goes_on_as_the_server_grants_room_for_it() -> None:
    size = 200_000
    grants: list[bytes] = [SettingsFrame(0).serialize()]
    for _ in range(30):
        grants += [_grant(0, 20_000), _grant(1, 20_000)]
    heard, written = exchange(outgoing(b"POST", b"x" * size), [*grants, head() + data(ends=True)])
    assert (heard.status, heard.content) == (200, b"abc")
    assert sum(len(each) for each in _data_of(written)) == size


def _grant(stream: int, size: int) -> bytes:
    return WindowUpdateFrame(stream, window_increment=size).serialize()


def _data_of(written: bytes) -> Iterable[Any]:
    left = written.removeprefix(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    while left:
        frame, length = Frame.parse_frame_header(memoryview(left[:9]))
        if isinstance(frame, DataFrame):
            yield left[9 : 9 + length]
        left = left[9 + length :]
