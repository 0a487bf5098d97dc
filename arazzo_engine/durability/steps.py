"""What a run records in, seen from the run: each point of it once, and what people say of requests in doubt.

Nothing here knows what records: a database, or a list of what was recorded once.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from arazzo_engine.reporting.lines.durations import moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from arazzo_engine.documents.values import JsonValue


class Said(StrEnum):
    """What a person can say of a request in doubt."""

    HAPPENED = "happened"
    DID_NOT_HAPPEN = "did-not-happen"
    SEND_AGAIN = "send-again"


class Settlement(Struct, frozen=True):
    """What a person has said of a request in doubt, and with ``HAPPENED`` the answer that the run goes on with.

    ``at`` is when, in seconds since the epoch; earlier engines did not keep it. ``is_own`` says that nobody has said
    it: it is what was answered to the process that sent the request, when its run had been stopped.
    """

    said: Said
    answer: JsonValue = None
    at: float | None = None
    is_own: bool = False

    @property
    def by_whom(self) -> str:
        """Who has said it, and when."""
        when = "" if self.at is None else f" at {moment(self.at)}"
        return f"as a person said{when}"


class Steps(Protocol):
    """What records a run."""

    def run(self, name: str, make: Callable[[], JsonValue]) -> Any:  # noqa: ANN401 - whatever `make` has returned once
        """Return what ``make`` gives, which is called only when nothing is recorded at this point of the run.

        What it raises is raised, and never recorded.
        """
        ...

    def is_recorded(self, name: str) -> bool:
        """Whether the point of the run that comes next is recorded, and has this name."""
        ...

    def settlement_of(self, place: str) -> Settlement | None:
        """Return what a person has said of the request at a place, which is in doubt."""
        ...

    def keep_late(self, place: str, answer: JsonValue) -> None:
        """Keep, beside the record, the answer to a request that somebody else has taken for lost."""
        ...

    def is_nudged(self, place: str) -> bool:
        """Whether the wait at a place is to end now. Raises what stops the run, when it was told to."""
        ...

    def admitted(self, url: str, hold: float) -> AbstractContextManager[None]:
        """Wait until a request to a URL may be sent, as far as somebody has limited them, while it is answered."""
        ...

    def sleep(self, place: str, seconds: float) -> None:
        """Let the wait at a place be somebody else's matter, who goes on with the run then; or do nothing."""
        ...
