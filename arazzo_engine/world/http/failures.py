"""What it means when an exchange fails: which failure it is, whether the request may have left, and what is told.

Every channel tells its trouble in the same few words, and one table decides what they mean. What an error quotes is
never told: it could be secret. How an exchange is made is not known here.
"""

from __future__ import annotations

import os
from enum import Enum, auto
from typing import Final

from msgspec import Struct

from arazzo_engine.language.messages.answers import Failure, NoResponse
from arazzo_engine.world.http.content_codings import UnpackingError


class Trouble(Enum):
    """What can go wrong on the way."""

    NO_CONNECTION_IN_TIME = auto()
    NO_CONNECTION = auto()
    NO_NAME = auto()
    NO_WAY = auto()
    NOT_HTTP = auto()
    NO_ANSWER_IN_TIME = auto()
    BROKEN_OFF = auto()


class ChannelError(Exception):
    """A channel could not carry an exchange to its end; its cause and ``reason`` say why."""

    def __init__(self, trouble: Trouble, reason: str = "") -> None:
        super().__init__(reason)
        self.trouble = trouble


class RefusedError(Exception):
    """The exchange is given up by the transport itself; ``result`` says why."""

    def __init__(self, failure: Failure, reason: str, *, sent: bool = True) -> None:
        super().__init__(reason)
        self.result = NoResponse(failure, reason, sent)


EXPECTED: Final = (ChannelError, RefusedError, UnpackingError)
# the failure, whether the request may have left, and what a person is told
_MEANINGS: Final = {
    Trouble.NO_CONNECTION_IN_TIME: (Failure.TIMEOUT, False, "no connection to {host} within {timeout:.3g} s"),
    Trouble.NO_CONNECTION: (Failure.CONNECT, False, "cannot connect to {host}: {reason}"),
    Trouble.NO_NAME: (Failure.CONNECT, False, "cannot connect to {host}: this is no name of a host"),
    Trouble.NO_WAY: (Failure.CONNECT, False, "no way to {host}: the proxy answered {reason}"),
    # the reason has the value of the header
    Trouble.NOT_HTTP: (
        Failure.PROTOCOL,
        False,
        "the method, the URL or a header has characters that HTTP cannot carry",
    ),
    Trouble.NO_ANSWER_IN_TIME: (Failure.TIMEOUT, True, "no complete answer from {host} within {timeout:.3g} s"),
    Trouble.BROKEN_OFF: (Failure.PROTOCOL, True, "{host} broke off the exchange: {reason}"),
}
_LATE: Final = frozenset({Trouble.NO_CONNECTION_IN_TIME, Trouble.NO_ANSWER_IN_TIME})
# what OpenSSL says, and what it means
_TLS_REASONS: Final = {"wrong version number": "the server does not speak TLS there; its URL may begin with http://"}


class Attempted(Struct, frozen=True):
    """What a person is told of an exchange that failed: with whom, within how many seconds, and whether it streamed."""

    host: str
    timeout: float
    is_event_stream: bool = False


def explain(error: ChannelError | RefusedError | UnpackingError, attempted: Attempted) -> NoResponse:
    """Return what it means that one of the ``EXPECTED`` was raised."""
    match error:
        case RefusedError():
            return error.result
        case UnpackingError():
            return NoResponse(Failure.PROTOCOL, f"the answer of {attempted.host} is not encoded as it claims")
        case ChannelError():
            return _explain_trouble(error, attempted)


def _explain_trouble(error: ChannelError, attempted: Attempted) -> NoResponse:
    host, timeout, trouble = attempted.host, attempted.timeout, error.trouble
    # what waits for the other side during a handshake is an error of TLS too
    tls = None if trouble in _LATE else tls_reason(error)
    failure, sent, text = _MEANINGS[trouble]
    if tls is not None:
        # with TLS 1.3, a server may refuse the client only after the request has left
        return NoResponse(Failure.TLS, f"no secure connection to {host}: {tls}", sent)
    if attempted.is_event_stream and trouble is Trouble.NO_ANSWER_IN_TIME:
        return NoResponse(Failure.TIMEOUT, f"the event stream of {host} had not ended within {timeout:g} s")
    return NoResponse(failure, text.format(host=host, timeout=timeout, reason=reason_of(error)), sent)


def tls_reason(error: Exception) -> str | None:
    """Return what is wrong with a secure connection, ``None`` when that is not what failed."""
    import ssl  # noqa: PLC0415 - takes its time, and most exchanges do not fail

    for each in _chain(error):
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
