"""Every event as a JSON line, as `--format jsonl` streams them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from arazzo_engine.reporting.events_json import event_as_json
from arazzo_engine.reporting.kinds.kind import AtTheEnd

if TYPE_CHECKING:
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.reporting.run_report import RunReport


class JsonLines(AtTheEnd):
    """Writes a line when something happens."""

    def take(self, event: Event) -> None:
        """Write one event."""
        self.sink.write(json.dumps(event_as_json(event, self.setting.masker)) + "\n")

    def close(self, reports: tuple[RunReport, ...]) -> None:
        """Write nothing: the last event had all of it."""
