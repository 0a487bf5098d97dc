"""The findings of a check in every form: for a person, as JSON, and as the workflow commands of GitHub.

Decides each form; which of them is wanted, and what they mean for the exit code, is for the command line.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from arazzo_engine.printable import printable
from arazzo_engine.reporting.diagnostics_text import render_diagnostics
from arazzo_engine.reporting.refusals_json import diagnostic_as_json
from arazzo_engine.secret_names import hide_in_urls

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arazzo_engine.diagnostics import Diagnostic


def summarize(documents: int, findings: Sequence[Diagnostic]) -> str:
    """Return the line that counts the findings of so many documents."""
    errors = sum(finding.is_error for finding in findings)
    warnings = len(findings) - errors
    counted = f"{documents} document{'' if documents == 1 else 's'}"
    if not errors and not warnings:
        return f"{counted}: no findings"
    return f"{counted}: {errors} error{'' if errors == 1 else 's'}, {warnings} warning{'' if warnings == 1 else 's'}"


def _as_json(findings: Sequence[Diagnostic]) -> str:
    return json.dumps({"diagnostics": [diagnostic_as_json(finding) for finding in findings]}, indent=2)


def _as_annotations(findings: Sequence[Diagnostic]) -> str:
    return "\n".join(_annotation(finding) for finding in findings)


def _annotation(finding: Diagnostic) -> str:
    properties = [f"title={finding.code}"]
    if finding.location is not None:
        at = finding.location
        properties = [f"file={_escape(hide_in_urls(at.uri))}", f"line={at.line}", f"col={at.column}", *properties]
    message = f"{finding.message}. {finding.fix}" if finding.fix else finding.message
    return f"::{finding.severity} {','.join(properties)}::{_escape(printable(hide_in_urls(message)), ',:')}"


def _escape(text: str, keep: str = "") -> str:
    """Escape what would end a property or a message of a workflow command."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    for sign, code in ((":", "%3A"), (",", "%2C")):
        escaped = escaped if sign in keep else escaped.replace(sign, code)
    return escaped


FORMS: Final[dict[str, Callable[[Sequence[Diagnostic]], str]]] = {
    "text": render_diagnostics,
    "json": _as_json,
    "github": _as_annotations,
}
