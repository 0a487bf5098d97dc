"""What the command line's exit codes mean, and which one a report or a list of diagnostics ends in.

No other module knows a number.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.reporting.run_report import RunReport


class ExitCode(IntEnum):
    """The exit codes, each with one meaning."""

    SUCCESS = 0
    FAILED = 1
    USAGE = 2
    DOCUMENT = 3
    STOPPED = 4
    RESUMABLE = 5
    BUG = 70
    UNWRITTEN = 74
    INTERRUPTED = 130


MEANINGS: Final[dict[ExitCode, str]] = {
    ExitCode.SUCCESS: "the run succeeded; the document has no finding at the `--fail-on` level",
    ExitCode.FAILED: "the workflow ran and failed; two runs differ; `fix` or `upgrade` would change a document",
    ExitCode.USAGE: "wrong usage: options, missing or invalid inputs, missing credentials",
    ExitCode.DOCUMENT: "the documents cannot be loaded, read, linked or validated",
    ExitCode.STOPPED: "the run stopped and cannot be continued",
    ExitCode.RESUMABLE: "a request may have been acted upon and nobody knows, however the run ended; or it is paused",
    ExitCode.BUG: "a bug in the engine",
    ExitCode.UNWRITTEN: "the result or a recording could not be written, of a command that succeeded or sent nothing",
    ExitCode.INTERRUPTED: "interrupted, and no request is in doubt",
}
_OF_STATUS: Final = {
    "succeeded": ExitCode.SUCCESS,
    "failed": ExitCode.FAILED,
    "stopped": ExitCode.STOPPED,
    "in-doubt": ExitCode.RESUMABLE,
    "paused": ExitCode.RESUMABLE,
}
_OF_KIND: Final = {"document": ExitCode.DOCUMENT, "usage": ExitCode.USAGE, "run": ExitCode.STOPPED}


def exit_code_of(report: RunReport) -> ExitCode:
    """Return the exit code of a run; one that leaves a request in doubt has its own, however it ended."""
    if report.is_unsettled:
        return ExitCode.RESUMABLE
    is_lost = report.succeeded and any(each.code == "recording-lost" for each in report.diagnostics)
    return ExitCode.UNWRITTEN if is_lost else _OF_STATUS[report.status]


def exit_code_of_all(reports: Iterable[RunReport]) -> ExitCode:
    """Return the exit code of several runs: that a request is in doubt comes first, then the first that is not 0."""
    codes = [exit_code_of(report) for report in reports]
    if ExitCode.RESUMABLE in codes:
        return ExitCode.RESUMABLE
    return next((code for code in codes if code is not ExitCode.SUCCESS), ExitCode.SUCCESS)


def exit_code_of_statuses(statuses: Iterable[str]) -> ExitCode:
    """Return the exit code of the first status that is none of success."""
    codes = (_OF_STATUS[each] for each in statuses)
    return next((code for code in codes if code is not ExitCode.SUCCESS), ExitCode.SUCCESS)


def exit_code_of_row(status: str) -> ExitCode:
    """Return the exit code that rows of this status give a batch."""
    return _OF_STATUS[status]


def exit_code_for(diagnostics: Iterable[Diagnostic]) -> ExitCode:
    """Return the exit code when these keep a command from doing its work: a document's fault comes first."""
    from arazzo_engine.diagnostic_codes import CODES

    diagnostics = tuple(diagnostics)
    if any(each.code == "result-unwritten" for each in diagnostics):
        return ExitCode.UNWRITTEN
    codes = {_OF_KIND[CODES[each.code].kind] for each in diagnostics if each.is_error}
    return next((code for code in (ExitCode.DOCUMENT, ExitCode.USAGE) if code in codes), ExitCode.STOPPED)
