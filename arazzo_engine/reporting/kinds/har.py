"""Every exchange of the runs in an HTTP Archive (HAR 1.2), written while they go on.

Bodies are masked and cut as in the JSON of a report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.reporting.events import Event, StepFinished
from arazzo_engine.reporting.exchanges.har import Archive, Exchange
from arazzo_engine.reporting.report_json import step_as_json

if TYPE_CHECKING:
    from arazzo_engine.reporting.kinds.kind import Setting, Sink
    from arazzo_engine.reporting.run_report import RunReport


class Har:
    """Writes an entry for each attempt that sent something."""

    def __init__(self, sink: Sink, setting: Setting) -> None:
        self.setting = setting
        self._archive = Archive(sink, setting.version)

    def take(self, event: Event) -> None:
        """Write the exchange of an attempt."""
        if not isinstance(event, StepFinished):
            return
        step = step_as_json(event.report, self.setting.masker)
        if step["request"] is None:
            return
        again = f", attempt {step['attempt']}" if step["attempt"] > 1 else ""
        comment = f"{step['workflowId']}.{step['stepId']}{again}"
        self._archive.add(Exchange(step["startedAt"], step["elapsedMs"], step["request"], step["response"], comment))

    def close(self, reports: tuple[RunReport, ...]) -> None:
        """Write what stands behind the entries."""
        del reports
        self._archive.close()
