"""What it means when an exchange fails: which failure it is, and what is told.

Every channel tells its trouble in the same few words, and one table decides what they mean. Whether the request left is
never concluded from an error: the channels note it when they write. What an error quotes is never told: it could be
secret. How an exchange is made is not known here.
"""

from __future__ import annotations

import os
from enum import Enum, auto
from typing import Final

from msgspec import Struct

from arazzo_engine.language.messages.answers import Failure, NoResponse

# of an answer: a larger one is no use to anybody
LARGEST_HEAD: Final = 102_400


class Trouble(Enum):
    """What can go wrong on the way."""

    NO_CONNECTION_IN_TIME = auto()
    NO_CONNECTION = auto()
    NO_NAME = auto()
    NO_WAY = auto()
    NOT_HTTP = auto()
    NO_ANSWER_IN_TIME = auto()
    BROKEN_OFF = auto()
    NOT_PROCESSED = auto()
    HEAD_TOO_LARGE = auto()
    SWITCHED = auto()


class ChannelError(Exception):
    """A channel could not carry an exchange to its end; its cause and ``reason`` say why."""

    def __init__(self, trouble: Trouble, reason: str = "") -> None:
        super().__init__(reason)
        self.trouble = trouble


class RefusedError(Exception):
    """The exchange is given up by the transport itself."""

    def __init__(self, failure: Failure, reason: str) -> None:
        super().__init__(reason)
        self.failure = failure
        self.reason = reason


EXPECTED: Final = (ChannelError, RefusedError)
# the failure, and what a person is told
_MEANINGS: Final = {
    Trouble.NO_CONNECTION_IN_TIME: (Failure.TIMEOUT, "no connection to {host} within {timeout:.3g} s"),
    Trouble.NO_CONNECTION: (Failure.CONNECT, "cannot connect to {host}: {reason}"),
    Trouble.NO_NAME: (Failure.CONNECT, "cannot connect to {host}: this is no name of a host"),
    Trouble.NO_WAY: (Failure.CONNECT, "no way to {host}: the proxy answered {reason}"),
    # the reason has the value of the header
    Trouble.NOT_HTTP: (Failure.PROTOCOL, "the method, the URL or a header has characters that HTTP cannot carry"),
    Trouble.NO_ANSWER_IN_TIME: (Failure.TIMEOUT, "no complete answer from {host} within {timeout:.3g} s"),
    Trouble.BROKEN_OFF: (Failure.PROTOCOL, "{host} broke off the exchange: {reason}"),
    Trouble.NOT_PROCESSED: (Failure.PROTOCOL, "{host} did not process the request, and says so: {reason}"),
    Trouble.HEAD_TOO_LARGE: (
        Failure.TOO_LARGE,
        f"the answer of {{host}} has a head, or a line in it, that is larger than {LARGEST_HEAD:,} bytes",
    ),
    Trouble.SWITCHED: (
        Failure.PROTOCOL,
        "{host} answered 101 (Switching Protocols), which was not asked for, and speaks no HTTP any more",
    ),
}
# what happens before a request leaves; when it happens afterwards, more than one was tried
_BEFORE: Final = frozenset(
    {
        Trouble.NO_CONNECTION_IN_TIME,
        Trouble.NO_CONNECTION,
        Trouble.NO_NAME,
        Trouble.NO_WAY,
        Trouble.NOT_HTTP,
    }
)
_LATE: Final = frozenset({Trouble.NO_CONNECTION_IN_TIME, Trouble.NO_ANSWER_IN_TIME})
# what OpenSSL says, and what it means
_TLS_REASONS: Final = {"wrong version number": "the server does not speak TLS there; its URL may begin with http://"}


# what h11 says, and what it means
_TROUBLES: Final = {
    "Receive buffer too long": Trouble.HEAD_TOO_LARGE,
    "Received server _SWITCH_UPGRADE": Trouble.SWITCHED,
}


def trouble_of(text: str) -> Trouble:
    """Return what it means that an answer was not understood, by what h11 says of it."""
    return next((trouble for said, trouble in _TROUBLES.items() if text.startswith(said)), Trouble.BROKEN_OFF)


class Attempted(Struct, frozen=True):
    """An exchange that failed: with whom, within how many seconds, how far it came, and whether its answer streamed."""

    host: str
    timeout: float
    sent: bool
    processed: bool
    is_event_stream: bool = False


def explain(error: ChannelError | RefusedError, attempted: Attempted) -> NoResponse:
    """Return what it means that one of the ``EXPECTED`` was raised."""
    return NoResponse(*_failure(error, attempted), attempted.sent, attempted.processed)


def _failure(error: ChannelError | RefusedError, attempted: Attempted) -> tuple[Failure, str]:
    if isinstance(error, RefusedError):
        return error.failure, error.reason
    host, timeout, trouble = attempted.host, attempted.timeout, error.trouble
    # what waits for the other side during a handshake is an error of TLS too
    tls = None if trouble in _LATE else tls_reason(error)
    failure, text = _MEANINGS[trouble]
    if tls is not None:
        return Failure.TLS, f"no secure connection to {host}: {tls}"
    if attempted.is_event_stream and trouble is Trouble.NO_ANSWER_IN_TIME:
        return Failure.TIMEOUT, f"the event stream of {host} had not ended within {timeout:g} s"
    earlier = "; it may have been sent before that" if attempted.sent and trouble in _BEFORE else ""
    return failure, text.format(host=host, timeout=timeout, reason=reason_of(error)) + earlier


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
