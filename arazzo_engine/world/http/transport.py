"""The HTTP transport: sends one request and gives back what came, or why nothing did. The only module that knows httpx.

Requests go through ``httpx.HTTPTransport`` itself, below the client: no cookies, and the URL exactly as it was built.
The environment may name certificate authorities (``SSL_CERT_FILE``, ``SSL_CERT_DIR``) and proxies. Time and size are
bounded. An error of the network is a reply. What may be asked of the way there is ``wire``'s to say.
"""

from __future__ import annotations

import importlib
import os
import re
import ssl
import sys
import time
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.servers import is_allowed
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.language.messages.exchange import Headers, Request, Response, header
from arazzo_engine.language.messages.payloads import is_event_stream
from arazzo_engine.machine.answers import Answer, Failure, NoResponse
from arazzo_engine.world.http.content_codings import ACCEPTED, TooLargeError, UnpackingError, unpack
from arazzo_engine.world.http.redirects import MOST_REDIRECTS, next_request
from arazzo_engine.world.http.wire import Wire, environment_names_proxies, own_context, proxy_for

if TYPE_CHECKING:
    from types import ModuleType

    import httpx

    from arazzo_engine.machine.effects import Send


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
    (httpx.ConnectTimeout, Failure.TIMEOUT, False, "no connection to {host} within {timeout:.3g} s"),
    (httpx.PoolTimeout, Failure.TIMEOUT, False, "no connection to {host} within {timeout:.3g} s"),
    (httpx.TimeoutException, Failure.TIMEOUT, True, "no complete answer from {host} within {timeout:.3g} s"),
    (httpx.ConnectError, Failure.CONNECT, False, "cannot connect to {host}: {reason}"),
    (httpx.ProxyError, Failure.CONNECT, False, "no way to {host}: the proxy answered {reason}"),
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


# Whether connections are secure, and the proxy that they go through
_Way: TypeAlias = tuple[bool, str | None]


# what OpenSSL says, and what it means
_TLS_REASONS: Final = {"wrong version number": "the server does not speak TLS there; its URL may begin with http://"}


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
    wire: Wire
    proxy: str | None = None
    hops: int = 0
    started_at: float = field(default_factory=time.time)
    began: float = field(default_factory=time.perf_counter)
    deadline: float = 0.0
    content: bytearray = field(default_factory=bytearray)
    is_event_stream: bool = False

    @property
    def host(self) -> str:
        """The host and port, and those of the proxy, without anything that could be secret."""
        return _host(self.sent.url) + (f" through the proxy {_host(self.proxy)}" if self.proxy else "")

    @property
    def way(self) -> _Way:
        """The connections that this exchange may share with others."""
        return self.sent.url[:6].lower() == "https:", self.proxy

    def request(self) -> httpx.Request:
        """Return the request for httpx; its times are moments, as ``connections`` wants them."""
        sent = self.sent
        times = dict.fromkeys(("connect", "read", "write"), self.deadline)
        extensions: dict[str, Any] = {"timeout": {**times, "pool": self.timeout}}
        if self.proxy is None:
            # a proxy is asked for other targets
            extensions["target"] = _target(sent.url)
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
        if len(self.content) + len(chunk) > self.wire.ceiling:
            raise self._too_large()
        self.content += chunk

    def unpack(self, response: httpx.Response) -> None:
        """Unpack the body, which is complete."""
        try:
            self.content = bytearray(
                unpack(bytes(self.content), response.headers.get("Content-Encoding", ""), self.wire.ceiling)
            )
        except TooLargeError as error:
            raise self._too_large() from error

    def _too_large(self) -> _RefusedError:
        kind = "event stream" if self.is_event_stream else "answer"
        return _RefusedError(Failure.TOO_LARGE, f"the {kind} of {self.host} is larger than {self.wire.ceiling:,} bytes")

    def answer(self, response: httpx.Response) -> Answer:
        """Return the answer that came."""
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
        return self._reply(Response(response.status_code, headers, bytes(self.content)))

    def failed(self, error: Exception) -> Answer:
        """Return the answer for an exchange that failed."""
        return self._reply(_explain(error, self))

    def following(self, answer: Answer) -> _Exchange | None:
        """Return the exchange that a redirect leads to, if it is to be followed."""
        if not self.wire.follow_redirects or not isinstance(answer.result, Response):
            return None
        request = next_request(self.sent, answer.result)
        if request is None or not is_allowed(request.url, self.wire.allowed_hosts):
            return None
        return replace(self, sent=request, content=bytearray(), hops=self.hops + 1)

    def find_way(self, *, has_proxies: bool) -> None:
        """Find the proxy to go through; refuse to be sent round for ever, or to where nothing may go."""
        if self.hops > MOST_REDIRECTS:
            raise _RefusedError(Failure.PROTOCOL, f"{self.host} redirects more than {MOST_REDIRECTS} times")
        if not is_allowed(self.sent.url, self.wire.allowed_hosts):
            raise _RefusedError(Failure.CONNECT, f"`--allow-host` does not name {self.host}", sent=False)
        if self.wire.proxy is None and not has_proxies:
            return
        try:
            self.proxy = proxy_for(self.sent.url, self.wire)
        except ArazzoError as error:
            raise _RefusedError(Failure.CONNECT, error.diagnostics[0].message, sent=False) from error

    def _reply(self, result: Response | NoResponse) -> Answer:
        if self.hops > 0 and isinstance(result, NoResponse):
            # the first request has been answered, with a redirect: it did leave
            result = replace(result, sent=True)
        return Answer(result, self.started_at, time.perf_counter() - self.began, self.hops)


class Transport(Struct):
    """Sends requests one after the other, over connections that stay open until it is closed.

    ``tls`` is the context for https; without one, it is made as ``wire`` says when the first https URL is met, since
    loading the usual certificate authorities takes its time.
    """

    tls: ssl.SSLContext | None = None
    wire: Wire = Wire()
    _open: dict[_Way, httpx.HTTPTransport] = field(default_factory=dict)
    _has_proxies: bool = field(default_factory=environment_names_proxies)

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
        return self._follow(_begin(effect.request, effect.timeout, _wire_for(effect, self.wire)))

    def get(self, url: str, timeout: float) -> Response | NoResponse:
        """Get a document, which no operation describes."""
        return self._follow(_begin(Request("GET", url), timeout, self.wire)).result

    def _follow(self, exchange: _Exchange) -> Answer:
        answer = self._exchange(exchange)
        while (following := exchange.following(answer)) is not None:
            exchange = following
            answer = self._exchange(exchange)
        return answer

    def _exchange(self, exchange: _Exchange) -> Answer:
        try:
            exchange.find_way(has_proxies=self._has_proxies)
            request = exchange.request()
            response = self._transport(exchange.way).handle_request(request)
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

    def _transport(self, way: _Way) -> httpx.HTTPTransport:
        if way not in self._open:
            self._open[way] = _sync_transport(way, _context(self.tls, self.wire, way), self.wire)
        return self._open[way]


class AsyncTransport(Struct):
    """The same for an event loop."""

    tls: ssl.SSLContext | None = None
    wire: Wire = Wire()
    _open: dict[_Way, httpx.AsyncHTTPTransport] = field(default_factory=dict)
    _has_proxies: bool = field(default_factory=environment_names_proxies)

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
        exchange = _begin(effect.request, effect.timeout, _wire_for(effect, self.wire))
        answer = await self._exchange(exchange)
        while (following := exchange.following(answer)) is not None:
            exchange = following
            answer = await self._exchange(exchange)
        return answer

    async def _exchange(self, exchange: _Exchange) -> Answer:
        try:
            exchange.find_way(has_proxies=self._has_proxies)
            request = exchange.request()
            response = await self._transport(exchange.way).handle_async_request(request)
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

    def _transport(self, way: _Way) -> httpx.AsyncHTTPTransport:
        if way not in self._open:
            self._open[way] = _async_transport(way, _context(self.tls, self.wire, way), self.wire)
        return self._open[way]


def _wire_for(effect: Send, wire: Wire) -> Wire:
    # a token endpoint was named for credentials, and nothing that it names was
    return replace(wire, follow_redirects=False) if effect.operation is None else wire


def _begin(request: Request, timeout: float | None, wire: Wire) -> _Exchange:
    seconds = DEFAULT_TIMEOUT if timeout is None else timeout
    return _Exchange(request, seconds, wire, deadline=time.monotonic() + seconds)


def _context(tls: ssl.SSLContext | None, wire: Wire, way: _Way) -> ssl.SSLContext:
    is_secure, proxy = way
    if not is_secure and not (proxy or "").startswith("https:"):
        # never used, and far cheaper than one that loads the certificate authorities
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        return tls or (own_context(wire) if wire.has_own_trust else httpx.create_ssl_context())
    except (OSError, ArazzoError) as error:
        reason = f"the certificate authorities cannot be loaded: {_tls_reason(error) or _reason(error)}"
        raise _RefusedError(Failure.TLS, reason, sent=False) from error


def _sync_transport(way: _Way, context: ssl.SSLContext, wire: Wire) -> httpx.HTTPTransport:
    import httpcore  # noqa: PLC0415 - httpx imports it as late

    from arazzo_engine.world.http.connections import Connections  # noqa: PLC0415 - brings httpcore along

    transport = httpx.HTTPTransport(verify=context)
    settings = _pool_settings(context, wire) | {"network_backend": Connections()}
    # httpx takes no network backend itself
    transport._pool = (  # noqa: SLF001
        httpcore.HTTPProxy(**_proxy_settings(way[1], context), **settings)
        if way[1]
        else httpcore.ConnectionPool(**settings)
    )
    return transport


def _async_transport(way: _Way, context: ssl.SSLContext, wire: Wire) -> httpx.AsyncHTTPTransport:
    import httpcore  # noqa: PLC0415 - httpx imports it as late

    from arazzo_engine.world.http.connections import AsyncConnections  # noqa: PLC0415 - brings httpcore along

    transport = httpx.AsyncHTTPTransport(verify=context)
    settings = _pool_settings(context, wire) | {"network_backend": AsyncConnections()}
    # httpx takes no network backend itself
    transport._pool = (  # noqa: SLF001
        httpcore.AsyncHTTPProxy(**_proxy_settings(way[1], context), **settings)
        if way[1]
        else httpcore.AsyncConnectionPool(**settings)
    )
    return transport


def _pool_settings(context: ssl.SSLContext, wire: Wire) -> dict[str, Any]:
    return {
        "ssl_context": context,
        "max_connections": _MOST_CONNECTIONS,
        "max_keepalive_connections": _MOST_IDLE_CONNECTIONS,
        "keepalive_expiry": _IDLE_SECONDS,
        "http2": wire.http2,
        "retries": wire.connect_retries,
    }


def _proxy_settings(proxy: str, context: ssl.SSLContext) -> dict[str, Any]:
    url = httpx.URL(proxy)
    user = (url.username, url.password) if url.username or url.password else None
    tls = context if url.scheme == "https" else None
    port = f":{url.port}" if url.port else ""
    host = url.raw_host.decode("ascii")
    return {"proxy_url": f"{url.scheme}://{host}{port}", "proxy_auth": user, "proxy_ssl_context": tls}


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


def _host(url: str) -> str:
    return re.sub(r"^[^:/?#]+://([^/?#]*@)?([^/?#]*).*", r"\2", url, flags=re.DOTALL)


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
            reason = (each.reason or "the TLS handshake failed").replace("_", " ").lower()
            return _TLS_REASONS.get(reason, reason)
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
