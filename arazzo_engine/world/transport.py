"""The HTTP transport: sends one request and gives back what came, or why nothing did. The only module that knows httpx.

Requests go through ``httpx.HTTPTransport`` itself, below the client: no redirects, no cookies, no proxies of the
environment (not yet), and the URL exactly as it was built. Only the certificate authorities may come from the
environment, by ``SSL_CERT_FILE`` and ``SSL_CERT_DIR``. Time and size are bounded. An error of the network is a reply.
"""

from __future__ import annotations

import importlib
import os
import re
import ssl
import sys
import time
from typing import TYPE_CHECKING, Final, Self

from msgspec import Struct, field

from arazzo_engine.language.exchange import Headers, Request, Response, header
from arazzo_engine.language.payloads import is_event_stream
from arazzo_engine.machine.effects import Answer, Failure, NoResponse, Send
from arazzo_engine.world.content_codings import ACCEPTED, TooLargeError, UnpackingError, unpack

if TYPE_CHECKING:
    from types import ModuleType

    import httpx


def _import_httpx() -> ModuleType:
    """Import httpx without its command line, which would bring rich and pygments along: 50 ms for nothing."""
    if "httpx" in sys.modules:
        return sys.modules["httpx"]
    sys.modules["httpx._main"] = None  # type: ignore[assignment]  # the documented way to make an import fail
    try:
        return importlib.import_module("httpx")
    finally:
        del sys.modules["httpx._main"]


if not TYPE_CHECKING:
    httpx = _import_httpx()

DEFAULT_TIMEOUT: Final = 30.0
DEFAULT_CEILING: Final = 10_000_000
VERSION: Final = "0.1.0"
_DEFAULT_HEADERS: Final = (
    ("Accept", "*/*"),
    ("Accept-Encoding", ACCEPTED),
    ("User-Agent", f"arazzo-engine/{VERSION}"),
)
# those of httpx.Client
_MOST_CONNECTIONS: Final = 100
_MOST_IDLE_CONNECTIONS: Final = 20
_IDLE_SECONDS: Final = 5.0
_LAST_PORT: Final = 65_535
_NOT_HTTP: Final = "the method, the URL or a header has characters that HTTP cannot carry"
# what httpx raises: the failure, whether the request may have left, and what a person is told
_FAILURES: Final[tuple[tuple[type[Exception], Failure, bool, str], ...]] = (
    (httpx.ConnectTimeout, Failure.TIMEOUT, False, "no connection to {host} within {timeout:g} s"),
    (httpx.PoolTimeout, Failure.TIMEOUT, False, "no connection to {host} within {timeout:g} s"),
    (httpx.TimeoutException, Failure.TIMEOUT, True, "no complete answer from {host} within {timeout:g} s"),
    (httpx.ConnectError, Failure.CONNECT, False, "cannot connect to {host}: {reason}"),
    (httpx.InvalidURL, Failure.PROTOCOL, False, "the URL cannot be used: {reason}"),
    # its text has the value of the header
    (httpx.LocalProtocolError, Failure.PROTOCOL, False, _NOT_HTTP),
    (UnpackingError, Failure.PROTOCOL, True, "the answer of {host} is not encoded as it claims"),
    (httpx.HTTPError, Failure.PROTOCOL, True, "{host} broke off the exchange: {reason}"),
    # what an event loop reads from a TLS connection is not wrapped; why is told by the error itself
    (ssl.SSLError, Failure.TLS, True, "no secure connection to {host}"),
    (UnicodeEncodeError, Failure.PROTOCOL, False, _NOT_HTTP),
    # of a host that is looked up
    (UnicodeError, Failure.CONNECT, False, "cannot connect to {host}: this is no name of a host"),
)


class _RefusedError(Exception):
    """The exchange is given up by the transport itself; ``result`` says why."""

    def __init__(self, failure: Failure, reason: str, *, sent: bool = True) -> None:
        super().__init__(reason)
        self.result = NoResponse(failure, reason, sent)


_EXPECTED: Final[tuple[type[Exception], ...]] = (_RefusedError, *(kind for kind, _, _, _ in _FAILURES))


class _Exchange(Struct):
    """One request on its way: what every kind of transport does before and after."""

    sent: Request
    timeout: float
    ceiling: int
    started_at: float = field(default_factory=time.time)
    began: float = field(default_factory=time.perf_counter)
    deadline: float = field(default_factory=time.monotonic)
    content: bytearray = field(default_factory=bytearray)
    is_event_stream: bool = False

    def __post_init__(self) -> None:
        self.deadline += self.timeout

    @property
    def host(self) -> str:
        """The host and port, without anything that could be secret."""
        return re.sub(r"^[^:/?#]+://([^/?#]*@)?([^/?#]*).*", r"\2", self.sent.url, flags=re.DOTALL)

    def request(self) -> httpx.Request:
        """Return the request for httpx; its times are moments, as ``connections`` wants them."""
        sent = self.sent
        times = dict.fromkeys(("connect", "read", "write"), self.deadline)
        extensions = {"timeout": {**times, "pool": self.timeout}, "target": _target(sent.url)}
        sent.method.encode("ascii")
        request = httpx.Request(
            sent.method, sent.url, headers=_headers(sent), content=sent.content or None, extensions=extensions
        )
        _check_url(request.url)
        return request

    def check(self, response: httpx.Response) -> None:
        """Look at the head of an answer, and refuse one that is packed several times: each time multiplies."""
        self.is_event_stream = is_event_stream(response.headers.get("Content-Type", ""))
        if response.headers.get("Content-Encoding", "").count(",") > 0:
            raise _RefusedError(Failure.PROTOCOL, f"the answer of {self.host} is encoded more than once")

    def add(self, chunk: bytes) -> None:
        """Take a part of the body."""
        if len(self.content) + len(chunk) > self.ceiling:
            raise self._too_large()
        self.content += chunk

    def unpack(self, response: httpx.Response) -> None:
        """Unpack the body, which is complete."""
        try:
            self.content = bytearray(
                unpack(bytes(self.content), response.headers.get("Content-Encoding", ""), self.ceiling)
            )
        except TooLargeError as error:
            raise self._too_large() from error

    def _too_large(self) -> _RefusedError:
        kind = "event stream" if self.is_event_stream else "answer"
        return _RefusedError(Failure.TOO_LARGE, f"the {kind} of {self.host} is larger than {self.ceiling:,} bytes")

    def answer(self, response: httpx.Response) -> Answer:
        """Return the answer that came."""
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
        return self._reply(Response(response.status_code, headers, bytes(self.content)))

    def failed(self, error: Exception) -> Answer:
        """Return the answer for an exchange that failed."""
        return self._reply(_explain(error, self))

    def _reply(self, result: Response | NoResponse) -> Answer:
        return Answer(result, self.started_at, time.perf_counter() - self.began)


class Transport(Struct):
    """Sends requests one after the other, over connections that stay open until it is closed.

    ``tls`` is the context for https; without one, the usual certificate authorities are trusted, and their
    certificates are only loaded when the first https URL is met.
    """

    tls: ssl.SSLContext | None = None
    ceiling: int = DEFAULT_CEILING
    _open: dict[bool, httpx.HTTPTransport] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        for transport in self._open.values():
            transport.close()
        self._open.clear()

    def send(self, effect: Send) -> Answer:
        """Send a request and return its answer; nothing that the network does raises."""
        timeout = DEFAULT_TIMEOUT if effect.timeout is None else effect.timeout
        return self._exchange(_Exchange(effect.request, timeout, self.ceiling))

    def get(self, url: str, timeout: float) -> Response | NoResponse:
        """Get a document, which no operation describes."""
        return self._exchange(_Exchange(Request("GET", url), timeout, self.ceiling)).result

    def _exchange(self, exchange: _Exchange) -> Answer:
        try:
            request = exchange.request()
            response = self._transport(request).handle_request(request)
            try:
                exchange.check(response)
                for chunk in response.iter_raw():
                    exchange.add(chunk)
                exchange.unpack(response)
            finally:
                response.close()
        except _EXPECTED as error:
            return exchange.failed(error)
        return exchange.answer(response)

    def _transport(self, request: httpx.Request) -> httpx.HTTPTransport:
        is_secure = request.url.scheme == "https"
        if is_secure not in self._open:
            self._open[is_secure] = _sync_transport(_context(self.tls, is_secure=is_secure))
        return self._open[is_secure]


class AsyncTransport(Struct):
    """The same for an event loop."""

    tls: ssl.SSLContext | None = None
    ceiling: int = DEFAULT_CEILING
    _open: dict[bool, httpx.AsyncHTTPTransport] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        for transport in self._open.values():
            await transport.aclose()
        self._open.clear()

    async def send(self, effect: Send) -> Answer:
        """Send a request and return its answer; nothing that the network does raises."""
        timeout = DEFAULT_TIMEOUT if effect.timeout is None else effect.timeout
        exchange = _Exchange(effect.request, timeout, self.ceiling)
        try:
            request = exchange.request()
            response = await self._transport(request).handle_async_request(request)
            try:
                exchange.check(response)
                async for chunk in response.aiter_raw():
                    exchange.add(chunk)
                exchange.unpack(response)
            finally:
                await response.aclose()
        except _EXPECTED as error:
            return exchange.failed(error)
        return exchange.answer(response)

    def _transport(self, request: httpx.Request) -> httpx.AsyncHTTPTransport:
        is_secure = request.url.scheme == "https"
        if is_secure not in self._open:
            self._open[is_secure] = _async_transport(_context(self.tls, is_secure=is_secure))
        return self._open[is_secure]


def _context(tls: ssl.SSLContext | None, *, is_secure: bool) -> ssl.SSLContext:
    if not is_secure:
        # never used, and far cheaper than one that loads the certificate authorities
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        return tls or httpx.create_ssl_context()
    except OSError as error:
        reason = f"the certificate authorities cannot be loaded: {_tls_reason(error) or _reason(error)}"
        raise _RefusedError(Failure.TLS, reason, sent=False) from error


def _sync_transport(context: ssl.SSLContext) -> httpx.HTTPTransport:
    import httpcore  # noqa: PLC0415 - httpx imports it as late

    from arazzo_engine.world.connections import Connections  # noqa: PLC0415 - brings httpcore along

    transport = httpx.HTTPTransport(verify=context)
    # httpx takes no network backend itself
    transport._pool = httpcore.ConnectionPool(  # noqa: SLF001
        ssl_context=context,
        max_connections=_MOST_CONNECTIONS,
        max_keepalive_connections=_MOST_IDLE_CONNECTIONS,
        keepalive_expiry=_IDLE_SECONDS,
        network_backend=Connections(),
    )
    return transport


def _async_transport(context: ssl.SSLContext) -> httpx.AsyncHTTPTransport:
    import httpcore  # noqa: PLC0415 - httpx imports it as late

    from arazzo_engine.world.connections import AsyncConnections  # noqa: PLC0415 - brings httpcore along

    transport = httpx.AsyncHTTPTransport(verify=context)
    # httpx takes no network backend itself
    transport._pool = httpcore.AsyncConnectionPool(  # noqa: SLF001
        ssl_context=context,
        max_connections=_MOST_CONNECTIONS,
        max_keepalive_connections=_MOST_IDLE_CONNECTIONS,
        keepalive_expiry=_IDLE_SECONDS,
        network_backend=AsyncConnections(),
    )
    return transport


def _headers(request: Request) -> list[tuple[bytes, bytes]]:
    given = request.headers
    length = header(given, "content-length")
    # RFC 9110, section 8.6: "a user agent SHOULD send Content-Length in a request"; a wrong one would be found out
    # only when a part of the request has left
    if length is not None and length != str(len(request.content)):
        reason = f"the header `Content-Length` says {length}, and the body has {len(request.content)} bytes"
        raise _RefusedError(Failure.PROTOCOL, reason, sent=False)
    defaults = tuple((name, value) for name, value in _DEFAULT_HEADERS if header(given, name) is None)
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in (*_host_first(given), *defaults)]


def _host_first(headers: Headers) -> Headers:
    return tuple(sorted(headers, key=lambda each: each[0].lower() != "host"))


def _check_url(url: httpx.URL) -> None:
    # below the client, nothing looks at these
    checks = (
        (url.scheme in {"http", "https"}, "it is neither http nor https"),
        (url.raw_host, "it has no host"),
        (url.port is None or 0 < url.port <= _LAST_PORT, f"there is no port {url.port}"),
    )
    for is_kept, reason in checks:
        if not is_kept:
            raise _RefusedError(Failure.PROTOCOL, f"the URL cannot be used: {reason}", sent=False)


def _target(url: str) -> bytes:
    """Return the path and query exactly as they were built: httpx would encode some characters once more."""
    after_host = re.sub(r"^[^:/?#]+://[^/?#]*", "", url.split("#", 1)[0])
    path = after_host if after_host.startswith("/") else "/" + after_host
    return path.encode("ascii")


def _explain(error: Exception, exchange: _Exchange) -> NoResponse:
    if isinstance(error, _RefusedError):
        return error.result
    host, tls = exchange.host, _tls_reason(error)
    if tls is not None:
        # with TLS 1.3, a server may refuse the client only after the request has left
        is_sent = not isinstance(error, httpx.ConnectError)
        return NoResponse(Failure.TLS, f"no secure connection to {host}: {tls}", is_sent)
    if exchange.is_event_stream and isinstance(error, httpx.TimeoutException):
        reason = f"the event stream of {host} had not ended within {exchange.timeout:g} s"
        return NoResponse(Failure.TIMEOUT, reason)
    _, failure, sent, text = next(row for row in _FAILURES if isinstance(error, row[0]))
    return NoResponse(failure, text.format(host=host, timeout=exchange.timeout, reason=_reason(error)), sent)


def _chain(error: BaseException | None) -> list[BaseException]:
    """Return the error and what led to it; of several attempts to connect, the first."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error.__cause__ or error.__context__
    return found


def _tls_reason(error: Exception) -> str | None:
    # what waits for the other side during a handshake is an error of TLS too
    chain = [] if isinstance(error, httpx.TimeoutException) else _chain(error)
    for each in chain:
        if isinstance(each, ssl.SSLCertVerificationError):
            return each.verify_message
        if isinstance(each, ssl.SSLError):
            return (each.reason or "the TLS handshake failed").replace("_", " ").lower()
    return None


def _reason(error: Exception) -> str:
    """Return why, as a person says it. What an error quotes is left out: it could be secret."""
    for each in _chain(error):
        if isinstance(each, OSError) and each.errno:
            # the number is certain, the text may be that of Python; a resolver's numbers are negative
            text = os.strerror(each.errno) if each.errno > 0 else each.strerror or ""
            return _as_clause(text)
    return _as_clause(str(error).partition(":")[0].rstrip("."))


def _as_clause(text: str) -> str:
    is_word = text[1:2].islower()
    return (text[:1].lower() + text[1:] if is_word else text) or "no reason is known"
