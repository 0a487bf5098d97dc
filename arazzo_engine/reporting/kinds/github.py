"""The annotations that GitHub shows of a run, beside the job summary, which is that of `markdown`.

Decides what an annotation is about: the line of the document at which a run failed. GitHub reads annotations from what
a job prints, so the command line prints them; the summary goes to a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.printable import in_line
from arazzo_engine.reporting.ending.causes import failed_steps, reason_of
from arazzo_engine.reporting.findings.forms import workflow_command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.diagnostics import Location
    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.reporting.step_report import StepReport


def annotate(report: RunReport, masker: Masker) -> Iterator[str]:
    """Yield the workflow commands for a run: one for the step that it failed with, and one for each finding."""
    masker = masker.of_messages()
    for step in failed_steps(report.status, report.steps)[:1]:
        message = in_line(masker.text(f"{report.workflow_id} {report.status} at {step.step_id}: {reason_of(step)}"))
        yield workflow_command("error", _place(step), f"arazzo: {report.workflow_id}", message)
    for finding in report.diagnostics:
        yield workflow_command(
            str(finding.severity), finding.location, finding.code, in_line(masker.text(finding.message))
        )


def _place(step: StepReport) -> Location | None:
    return next((each.location for each in step.criteria if not each.passed and each.location), step.location)
