"""What a kind of report is: it is told of each event of the runs, and of their reports at the end, and writes a text.

Decides nothing about files: what it writes to only takes text. Every kind masks what it writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.run_report import RunReport


class Sink(Protocol):
    """What takes text."""

    def write(self, text: str, /) -> object:
        """Take a text."""


REHEARSED: Final = "Rehearsed: nothing was sent, and the answers were made up"


class Setting(Struct):
    """What a report is made with: ``every`` says that there may be several runs."""

    masker: Masker
    version: str
    every: bool = False


class Kind(Protocol):
    """A report that is being written."""

    def take(self, event: Event) -> None:
        """Take an event, and write what can be written of it by now."""

    def close(self, reports: tuple[RunReport, ...]) -> None:
        """Take the reports of the runs, and write the rest."""


class AtTheEnd(Struct):
    """A kind of which nothing can be written before the runs are over."""

    sink: Sink
    setting: Setting

    def take(self, event: Event) -> None:
        """Write nothing yet."""
