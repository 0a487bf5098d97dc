"""What a run is told besides its document and inputs: how to reach the APIs, and its limits. Values only."""

from __future__ import annotations

from typing import Final

from arazzo_engine.apis.security.access import Access
from arazzo_engine.documents.sizes import MOST_CHARACTERS
from arazzo_engine.typed import Typed

# in seconds: beyond a year, what waits on sockets begins to count wrong
LONGEST: Final = 31_536_000


class Limits(Typed, frozen=True):
    """The guards of a run: a loop ends, workflows that call each other end, and no wait is endless.

    ``steps`` counts attempts of steps, ``nesting`` workflows that called each other, ``wait`` is in seconds. In
    characters are ``value``, for a value that is made of others, and ``report``, for all that a run keeps to tell.
    """

    steps: int = 1000
    nesting: int = 16
    wait: float = 300.0
    value: int = MOST_CHARACTERS
    report: int = 256_000_000

    def _shown(self) -> str:
        return f"steps={self.steps}, nesting={self.nesting}, wait={self.wait}"


class Settings(Typed, frozen=True):
    """``step_timeout`` is in seconds and holds for steps that set none; ``None`` leaves it to the transport.

    ``retry_unsafe`` lets a request be sent again whose outcome is unknown, as a document asks. ``headers`` are those of
    every request that says nothing else; ``None`` leaves them and what frames a request to the transport. ``secrets``
    are texts among the inputs that must never be shown, whatever the document says of them. ``trace_context`` has every
    request of a step name the span of its attempt. ``is_rehearsal`` says that nothing is sent, for the report.
    """

    access: Access = Access()
    limits: Limits = Limits()
    step_timeout: float | None = None
    retry_unsafe: bool = False
    headers: tuple[tuple[str, str], ...] | None = None
    secrets: tuple[str, ...] = ()
    trace_context: bool = False
    is_rehearsal: bool = False

    def _shown(self) -> str:
        return f"{self.access!r}, {self.limits!r}, step_timeout={self.step_timeout}"
