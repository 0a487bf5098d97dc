"""What came of a request: a response, or none and why.

Values only: whoever sends a request says it, and the run, its events and its report say no more than that.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.typed import Reticent


class Failure(StrEnum):
    """The ways of getting no response."""

    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    TOO_LARGE = "too-large"
    FILE = "file"
    INTERRUPTED = "interrupted"


class NoResponse(Reticent, frozen=True):
    """There was no response, and why.

    ``sent`` is false only when the request surely never left, ``processed`` only when the server said that it did not
    act on it.
    """

    failure: Failure
    reason: str
    sent: bool = True
    processed: bool = True

    @property
    def is_in_doubt(self) -> bool:
        """Whether the server may have acted upon the request."""
        return self.sent and self.processed

    def _shown(self) -> str:
        sent = "sent" if self.sent else "not sent"
        return f"{self.failure}, {sent if self.processed else 'not processed'}"


class Answer(Struct, frozen=True):
    """The reply to ``Send``: ``started_at`` in seconds since the epoch, ``elapsed`` in seconds.

    ``hops`` counts the redirects that were followed: with any, the result is not the answer to the request itself, but
    to ``followed``. ``notes`` say what a reader should know about them. ``sent_before`` counts how often it
    was sent, or may have been, in the same attempt before, without an answer.
    """

    result: Response | NoResponse
    started_at: float
    elapsed: float
    hops: int = 0
    notes: tuple[str, ...] = ()
    followed: Request | None = None
    sent_before: int = 0
