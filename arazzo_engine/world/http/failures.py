"""What it means when an exchange fails: which failure it is, whether the request may have left, and what is told.

Decides this from what httpcore raises, in one table. What an error quotes is never told: it could be secret. How an
exchange is made is not known here.
"""

from __future__ import annotations

import os
import ssl
from typing import Final

import httpcore
from msgspec import Struct

from arazzo_engine.machine.answers import Failure, NoResponse
from arazzo_engine.world.http.content_codings import UnpackingError

_NOT_HTTP: Final = "the method, the URL or a header has characters that HTTP cannot carry"
# what is raised: the failure, whether the request may have left, and what a person is told
_FAILURES: Final[tuple[tuple[type[Exception], Failure, bool, str], ...]] = (
    (httpcore.ConnectTimeout, Failure.TIMEOUT, False, "no connection to {host} within {timeout:.3g} s"),
    (httpcore.PoolTimeout, Failure.TIMEOUT, False, "no connection to {host} within {timeout:.3g} s"),
    (httpcore.TimeoutException, Failure.TIMEOUT, True, "no complete answer from {host} within {timeout:.3g} s"),
    (httpcore.ConnectError, Failure.CONNECT, False, "cannot connect to {host}: {reason}"),
    (httpcore.ProxyError, Failure.CONNECT, False, "no way to {host}: the proxy answered {reason}"),
    # its text has the value of the header
    (httpcore.LocalProtocolError, Failure.PROTOCOL, False, _NOT_HTTP),
    (UnpackingError, Failure.PROTOCOL, True, "the answer of {host} is not encoded as it claims"),
    (httpcore.NetworkError, Failure.PROTOCOL, True, "{host} broke off the exchange: {reason}"),
    (httpcore.ProtocolError, Failure.PROTOCOL, True, "{host} broke off the exchange: {reason}"),
    # what an event loop reads from a TLS connection is not wrapped; why is told by the error itself
    (ssl.SSLError, Failure.TLS, True, "no secure connection to {host}"),
    (UnicodeEncodeError, Failure.PROTOCOL, False, _NOT_HTTP),
    # of a host that is looked up
    (UnicodeError, Failure.CONNECT, False, "cannot connect to {host}: this is no name of a host"),
)
# what OpenSSL says, and what it means
_TLS_REASONS: Final = {"wrong version number": "the server does not speak TLS there; its URL may begin with http://"}


class RefusedError(Exception):
    """The exchange is given up by the transport itself; ``result`` says why."""

    def __init__(self, failure: Failure, reason: str, *, sent: bool = True) -> None:
        super().__init__(reason)
        self.result = NoResponse(failure, reason, sent)


EXPECTED: Final[tuple[type[Exception], ...]] = (RefusedError, *(kind for kind, _, _, _ in _FAILURES))


class Attempted(Struct, frozen=True):
    """What a person is told of an exchange that failed: with whom, within how many seconds, and whether it streamed."""

    host: str
    timeout: float
    is_event_stream: bool = False


def explain(error: Exception, attempted: Attempted) -> NoResponse:
    """Return what it means that one of the ``EXPECTED`` was raised."""
    if isinstance(error, RefusedError):
        return error.result
    host, timeout, tls = attempted.host, attempted.timeout, tls_reason(error)
    if tls is not None:
        # with TLS 1.3, a server may refuse the client only after the request has left
        is_sent = not isinstance(error, httpcore.ConnectError)
        return NoResponse(Failure.TLS, f"no secure connection to {host}: {tls}", is_sent)
    if attempted.is_event_stream and isinstance(error, httpcore.TimeoutException):
        return NoResponse(Failure.TIMEOUT, f"the event stream of {host} had not ended within {timeout:g} s")
    _, failure, sent, text = next(row for row in _FAILURES if isinstance(error, row[0]))
    return NoResponse(failure, text.format(host=host, timeout=timeout, reason=reason_of(error)), sent)


def tls_reason(error: Exception) -> str | None:
    """Return what is wrong with a secure connection, ``None`` when that is not what failed."""
    # what waits for the other side during a handshake is an error of TLS too
    chain = [] if isinstance(error, httpcore.TimeoutException) else _chain(error)
    for each in chain:
        if isinstance(each, ssl.SSLCertVerificationError):
            return each.verify_message
        if isinstance(each, ssl.SSLError):
            reason = (each.reason or "the TLS handshake failed").replace("_", " ").lower()
            return _TLS_REASONS.get(reason, reason)
    return None


def reason_of(error: Exception) -> str:
    """Return why, as a person says it. What an error quotes is left out: it could be secret."""
    for each in _chain(error):
        if isinstance(each, OSError) and each.errno:
            # the number is certain, the text may be that of Python; a resolver's numbers are negative
            text = os.strerror(each.errno) if each.errno > 0 else each.strerror or ""
            return _as_clause(text)
    return _as_clause(str(error).partition(":")[0].rstrip("."))


def _chain(error: BaseException | None) -> list[BaseException]:
    """Return the error and what led to it; of several attempts to connect, the first."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error.__cause__ or error.__context__
    return found


def _as_clause(text: str) -> str:
    is_word = text[1:2].islower()
    return (text[:1].lower() + text[1:] if is_word else text) or "no reason is known"
