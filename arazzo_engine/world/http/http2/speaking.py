"""One side of an HTTP/2 connection, without the connection: what is written for a request, and what is read of it.

h2 decides what frames mean together. Decided here is what they say of the request: it has an answer, it was not
processed, or nobody knows. Moving bytes is for whoever runs the steps of an exchange.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias

import h2.config
import h2.connection
import h2.events
from h2.errors import ErrorCodes
from h2.exceptions import DenialOfServiceError, ProtocolError
from h2.settings import SettingCodes, Settings
from msgspec import Struct

from arazzo_engine.language.messages.answers import Failure
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.world.http.failures import LARGEST_HEAD, ChannelError, RefusedError, Trouble
from arazzo_engine.world.http.http1.carrying import check_message
from arazzo_engine.world.http.http2.frames import Frames, GoAway

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from arazzo_engine.world.http.channels import Incoming, Outgoing

_WINDOW: Final = 2**24
_STATUS: Final = lazy_pattern(rb"[1-9][0-9]{2}")
_LENGTH: Final = lazy_pattern(rb"[0-9]{1,18}")
# RFC 9113, section 8.2.2: "An endpoint MUST NOT generate an HTTP/2 message containing connection-specific header
# fields."
_OF_A_CONNECTION: Final = frozenset(
    {b"connection", b"proxy-connection", b"keep-alive", b"transfer-encoding", b"upgrade"}
)


class Write(Struct, frozen=True):
    """Bytes to be written; the reply is whether the other side took them."""

    content: bytes


class Read(Struct, frozen=True):
    """Bytes to be read; the reply is empty at their end, and ``None`` when none are there and none are waited for."""

    waits: bool


class Take(Struct, frozen=True):
    """The next piece of the body; the reply is ``None`` at its end."""


Step: TypeAlias = Write | Read | Take
Steps: TypeAlias = "Generator[Step, object, None]"


class _Stream:
    """What has come of one exchange."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.has_begun = False
        self.is_over = False
        self.expected: int | None = None
        self.received = 0

    @property
    def is_complete(self) -> bool:
        """Whether an answer is whole by what it said of its own length, though its end was not marked."""
        return self.expected is not None and self.received == self.expected


class _Body(Struct):
    """What is left of a body: so many bytes, of which some are at hand."""

    left: int
    piece: memoryview = memoryview(b"")


class Speaker:
    """Speaks for a client, one exchange after the other."""

    def __init__(self) -> None:
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding=False))
        self._frames = Frames()
        self._left: GoAway | None = None
        self._is_ready = True
        self._begin()

    def _begin(self) -> None:
        wanted = {SettingCodes.ENABLE_PUSH: 0, SettingCodes.MAX_HEADER_LIST_SIZE: LARGEST_HEAD}
        self._h2.local_settings = Settings(client=True, initial_values=wanted)
        self._h2.initiate_connection()
        self._h2.increment_flow_control_window(_WINDOW)

    @property
    def is_ready(self) -> bool:
        """Whether another exchange may begin: nothing of the last one is left unsaid."""
        return self._is_ready and self._left is None

    def exchange(self, outgoing: Outgoing, incoming: Incoming) -> Steps:
        """Do one exchange, in steps."""
        self._is_ready = False
        # h2 looks at no character, and what is read as two headers behind a gateway must not leave
        check_message(outgoing)
        headers = _headers(outgoing)
        stream = _Stream(self._h2.get_next_available_stream_id())
        with _telling(Trouble.NOT_HTTP):
            self._h2.send_headers(stream.number, headers, end_stream=not outgoing.content)
            self._h2.increment_flow_control_window(_WINDOW, stream_id=stream.number)
        outgoing.progress.times += 1
        is_taken = (yield Write(self._h2.data_to_send())) is True
        body = _Body(len(outgoing.content))
        while not stream.is_over:
            is_writable = is_taken and body.left > 0
            if is_writable:
                is_taken = yield from self._write_some(stream, body)
            came = yield Read(waits=not (is_taken and body.left and self._room(stream)))
            if came is not None:
                self._take(came, stream, outgoing, incoming)
            # nothing can be written any more where it once could not be
            is_taken = is_taken and (yield from self._flush())
        self._is_ready = is_taken and not body.left

    def _write_some(self, stream: _Stream, body: _Body) -> Generator[Step, object, bool]:
        """Write as much of a body as one frame may hold, and return whether the other side took it."""
        room = self._room(stream)
        if not room:
            return True
        if not body.piece:
            taken = yield Take()
            if not isinstance(taken, bytes):
                raise ChannelError(Trouble.BROKEN_OFF, "the body is shorter than it was")
            body.piece = memoryview(taken)
        piece, body.piece = body.piece[:room], body.piece[room:]
        body.left -= len(piece)
        with _telling(Trouble.BROKEN_OFF):
            self._h2.send_data(stream.number, bytes(piece), end_stream=not body.left)
        return (yield Write(self._h2.data_to_send())) is True

    def _room(self, stream: _Stream) -> int:
        with _telling(Trouble.BROKEN_OFF):
            return min(self._h2.local_flow_control_window(stream.number), self._h2.max_outbound_frame_size)

    def _flush(self) -> Generator[Step, object, bool]:
        content = self._h2.data_to_send()
        return not content or (yield Write(content)) is True

    def _take(self, came: object, stream: _Stream, outgoing: Outgoing, incoming: Incoming) -> None:
        if not isinstance(came, bytes) or not came:
            reason = "server disconnected" if self._left is None else f"server disconnected after {_named(self._left)}"
            raise ChannelError(Trouble.BROKEN_OFF, reason)
        for frame in self._frames.feed(came):
            if isinstance(frame, GoAway):
                self._leave(frame, stream, outgoing)
                continue
            with _telling(Trouble.BROKEN_OFF):
                events = self._h2.receive_data(frame)
            for event in events:
                self._hear(event, stream, outgoing, incoming)

    def _leave(self, away: GoAway, stream: _Stream, outgoing: Outgoing) -> None:
        self._left = away
        # RFC 9113, section 8.7: "The GOAWAY frame indicates the highest stream number that might have been processed.
        # Requests on streams with higher numbers are therefore guaranteed to be safe to retry."
        if stream.number > away.last and not stream.has_begun:
            outgoing.progress.is_unprocessed = True
            raise ChannelError(Trouble.NOT_PROCESSED, _named(away))

    def _hear(self, event: h2.events.Event, stream: _Stream, outgoing: Outgoing, incoming: Incoming) -> None:
        if getattr(event, "stream_id", None) != stream.number or stream.is_over:
            return
        match event:
            case h2.events.InformationalResponseReceived():
                stream.has_begun = True
            case h2.events.ResponseReceived():
                stream.has_begun = True
                _begin(event, stream, incoming)
            case h2.events.DataReceived():
                stream.received += len(event.data)
                self._h2.acknowledge_received_data(event.flow_controlled_length, stream.number)
                incoming.add(event.data)
            case h2.events.StreamEnded():
                stream.is_over = True
            case h2.events.StreamReset():
                self._give_up(event, stream, outgoing)
            case _:
                pass

    def _give_up(self, event: h2.events.StreamReset, stream: _Stream, outgoing: Outgoing) -> None:
        # section 8.1: "Clients MUST NOT discard responses as a result of receiving such a RST_STREAM"
        if stream.is_complete:
            stream.is_over = True
            return
        named = f"RST_STREAM with {_code(int(event.error_code))}"
        # section 8.7: "The REFUSED_STREAM error code can be included in a RST_STREAM frame to indicate that the stream
        # is being closed prior to any processing having occurred."
        if event.error_code == ErrorCodes.REFUSED_STREAM and not stream.has_begun:
            outgoing.progress.is_unprocessed = True
            raise ChannelError(Trouble.NOT_PROCESSED, named)
        raise ChannelError(Trouble.BROKEN_OFF, named)


def _begin(event: h2.events.ResponseReceived, stream: _Stream, incoming: Incoming) -> None:
    headers = [(bytes(name), bytes(value)) for name, value in event.headers]
    status = next((value for name, value in headers if name == b":status"), b"")
    # RFC 9110, section 15: "The status code of a response is a three-digit integer code"
    if not _STATUS.fullmatch(status):
        raise ChannelError(Trouble.BROKEN_OFF, "its answer has no status")
    lengths = [value for name, value in headers if name == b"content-length"]
    stream.expected = int(lengths[0]) if lengths and _LENGTH.fullmatch(lengths[0]) else None
    incoming.begin(int(status), [each for each in headers if not each[0].startswith(b":")])


def _headers(outgoing: Outgoing) -> list[tuple[bytes, bytes]]:
    given = [(name.lower(), value) for name, value in outgoing.headers]
    for name, _ in given:
        if name in _OF_A_CONNECTION:
            reason = f"HTTP/2 carries no header `{name.decode()}`: leave it out, or send without `--http2`"
            raise RefusedError(Failure.PROTOCOL, reason)
    authority = next((value for name, value in given if name == b"host"), outgoing.address.name)
    pseudo = ((b":method", outgoing.method), (b":authority", authority), (b":scheme", outgoing.address.scheme))
    return [*pseudo, (b":path", outgoing.target), *(each for each in given if each[0] != b"host")]


@contextmanager
def _telling(trouble: Trouble) -> Iterator[None]:
    try:
        yield
    except DenialOfServiceError as error:
        raise ChannelError(Trouble.HEAD_TOO_LARGE) from error
    except ProtocolError as error:
        raise ChannelError(trouble, "what it sent is no HTTP/2") from error


def _named(away: GoAway) -> str:
    return f"GOAWAY with {_code(away.code)} and last stream {away.last}"


def _code(number: int) -> str:
    try:
        return ErrorCodes(number).name
    except ValueError:
        return f"the code {number}"
