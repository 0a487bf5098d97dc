"""HTTP/1.1 over connections of our own: the usual way of a request, which is a socket and one write.

h11 decides what the bytes mean, except for the usual messages, and ``sockets`` moves them before the deadline. A
connection serves one exchange at a time, and is kept for the next one unless something was left unsaid. A request that
was written is never written again. One that changes something must not meet a connection that the server is about to
close: after a pause, it gets a new one, unless the server was seen to keep idle ones for much longer. Proxies and
HTTP/2 are left to httpcore.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final, TypeAlias

import h11
from msgspec import Struct, field

from arazzo_engine.world.http.failures import LARGEST_HEAD, ChannelError, Trouble, trouble_of
from arazzo_engine.world.http.http1.plain_messages import has_head, plain_answer, plain_request
from arazzo_engine.world.http.sockets import Stream, connect

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    from arazzo_engine.world.http.addresses import Address
    from arazzo_engine.world.http.channels import Incoming, Outgoing

# as many as httpx.Client has
MOST_CONNECTIONS: Final = 100
MOST_IDLE_CONNECTIONS: Final = MOST_CONNECTIONS
IDLE_SECONDS: Final = 5.0
# what a server that closes a connection behind its answer needs to do so, and what is a pause and no moment any more
_MOMENT: Final = 0.01
LONGEST_MOMENT: Final = 0.2
# after so many moments, to be sure of a server takes less time than to wait again and again
_MOMENTS: Final = 20
_LARGEST_READ: Final = 65_536
_SWITCHING_PROTOCOLS: Final = 101
NOT_CONNECTED: Final = frozenset({Trouble.NO_CONNECTION, Trouble.NO_CONNECTION_IN_TIME})
_Event: TypeAlias = "h11.Event | type[h11.NEED_DATA | h11.PAUSED]"


class Http1(Struct):
    """A channel of connections that go straight to the server; ``context`` is for secure ones."""

    context: ssl.SSLContext | None = None
    retries: int = 0
    _idle: list[_Connection] = field(default_factory=list)
    _kept: dict[Address, float] = field(default_factory=dict)
    _waits: dict[Address, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _room: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(MOST_CONNECTIONS))

    def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        """Send a request and hand its answer over, until it is complete."""
        if not self._room.acquire(timeout=max(0.0, outgoing.deadline - time.monotonic())):
            raise ChannelError(Trouble.NO_CONNECTION_IN_TIME)
        try:
            connection = self._take(outgoing)
            try:
                connection.exchange(outgoing, incoming)
            finally:
                self._give_back(connection)
        finally:
            self._room.release()

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            idle = self._idle[:]
            self._idle.clear()
        for connection in idle:
            connection.close()

    def _take(self, outgoing: Outgoing) -> _Connection:
        while (connection := self._take_idle(outgoing.address)) is not None:
            if connection.is_open() and (outgoing.is_safe or self._is_kept(connection)):
                return connection
            connection.close()
        began = time.monotonic()
        stream = self._connect(outgoing)
        return _Connection(outgoing.address, stream, time.monotonic() - began)

    def _take_idle(self, address: Address) -> _Connection | None:
        with self._lock:
            for place in reversed(range(len(self._idle))):
                if self._idle[place].address == address:
                    return self._idle.pop(place)
        return None

    def _is_kept(self, connection: _Connection) -> bool:
        """Whether the server surely keeps an open connection until a request is there.

        It does when it was seen to keep one for twice as long; it may when it does not close this one at once.
        """
        address = connection.address
        kept, idle = self._kept.get(address, 0.0), connection.idle_seconds
        wanted = 2 * (idle + connection.opening_seconds)
        if wanted <= kept:
            return True
        is_kept = idle <= LONGEST_MOMENT and connection.is_open(self._moment(address, wanted))
        if is_kept or connection.is_open():
            self._kept[address] = max(kept, connection.idle_seconds)
        return is_kept

    def _moment(self, address: Address, wanted: float) -> float:
        """Return how long to wait for the end of a connection: of one server that never ends any, once for long."""
        waits = self._waits[address] = self._waits.get(address, 0) + 1
        return _MOMENT if waits <= _MOMENTS else max(_MOMENT, wanted)

    def _give_back(self, connection: _Connection) -> None:
        # one whose exchange was given up has something left unsaid
        if not connection.start_next():
            connection.close()
            return
        with self._lock:
            self._idle.append(connection)
            surplus = self._idle.pop(0) if len(self._idle) > MOST_IDLE_CONNECTIONS else None
        if surplus is not None:
            surplus.close()

    def _connect(self, outgoing: Outgoing) -> Stream:
        for tries in range(self.retries):
            try:
                return self._open(outgoing.address, outgoing.deadline)
            except ChannelError as error:
                if error.trouble not in NOT_CONNECTED:
                    raise
                time.sleep(pause(tries))
        return self._open(outgoing.address, outgoing.deadline)

    def _open(self, address: Address, deadline: float) -> Stream:
        host = address.host.decode("ascii")
        stream = connect(host, address.number, deadline)
        if self.context is None:
            return stream
        self.context.set_alpn_protocols(["http/1.1"])
        return stream.secure(self.context, host, deadline)


def is_final(came: bytes) -> bool:
    r"""Whether what has come is more than interim answers: the final one has begun, or none will come.

    >>> [is_final(each) for each in (b"HTTP/1.1 100 Continue\r\n\r\nHT", b"HTTP/1.1 413 \r\n\r\n", b"")]
    [False, True, True]
    """
    reader = h11.Connection(h11.CLIENT)
    reader.send(h11.Request(method="POST", target="/", headers=[("Host", "any"), ("Content-Length", "1")]))
    reader.receive_data(came)
    try:
        while type(event := reader.next_event()) is h11.InformationalResponse:
            pass
    except h11.RemoteProtocolError:
        return True
    return event is not h11.NEED_DATA


def check_message(outgoing: Outgoing) -> None:
    """Raise ``ChannelError`` for a request that HTTP cannot carry, before it is given to anybody else."""
    try:
        h11.Request(method=outgoing.method, target=outgoing.target, headers=outgoing.headers)
    except h11.LocalProtocolError as error:
        raise ChannelError(Trouble.NOT_HTTP) from error


def pause(tries: int) -> float:
    """Return how many seconds go by before the next attempt to connect: none, then 0.5, 1, 2 ..."""
    return 2 ** (tries - 2) if tries else 0.0


class _Connection:
    """A connection to one server, and what h11 knows of it."""

    def __init__(self, address: Address, stream: Stream, opening_seconds: float) -> None:
        self.address = address
        # at least as long as a request is on its way
        self.opening_seconds = opening_seconds
        self._stream = stream
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD)
        self._next: _Event = h11.NEED_DATA
        self._is_written = False
        self._is_answered = False
        self._idle_since = 0.0

    def exchange(self, outgoing: Outgoing, incoming: Incoming) -> None:
        self._is_answered = False
        written = plain_request(outgoing)
        if written is None:
            self._is_written = self._write(outgoing)
        elif self._exchange_plainly(written, outgoing, incoming):
            return
        while not self._hand_over(self._read(outgoing.deadline), incoming):
            pass

    def _exchange_plainly(self, written: bytes, outgoing: Outgoing, incoming: Incoming) -> bool:
        """Send a request and hand over its answer; return whether it was a usual one, else h11 is to go on."""
        taken = self._write_some(memoryview(written), outgoing)
        self._is_written = taken == len(written)
        if not self._is_written:
            self._tell_h11(outgoing, b"")
            self._is_written = self._write_part(written[taken:], outgoing)
            return False
        came = self._stream.read(_LARGEST_READ, outgoing.deadline)
        while came and not has_head(came) and (more := self._stream.read(_LARGEST_READ, outgoing.deadline)):
            came += more
        answer = plain_answer(came)
        if answer is None or answer.end < len(came):
            self._tell_h11(outgoing, came)
            return False
        incoming.begin(answer.status, answer.headers)
        self._hand_over_body(came[answer.start :], answer.end - answer.start, outgoing, incoming)
        return True

    def _hand_over_body(self, chunk: bytes, length: int, outgoing: Outgoing, incoming: Incoming) -> None:
        """Hand over a body of so many bytes, of which some have come."""
        came = len(chunk)
        if chunk:
            incoming.add(chunk)
        while came < length:
            chunk = self._stream.read(min(_LARGEST_READ, length - came), outgoing.deadline)
            if not chunk:
                reason = "peer closed connection without sending complete message body"
                raise ChannelError(Trouble.BROKEN_OFF, f"{reason} (received {came} bytes, expected {length})")
            came += len(chunk)
            incoming.add(chunk)
        self._is_answered = True

    def _tell_h11(self, outgoing: Outgoing, came: bytes) -> None:
        """Tell h11 what was sent, and what came of the answer."""
        http = self._http
        http.send(h11.Request(method=outgoing.method, target=outgoing.target, headers=outgoing.headers))
        http.send(h11.Data(bytes(outgoing.content)))
        http.send(h11.EndOfMessage())
        if came:
            self._feed(came)

    def start_next(self) -> bool:
        """Get ready for another exchange, and return whether that can be."""
        http = self._http
        # what came after an answer would be taken for the next one
        is_done = self._is_written and http.our_state is http.their_state is h11.DONE and not http.trailing_data[0]
        if is_done:
            http.start_next_cycle()
        if is_done or self._is_answered:
            self._is_written = False
            self._idle_since = time.monotonic()
        return is_done or self._is_answered

    @property
    def idle_seconds(self) -> float:
        """How long nothing was asked of it."""
        return time.monotonic() - self._idle_since

    def is_open(self, seconds: float = 0.0) -> bool:
        """Whether the server has neither closed it, or does so within some seconds, nor is likely to."""
        return self.idle_seconds < IDLE_SECONDS and not self._stream.is_readable(seconds)

    def close(self) -> None:
        self._stream.close()

    def _write(self, outgoing: Outgoing) -> bool:
        """Write a request, and return whether the other side took it: it may answer, and close, before it has."""
        try:
            request = h11.Request(method=outgoing.method, target=outgoing.target, headers=outgoing.headers)
            return all(self._write_part(each, outgoing) for each in self._parts(request, outgoing))
        except h11.LocalProtocolError as error:
            raise ChannelError(Trouble.NOT_HTTP) from error

    def _parts(self, request: h11.Request, outgoing: Outgoing) -> Iterator[bytes]:
        """Yield a request as it is written: at once, but for a body that is read while it is sent."""
        head = self._http.send(request) or b""
        if isinstance(outgoing.content, bytes):
            data = self._http.send(h11.Data(outgoing.content)) or b""
            yield head + data + (self._http.send(h11.EndOfMessage()) or b"")
            return
        yield head
        for chunk in outgoing.body():
            yield self._http.send(h11.Data(chunk)) or b""
        yield self._http.send(h11.EndOfMessage()) or b""

    def _write_part(self, content: bytes, outgoing: Outgoing) -> bool:
        left = memoryview(content)
        while left:
            left = left[self._write_some(left, outgoing) :]
            if left and not (self._stream.has_come and self._is_told_to_go_on(outgoing.deadline)):
                return False
        return True

    def _write_some(self, content: memoryview, outgoing: Outgoing) -> int:
        # it may have left as soon as anything was taken, and until that is known
        progress = outgoing.progress
        before, progress.times = progress.times, 1
        taken = self._stream.write(content, outgoing.deadline)
        progress.times = 1 if taken else before
        return taken

    def _is_told_to_go_on(self, deadline: float) -> bool:
        # RFC 9110, section 15.2: "A client MUST be able to parse one or more 1xx responses received prior to a final
        # response"
        self._feed(self._stream.read(_LARGEST_READ, deadline))
        self._next = self._next_event()
        while type(self._next) is h11.InformationalResponse and self._next.status_code != _SWITCHING_PROTOCOLS:
            self._next = self._next_event()
        return self._next is h11.NEED_DATA

    def _read(self, deadline: float) -> _Event:
        event, self._next = self._next, h11.NEED_DATA
        while event is h11.NEED_DATA and (event := self._next_event()) is h11.NEED_DATA:
            self._feed(self._stream.read(_LARGEST_READ, deadline))
        return event

    def _next_event(self) -> _Event:
        try:
            return self._http.next_event()
        except h11.RemoteProtocolError as error:
            raise ChannelError(trouble_of(str(error)), str(error)) from error

    def _feed(self, content: bytes) -> None:
        if not content and self._http.their_state is h11.SEND_RESPONSE:
            raise ChannelError(Trouble.BROKEN_OFF, "Server disconnected without sending a response.")
        self._http.receive_data(content)

    def _hand_over(self, event: _Event, incoming: Incoming) -> bool:
        """Hand over what came, and return whether it was the end."""
        match event:
            case h11.Data():
                incoming.add(bytes(event.data))
            case h11.Response():
                incoming.begin(event.status_code, event.headers.raw_items())
            case h11.InformationalResponse(status_code=status) if status != _SWITCHING_PROTOCOLS:
                pass
            case h11.InformationalResponse():
                incoming.begin(event.status_code, event.headers.raw_items())
            case _:
                return True
        return False
