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
    ExitCode.FAILED: "the workflow ran and failed",
    ExitCode.USAGE: "wrong usage: options, missing or invalid inputs, missing credentials",
    ExitCode.DOCUMENT: "the documents cannot be loaded, read, linked or validated",
    ExitCode.STOPPED: "the run stopped and cannot be continued",
    ExitCode.RESUMABLE: "the run is paused or in doubt and can be resumed",
    ExitCode.BUG: "a bug in the engine",
    ExitCode.UNWRITTEN: "the command succeeded, and its result could not be written",
    ExitCode.INTERRUPTED: "interrupted",
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
    """Return the exit code of a run."""
    return _OF_STATUS[report.status]


def exit_code_for(diagnostics: Iterable[Diagnostic]) -> ExitCode:
    """Return the exit code when these keep a command from doing its work: a document's fault comes first."""
    from arazzo_engine.diagnostic_codes import CODES

    codes = {_OF_KIND[CODES[each.code].kind] for each in diagnostics if each.is_error}
    return next((code for code in (ExitCode.DOCUMENT, ExitCode.USAGE) if code in codes), ExitCode.STOPPED)
