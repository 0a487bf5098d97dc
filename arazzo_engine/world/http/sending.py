"""One request on its way: what every kind of transport does before it is sent, and with what comes back.

Decides which headers every request has, which answers are taken, and what is made of a redirect. How bytes travel is
decided by channels, what a failure means by ``failures``.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final

from msgspec import field
from msgspec.structs import replace

from arazzo_engine.apis.own_headers import ACCEPT, USER_AGENT
from arazzo_engine.apis.servers import is_allowed
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.uris import has_dot_segment, is_loopback, origin_of
from arazzo_engine.language.messages.answers import Answer, Failure, NoResponse
from arazzo_engine.language.messages.contents import Pieces
from arazzo_engine.language.messages.exchange import Headers, Request, Response, header
from arazzo_engine.language.messages.files import ChangedError
from arazzo_engine.language.messages.payloads import is_event_stream, listed_types
from arazzo_engine.machine.effects import Send
from arazzo_engine.machine.requests.sent_headers import sent_headers
from arazzo_engine.typed import SilentState
from arazzo_engine.world.http.addresses import read_url
from arazzo_engine.world.http.channels import Outgoing, Progress
from arazzo_engine.world.http.content_codings import ACCEPTED, TooLargeError, unpack
from arazzo_engine.world.http.failures import Attempted, ChannelError, RefusedError, Trouble, explain
from arazzo_engine.world.http.redirects import MOST_REDIRECTS, changes_of, next_request
from arazzo_engine.world.http.wire import Wire, proxy_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.urls import BaseUrl
    from arazzo_engine.machine.effects import Send
    from arazzo_engine.world.http.addresses import Address
    from arazzo_engine.world.http.ways import Way

DEFAULT_TIMEOUT: Final = 30.0
# a token, or a server's metadata, in bytes
LARGEST_GRANT: Final = 1_000_000
OF_EVERY_REQUEST: Final[Headers] = (
    ("Accept", ACCEPT),
    ("Accept-Encoding", ACCEPTED),
    ("User-Agent", USER_AGENT),
)


class Sending(SilentState):
    """One request on its way, until its answer has come; one of somebody else ``is_passed_on`` as it is."""

    sent: Request
    timeout: float
    wire: Wire
    base: BaseUrl | None = None
    is_passed_on: bool = False
    stays_here: bool = False
    proxy: str | None = None
    hops: int = 0
    notes: tuple[str, ...] = ()
    started_at: float = field(default_factory=time.time)
    began: float = field(default_factory=time.perf_counter)
    deadline: float = 0.0
    status: int = 0
    headers: Headers = ()
    content: list[bytes] = field(default_factory=list)
    size: int = 0
    progress: Progress = field(default_factory=Progress)

    @property
    def host(self) -> str:
        """The host and port, and those of the proxy, without anything that could be secret."""
        return _host(self.sent.url) + (f" through the proxy {_host(self.proxy)}" if self.proxy else "")

    @property
    def way(self) -> Way:
        """The connections that this request may share with others."""
        return self.sent.url[:6].lower() == "https:", self.proxy

    @property
    def has_left(self) -> bool:
        """Whether the request, or the first of those that were redirected, may have left."""
        return self.progress.times > 0 or self.hops > 0

    @property
    def is_event_stream(self) -> bool:
        """Whether the answer is one that may never end."""
        return any(map(is_event_stream, listed_types(header(self.headers, "content-type") or "")))

    def find_way(self, *, has_proxies: bool) -> None:
        """Find the proxy to go through; refuse to be sent round for ever, or to where nothing may go."""
        if self.hops > MOST_REDIRECTS:
            raise RefusedError(Failure.PROTOCOL, f"{self.host} redirects more than {MOST_REDIRECTS} times")
        if not is_allowed(self.sent.url, self.wire.allowed_hosts):
            raise RefusedError(Failure.CONNECT, f"`--allow-host` does not name {self.host}")
        # what is secret is secure on this machine because it stays there
        if self.stays_here or (self.wire.proxy is None and not has_proxies):
            return
        try:
            self.proxy = proxy_for(self.sent.url, self.wire)
        except ArazzoError as error:
            raise RefusedError(Failure.CONNECT, error.diagnostics[0].message) from error

    def outgoing(self) -> Outgoing:
        """Return the request for a channel; raises what keeps it from being sent."""
        sent = self.sent
        self._check_files()
        try:
            address, target = read_url(sent.url)
            self._check_place(address, target)
            headers = _headers(sent, address, () if self.is_passed_on else OF_EVERY_REQUEST)
            method = sent.method.encode("ascii")
            return Outgoing(method, address, target, headers, sent.content, self.deadline, self.progress)
        except UnicodeEncodeError as error:
            raise ChannelError(Trouble.NOT_HTTP) from error

    def _check_files(self) -> None:
        if not isinstance(self.sent.content, Pieces):
            return
        try:
            self.sent.content.check()
        except ChangedError as error:
            raise RefusedError(Failure.FILE, f"{error}; nothing was sent") from error

    def _check_place(self, address: Address, target: bytes) -> None:
        """Refuse, as the last act before sending, a request that would go elsewhere than to where it may."""
        read_as = address.scheme.decode(), address.host.decode().lower(), address.number
        if self.sent.url.isascii() and origin_of(self.sent.url) != read_as:
            raise RefusedError(Failure.PROTOCOL, "the URL cannot be used: it may be read in two ways")
        # a part that is cut off would not arrive
        if self.base is not None and ("#" in self.sent.url or not _is_below(self.base, address, target)):
            reason = f"the request would not have gone below {self.base}: this is a fault of the engine"
            raise RefusedError(Failure.PROTOCOL, reason)

    def begin(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Take the head of an answer."""
        self.status = status
        self.headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)

    def add(self, chunk: bytes) -> None:
        """Take a part of the body."""
        self.size += len(chunk)
        if self.size > self.wire.ceiling:
            raise self._too_large()
        self.content.append(chunk)

    def answer(self) -> Answer:
        """Return the answer, which is complete."""
        if self.is_passed_on:
            return self._reply(Response(self.status, self.headers, b"".join(self.content)))
        coding = header(self.headers, "content-encoding") or ""
        try:
            unpacked = unpack(b"".join(self.content), coding, self.wire.ceiling)
        except TooLargeError as error:
            raise self._too_large() from error
        if unpacked.problem is not None:
            self.notes = (*self.notes, unpacked.problem)
        return self._reply(Response(self.status, self.headers, unpacked.content))

    def failed(self, error: ChannelError | RefusedError) -> Answer:
        """Return the answer for a request that got none."""
        sent, processed = self.progress.times > 0, not self.progress.is_unprocessed
        return self._reply(explain(error, Attempted(self.host, self.timeout, sent, processed, self.is_event_stream)))

    def following(self, answer: Answer) -> Sending | None:
        """Return what a redirect leads to, if it is to be followed."""
        if not self.wire.follow_redirects or not isinstance(answer.result, Response):
            return None
        request = next_request(self.sent, answer.result)
        if request is None or not is_allowed(request.url, self.wire.allowed_hosts):
            return None
        notes = (*self.notes, *changes_of(self.sent, answer.result.status, request))
        fresh = {"hops": self.hops + 1, "notes": notes, "status": 0, "headers": (), "content": [], "size": 0}
        return replace(self, sent=request, base=None, progress=Progress(), **fresh)

    def _too_large(self) -> RefusedError:
        kind = "event stream" if self.is_event_stream else "answer"
        return RefusedError(Failure.TOO_LARGE, f"the {kind} of {self.host} is larger than {self.wire.ceiling:,} bytes")

    def _reply(self, result: Response | NoResponse) -> Answer:
        if self.hops > 0 and isinstance(result, NoResponse):
            # the first request has been answered, with a redirect: it did leave
            result = replace(result, sent=True, processed=True)
        if self.progress.times > 1:
            again = f"the transport sent the request {self.progress.times} times by itself"
            self.notes = (*self.notes, again)
        followed = self.sent if self.hops else None
        return Answer(result, self.started_at, time.perf_counter() - self.began, self.hops, self.notes, followed)


def begin(effect: Send, wire: Wire) -> Sending:
    """Return a request on its way."""
    # a token endpoint was named for credentials, and nothing that it names was
    if effect.operation is None:
        allowed = replace(wire, follow_redirects=False, ceiling=min(wire.ceiling, LARGEST_GRANT))
        stays = is_loopback(effect.request.url)
        return replace(begin_unnamed(effect.request, effect.timeout, allowed), stays_here=stays)
    return replace(begin_unnamed(effect.request, effect.timeout, wire), base=effect.base)


def begin_unnamed(request: Request, timeout: float | None, wire: Wire) -> Sending:
    """Return a request on its way that no operation describes."""
    seconds = DEFAULT_TIMEOUT if timeout is None else timeout
    return Sending(request, seconds, wire, deadline=time.monotonic() + seconds)


def _is_below(base: BaseUrl, address: Address, target: bytes) -> bool:
    """Whether a request stays where the server of its operation is: the same origin, and a path below its path."""
    allowed, path = read_url(f"{base}/")
    rest = target.removeprefix(path).partition(b"?")[0].decode("ascii")
    return address == allowed and target.startswith(path) and not has_dot_segment(rest)


def _headers(request: Request, address: Address, of_every_request: Headers) -> list[tuple[bytes, bytes]]:
    if header(request.headers, "content-length") is not None:
        _check_length(request)
    headers = sent_headers(request, address.name.decode("ascii"), of_every_request)
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers]


def _check_length(request: Request) -> None:
    # a wrong one would be found out only when a part of the request has left
    length = header(request.headers, "content-length")
    if length != str(len(request.content)):
        reason = f"the header `Content-Length` says {length}, and the body has {len(request.content)} bytes"
        raise RefusedError(Failure.PROTOCOL, reason)


def _host(url: str) -> str:
    return re.sub(r"^[^:/?#]+://([^/?#]*@)?([^/?#]*).*", r"\2", url, flags=re.DOTALL)
