"""The HTTP transport: sends one request and gives back what came, or why nothing did. The only module that knows httpx.

Requests go through ``httpx.HTTPTransport`` itself, below the client: no redirects, no cookies, nothing of the
environment, and the URL exactly as it was built. Time and size are bounded. An error of the network is a reply.
"""

from __future__ import annotations

import importlib
import re
import ssl
import sys
import time
from typing import TYPE_CHECKING, Any, Final, Self

from msgspec import Struct, field

from arazzo_engine.language.exchange import Headers, Request, Response, header
from arazzo_engine.machine.effects import Answer, Failure, NoResponse, Send

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


_httpx: Final = _import_httpx()

DEFAULT_TIMEOUT: Final = 30.0
DEFAULT_CEILING: Final = 10_000_000
_DEFAULT_HEADERS: Final = (("Accept", "*/*"), ("Accept-Encoding", "gzip, deflate"), ("User-Agent", "arazzo-engine"))
# what httpx raises: the failure, whether the request may have left, and what a person is told
_FAILURES: Final[tuple[tuple[type[Exception], Failure, bool, str], ...]] = (
    (_httpx.ConnectTimeout, Failure.TIMEOUT, False, "no connection to {host} within {timeout:g} s"),
    (_httpx.PoolTimeout, Failure.TIMEOUT, False, "no connection to {host} within {timeout:g} s"),
    (_httpx.TimeoutException, Failure.TIMEOUT, True, "no answer from {host} within {timeout:g} s"),
    (_httpx.ConnectError, Failure.CONNECT, False, "cannot connect to {host}: {reason}"),
    (_httpx.UnsupportedProtocol, Failure.PROTOCOL, False, "the URL is neither http nor https"),
    (_httpx.InvalidURL, Failure.PROTOCOL, False, "the URL cannot be used: {reason}"),
    (_httpx.LocalProtocolError, Failure.PROTOCOL, False, "the request is no valid HTTP: {reason}"),
    (_httpx.DecodingError, Failure.PROTOCOL, True, "the answer of {host} is not encoded as it claims"),
    (_httpx.HTTPError, Failure.PROTOCOL, True, "{host} broke off the exchange: {reason}"),
)


class _TooLargeError(Exception):
    """The body passed the ceiling."""


class _TooSlowError(Exception):
    """The body took longer than the timeout."""


class _Body(Struct):
    """A body while it comes in, with the bounds it must keep."""

    ceiling: int
    deadline: float
    chunks: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > self.ceiling:
            raise _TooLargeError
        if time.monotonic() > self.deadline:
            raise _TooSlowError
        self.chunks.append(chunk)


class _Exchange(Struct):
    """One request on its way: what every kind of transport does before and after."""

    sent: Request
    given_timeout: float | None
    ceiling: int
    started_at: float = field(default_factory=time.time)
    _began: float = field(default_factory=time.perf_counter)

    @property
    def timeout(self) -> float:
        """The longest time that anything may take, in seconds."""
        return DEFAULT_TIMEOUT if self.given_timeout is None else self.given_timeout

    def request(self) -> httpx.Request:
        """Return the request for httpx."""
        request = self.sent
        times = dict.fromkeys(("connect", "read", "write", "pool"), self.timeout)
        extensions = {"timeout": times, "target": _target(request.url)}
        built: httpx.Request = _httpx.Request(
            request.method,
            request.url,
            headers=_headers(request),
            content=request.content or None,
            extensions=extensions,
        )
        return built

    def body(self) -> _Body:
        """Return the empty body that the answer is collected in."""
        return _Body(self.ceiling, time.monotonic() + self.timeout)

    def answer(self, response: httpx.Response, body: _Body) -> Answer:
        """Return the answer that came."""
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
        return self._reply(Response(response.status_code, headers, b"".join(body.chunks)))

    def failed(self, error: Exception) -> Answer:
        """Return the answer for an exchange that failed."""
        return self._reply(_explain(error, self))

    def _reply(self, result: Response | NoResponse) -> Answer:
        return Answer(result, self.started_at, time.perf_counter() - self._began)


_EXPECTED: Final = (_httpx.HTTPError, _httpx.InvalidURL, _TooLargeError, _TooSlowError, UnicodeError)


class Transport(Struct):
    """Sends requests one after the other, over connections that stay open until it is closed.

    ``tls`` is the context for https; without one, the usual certificate authorities are trusted, and their
    certificates are only loaded when the first https URL is met.
    """

    tls: ssl.SSLContext | None = None
    ceiling: int = DEFAULT_CEILING
    _open: dict[bool, Any] = field(default_factory=dict)

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
        return self._exchange(_Exchange(effect.request, effect.timeout, self.ceiling))

    def get(self, url: str, timeout: float) -> Response | NoResponse:
        """Get a document, which no operation describes."""
        return self._exchange(_Exchange(Request("GET", url), timeout, self.ceiling)).result

    def _exchange(self, exchange: _Exchange) -> Answer:
        try:
            request = exchange.request()
            body = exchange.body()
            response = self._transport(request).handle_request(request)
            try:
                for chunk in response.iter_bytes():
                    body.add(chunk)
            finally:
                response.close()
        except _EXPECTED as error:
            return exchange.failed(error)
        return exchange.answer(response, body)

    def _transport(self, request: httpx.Request) -> httpx.HTTPTransport:
        is_secure = request.url.scheme == "https"
        if is_secure not in self._open:
            self._open[is_secure] = _httpx.HTTPTransport(verify=_verification(self.tls, is_secure=is_secure))
        transport: httpx.HTTPTransport = self._open[is_secure]
        return transport


class AsyncTransport(Struct):
    """The same for an event loop."""

    tls: ssl.SSLContext | None = None
    ceiling: int = DEFAULT_CEILING
    _open: dict[bool, Any] = field(default_factory=dict)

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
        exchange = _Exchange(effect.request, effect.timeout, self.ceiling)
        try:
            request = exchange.request()
            body = exchange.body()
            response = await self._transport(request).handle_async_request(request)
            try:
                async for chunk in response.aiter_bytes():
                    body.add(chunk)
            finally:
                await response.aclose()
        except _EXPECTED as error:
            return exchange.failed(error)
        return exchange.answer(response, body)

    def _transport(self, request: httpx.Request) -> httpx.AsyncHTTPTransport:
        is_secure = request.url.scheme == "https"
        if is_secure not in self._open:
            self._open[is_secure] = _httpx.AsyncHTTPTransport(verify=_verification(self.tls, is_secure=is_secure))
        transport: httpx.AsyncHTTPTransport = self._open[is_secure]
        return transport


def _verification(tls: ssl.SSLContext | None, *, is_secure: bool) -> ssl.SSLContext | bool:
    if not is_secure:
        # never used, and far cheaper than one that loads the certificate authorities
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return True if tls is None else tls


def _headers(request: Request) -> list[tuple[bytes, bytes]]:
    given = request.headers
    defaults = tuple((name, value) for name, value in _DEFAULT_HEADERS if header(given, name) is None)
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in (*_host_first(given), *defaults)]


def _host_first(headers: Headers) -> Headers:
    return tuple(sorted(headers, key=lambda each: each[0].lower() != "host"))


def _target(url: str) -> bytes:
    """Return the path and query exactly as they were built: httpx would encode some characters once more."""
    after_host = re.sub(r"^[^:/?#]+://[^/?#]*", "", url.split("#", 1)[0])
    path = after_host if after_host.startswith("/") else "/" + after_host
    return path.encode("ascii")


def _explain(error: Exception, exchange: _Exchange) -> NoResponse:
    host = re.sub(r"^[^:/?#]+://([^/?#@]*@)?([^/?#]*).*", r"\2", exchange.sent.url)
    if isinstance(error, _TooLargeError):
        return NoResponse(Failure.TOO_LARGE, f"the answer of {host} is larger than {exchange.ceiling:,} bytes")
    if isinstance(error, _TooSlowError):
        return NoResponse(Failure.TIMEOUT, f"the answer of {host} took longer than {exchange.timeout:g} s")
    if isinstance(error, UnicodeError):
        return NoResponse(Failure.PROTOCOL, "the URL or a header has characters that HTTP cannot carry", sent=False)
    tls = _tls_reason(error)
    if tls is not None:
        return NoResponse(Failure.TLS, f"no secure connection to {host}: {tls}", sent=False)
    for kind, failure, sent, text in _FAILURES:
        if isinstance(error, kind):
            reason = text.format(host=host, timeout=exchange.timeout, reason=_reason(error))
            return NoResponse(failure, reason, sent=sent)
    return NoResponse(Failure.PROTOCOL, f"the exchange with {host} failed")


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _tls_reason(error: Exception) -> str | None:
    for each in _chain(error):
        if isinstance(each, ssl.SSLCertVerificationError):
            return each.verify_message
        if isinstance(each, ssl.SSLError):
            return (each.reason or "the TLS handshake failed").replace("_", " ").lower()
    # httpcore keeps only the text of what went wrong in the handshake
    match = re.search(r"\[SSL(?:: \w+)?\] ([^(]+)", str(error)) if isinstance(error, _httpx.ConnectError) else None
    return match[1].strip() if match else None


def _reason(error: Exception) -> str:
    for each in _chain(error):
        if isinstance(each, OSError) and each.strerror:
            return each.strerror[0].lower() + each.strerror[1:]
    text = re.sub(r"^\[Errno -?\d+\] ", "", str(error)).rstrip(".")
    return text[:1].lower() + text[1:] if text else "no reason is known"
