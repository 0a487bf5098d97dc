"""The table of facts: for each event on the wire, whether the request was sent and processed, and what is said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_INTERNAL_ERROR, _REFUSED, _CANCEL, _CALM = 0x2, 0x7, 0x8, 0xB
_LARGE: Final = 30_000_000
_LATE: Final = "no complete answer from {host} within {timeout} s"
_BROKEN: Final = "{host} broke off the exchange: "
_NOT_PROCESSED: Final = "{host} did not process the request, and says so: "
_HEAD: Final = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"


class Outcome(Enum):
    """What became of a request: whether it was sent and processed, and whether it may go again."""

    NOT_SENT = ("no", "no", "yes")
    NOT_PROCESSED = ("yes", "no", "yes")
    ANSWERED = ("yes", "yes", "as the step's actions say")
    IN_DOUBT = ("yes", "unknown", "no, unless that does no harm")


class Server(Enum):
    """What there is to connect to."""

    WITH_TLS = "with TLS"
    WITHOUT_TLS = "without TLS"
    NONE = "nobody"


@dataclass(frozen=True)
class Fact:
    """One event; ``http1`` and ``http2`` make it happen, where the protocol knows it.

    ``says`` is the reason that the run gives, or the status of the answer; ``size`` is that of the request's body.
    """

    event: str
    outcome: Outcome
    says: str
    http1: Callable[[Any], None] | None = None
    http2: Callable[[Any], None] | None = None
    says_over_http2: str = ""
    size: int = 2
    is_late: bool = False
    server: Server = Server.WITH_TLS

    def talk(self, protocol: str) -> Callable[[Any], None] | None:
        """Return what makes it happen over a protocol; ``None`` where it cannot happen."""
        if self.server is not Server.WITH_TLS:
            return _nothing
        return self.http2 if protocol == "h2" else self.http1

    def reason(self, protocol: str, host: str, timeout: float) -> str:
        """Return the reason that a run gives."""
        says = (protocol == "h2" and self.says_over_http2) or self.says
        return says.format(host=host, timeout=timeout)


def _nothing(_peer: Any) -> None:
    pass


def _after_hearing(*acts: Callable[[Any], object]) -> Callable[[Any], None]:
    def talk(peer: Any) -> None:
        peer.hear()
        for act in acts:
            act(peer)

    return talk


def _says(content: bytes) -> Callable[[Any], None]:
    return _after_hearing(lambda peer: peer.write(content), lambda peer: peer.close(), lambda peer: peer.wait())


def _frames(*acts: Callable[[Any, int], object]) -> Callable[[Any], None]:
    """Hear a request, then do each of the acts with its stream, and wait until the client goes."""

    def talk(peer: Any) -> None:
        stream = peer.hear()
        for act in acts:
            act(peer, stream)
        peer.wait()

    return talk


def _read_whole(peer: Any) -> None:
    peer.hear_whole(_LARGE, says_first=b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
    peer.write(_HEAD)
    peer.wait()


def _drip(start: bytes, drop: bytes) -> Callable[[Any], None]:
    def talk(peer: Any) -> None:
        peer.hear()
        peer.write(start)
        peer.connection.settimeout(0.02)
        while True:
            try:
                if not peer.connection.recv(1):
                    return
            except TimeoutError:
                peer.write(drop)

    return talk


def _drip_frames(peer: Any) -> None:
    stream = peer.hear()
    peer.head(stream, 201)
    peer.connection.settimeout(0.02)
    while True:
        try:
            if not peer.connection.recv(1):
                return
        except TimeoutError:
            peer.data(stream, b"x")


FACTS: Final = (
    Fact("nobody listens there", Outcome.NOT_SENT, "cannot connect to {host}: connection refused", server=Server.NONE),
    Fact(
        "the TLS handshake is answered with something else",
        Outcome.NOT_SENT,
        "no secure connection to {host}: the server does not speak TLS there; its URL may begin with http://",
        server=Server.WITHOUT_TLS,
    ),
    Fact(
        "the connection is closed before an answer begins",
        Outcome.IN_DOUBT,
        _BROKEN + "server disconnected without sending a response",
        says_over_http2=_BROKEN + "server disconnected",
        http1=_after_hearing(lambda peer: peer.close()),
        http2=_after_hearing(lambda peer: peer.close()),
    ),
    Fact(
        "the head of the answer is cut off",
        Outcome.IN_DOUBT,
        _BROKEN + "server disconnected without sending a response",
        http1=_says(b"HTTP/1.1 201 Created\r\nContent-Le"),
        http2=_frames(lambda peer, _: peer.write(b"\0\0\x40\x01\x04\0\0\0\x01\x88"), lambda peer, _: peer.close()),
        says_over_http2=_BROKEN + "server disconnected",
    ),
    Fact(
        "the body of the answer is cut off",
        Outcome.IN_DOUBT,
        _BROKEN + "peer closed connection without sending complete message body (received 3 bytes, expected 9)",
        http1=_says(b"HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\nabc"),
        http2=_frames(
            lambda peer, stream: peer.head(stream, 201),
            lambda peer, stream: peer.data(stream, b"abc"),
            lambda peer, _: peer.close(),
        ),
        says_over_http2=_BROKEN + "server disconnected",
    ),
    Fact(
        "what comes is no HTTP",
        Outcome.IN_DOUBT,
        _BROKEN + "illegal status line",
        http1=_says(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
        http2=_frames(lambda peer, _: peer.write(b"HTTP/1.1 201 Created\r\n\r\n")),
        says_over_http2=_BROKEN + "what it sent is no HTTP/2",
    ),
    Fact(
        "the frames that come break the rules",
        Outcome.IN_DOUBT,
        _BROKEN + "what it sent is no HTTP/2",
        http2=_frames(lambda peer, stream: peer.data(stream, b"a body without a head")),
    ),
    Fact(
        "nothing comes in time",
        Outcome.IN_DOUBT,
        _LATE,
        is_late=True,
        http1=_after_hearing(lambda peer: peer.wait()),
        http2=_after_hearing(lambda peer: peer.wait()),
    ),
    Fact(
        "the answer drips beyond the timeout",
        Outcome.IN_DOUBT,
        _LATE,
        is_late=True,
        http1=_drip(b"HTTP/1.1 201 Created\r\n\r\n", b"x"),
        http2=_drip_frames,
    ),
    Fact(
        "the answer has a head without end",
        Outcome.IN_DOUBT,
        "the answer of {host} has a head, or a line in it, that is larger than 102,400 bytes",
        http1=_says(b"HTTP/1.1 201 Created\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n"),
        http2=_frames(lambda peer, stream: peer.head(stream, 201, *((b"x-%d" % n, b"x" * 99) for n in range(900)))),
    ),
    Fact(
        "101 (Switching Protocols) comes, which was not asked for",
        Outcome.IN_DOUBT,
        "{host} answered 101 (Switching Protocols), which was not asked for, and speaks no HTTP any more",
        http1=_says(b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"),
    ),
    Fact(
        "100 (Continue) and 103 (Early Hints) come before the answer",
        Outcome.ANSWERED,
        "201",
        http1=_says(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + _HEAD),
        http2=_frames(
            lambda peer, stream: peer.head(stream, 100),
            lambda peer, stream: peer.head(stream, 103, (b"link", b"</a>")),
            lambda peer, stream: peer.head(stream, 201, ends=True),
        ),
    ),
    Fact(
        "100 (Continue) and 103 (Early Hints) come while the request is written",
        Outcome.ANSWERED,
        "201",
        size=_LARGE,
        http1=_read_whole,
    ),
    Fact(
        "the answer comes before the request is written, and the rest is not read",
        Outcome.ANSWERED,
        "413",
        size=_LARGE,
        http1=_after_hearing(
            lambda peer: peer.write(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno"),
            lambda peer: peer.connection.recv(1),
            lambda peer: peer.close(),
        ),
        http2=_frames(
            lambda peer, stream: peer.head(stream, 413, ends=True), lambda peer, stream: peer.reset(stream, 0)
        ),
    ),
    Fact(
        "the answer comes before the request is written, and the connection is reset",
        Outcome.ANSWERED,
        "413",
        size=_LARGE,
        http1=_after_hearing(
            lambda peer: peer.write(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno"),
            lambda peer: peer.close(),
        ),
        http2=_after_hearing(
            lambda peer: peer.head(1, 413), lambda peer: peer.data(1, b"no", ends=True), lambda peer: peer.close()
        ),
    ),
    Fact(
        "the answer is whole, and RST_STREAM follows",
        Outcome.ANSWERED,
        "201",
        http2=_frames(
            lambda peer, stream: peer.head(stream, 201, ends=True), lambda peer, stream: peer.reset(stream, _CANCEL)
        ),
    ),
    Fact(
        "the answer is as long as it says, its end is not marked, and RST_STREAM follows",
        Outcome.ANSWERED,
        "201",
        http2=_frames(
            lambda peer, stream: peer.head(stream, 201, (b"content-length", b"2")),
            lambda peer, stream: peer.data(stream, b"ok"),
            lambda peer, stream: peer.reset(stream, 0),
        ),
    ),
    Fact(
        "RST_STREAM comes within the answer",
        Outcome.IN_DOUBT,
        _BROKEN + "RST_STREAM with INTERNAL_ERROR",
        http2=_frames(
            lambda peer, stream: peer.head(stream, 201), lambda peer, stream: peer.reset(stream, _INTERNAL_ERROR)
        ),
    ),
    Fact(
        "RST_STREAM comes before the answer, with any other code than REFUSED_STREAM",
        Outcome.IN_DOUBT,
        _BROKEN + "RST_STREAM with CANCEL",
        http2=_frames(lambda peer, stream: peer.reset(stream, _CANCEL)),
    ),
    Fact(
        "RST_STREAM comes before the request is written",
        Outcome.IN_DOUBT,
        _BROKEN + "RST_STREAM with ENHANCE_YOUR_CALM",
        size=_LARGE,
        http2=_frames(lambda peer, stream: peer.reset(stream, _CALM)),
    ),
    Fact(
        "RST_STREAM with REFUSED_STREAM comes before the answer",
        Outcome.NOT_PROCESSED,
        _NOT_PROCESSED + "RST_STREAM with REFUSED_STREAM",
        http2=_frames(lambda peer, stream: peer.reset(stream, _REFUSED)),
    ),
    Fact(
        "RST_STREAM with REFUSED_STREAM comes before the request is written",
        Outcome.NOT_PROCESSED,
        _NOT_PROCESSED + "RST_STREAM with REFUSED_STREAM",
        size=_LARGE,
        http2=_frames(lambda peer, stream: peer.reset(stream, _REFUSED)),
    ),
    Fact(
        "RST_STREAM with REFUSED_STREAM comes though the answer, or an interim one, has begun",
        Outcome.IN_DOUBT,
        _BROKEN + "RST_STREAM with REFUSED_STREAM",
        http2=_frames(lambda peer, stream: peer.head(stream, 103), lambda peer, stream: peer.reset(stream, _REFUSED)),
    ),
    Fact(
        "GOAWAY comes, and its last stream is lower than that of the request",
        Outcome.NOT_PROCESSED,
        _NOT_PROCESSED + "GOAWAY with NO_ERROR and last stream 0",
        http2=_frames(lambda peer, _: peer.go_away(0)),
    ),
    Fact(
        "GOAWAY with an error comes, and its last stream is lower than that of the request",
        Outcome.NOT_PROCESSED,
        _NOT_PROCESSED + "GOAWAY with ENHANCE_YOUR_CALM and last stream 0",
        http2=_frames(lambda peer, _: peer.go_away(0, _CALM), lambda peer, _: peer.close()),
    ),
    Fact(
        "GOAWAY comes with the stream of the request or a higher one, and then the answer",
        Outcome.ANSWERED,
        "201",
        http2=_frames(
            lambda peer, _: peer.go_away(2**31 - 1),
            lambda peer, stream: peer.go_away(stream),
            lambda peer, stream: peer.head(stream, 201),
            lambda peer, stream: peer.data(stream, b"ok", ends=True),
            lambda peer, _: peer.close(),
        ),
    ),
    Fact(
        "GOAWAY comes with the stream of the request or a higher one, and no answer",
        Outcome.IN_DOUBT,
        _BROKEN + "server disconnected after GOAWAY with INTERNAL_ERROR and last stream 1",
        http2=_frames(lambda peer, stream: peer.go_away(stream, _INTERNAL_ERROR), lambda peer, _: peer.close()),
    ),
    Fact(
        "GOAWAY comes with a lower stream though the answer has begun",
        Outcome.ANSWERED,
        "201",
        http2=_frames(
            lambda peer, stream: peer.head(stream, 201),
            lambda peer, _: peer.go_away(0),
            lambda peer, stream: peer.data(stream, b"ok", ends=True),
        ),
    ),
)
