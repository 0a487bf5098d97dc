"""The whole report as one JSON object, as `--format json` prints it.

Decides how several runs stand in one: with how all of them ended.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from arazzo_engine.reporting.kinds.kind import AtTheEnd

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.reporting.run_report import RunReport


class JsonReport(AtTheEnd):
    """Writes one object."""

    def close(self, reports: tuple[RunReport, ...]) -> None:
        """Write it."""
        values = [report.to_json(self.setting.masker) for report in reports]
        self.sink.write(json.dumps(joined(values) if self.setting.every else values[0], indent=2) + "\n")


def joined(values: list[dict[str, Any]]) -> JsonValue:
    """Return the object for several runs."""
    statuses = [value["status"] for value in values]
    return {"status": next((each for each in statuses if each != "succeeded"), "succeeded"), "runs": values}
