"""What ends before a run as JSON: a report without a run, and the findings of a check.

The shape is that of a report, fixed by ``report.schema.json``: whoever reads reports reads refusals, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.reporting.masking import Masker
from arazzo_engine.reporting.outcomes import RunStatus
from arazzo_engine.reporting.report_json import diagnostic_form, written
from arazzo_engine.reporting.run_report import RunReport

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.values import JsonValue


def refusal_as_json(diagnostics: Iterable[Diagnostic], masker: Masker) -> JsonValue:
    """Return the JSON of a run that was refused before its first request: it stopped, and these are the reasons."""
    return RunReport(RunStatus.STOPPED, "", "", {}, (), tuple(diagnostics)).to_json(masker)


def refusal_event(diagnostics: Iterable[Diagnostic], masker: Masker) -> JsonValue:
    """Return the line that ends a stream of events when there is no run that could end it."""
    return {"event": "run-refused", "report": refusal_as_json(diagnostics, masker)}


def diagnostic_as_json(diagnostic: Diagnostic) -> JsonValue:
    """Return one diagnostic; where there is no run, there is no secret in it."""
    return written(diagnostic_form(diagnostic), Masker())
