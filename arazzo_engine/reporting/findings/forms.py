"""The findings of a check for programs: as JSON, as SARIF, as a test report, and as the workflow commands of GitHub.

Each form is one text for all documents. Which of them is wanted, and what findings mean for the exit code, is for the
command line.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.printable import printable
from arazzo_engine.reporting.findings.entries import count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arazzo_engine.diagnostics import Diagnostic, Location
    from arazzo_engine.reporting.findings.checks import Checks
    from arazzo_engine.reporting.masking import Masker


def summarize(checks: Checks) -> str:
    """Return the line that counts the documents, their findings and those that are ignored."""
    documents, findings = sum(not each.is_folder for each in checks.documents), checks.findings
    ignored = sum(len(document.ignored) for document in checks.documents)
    counted = f"{documents:,} document{'' if documents == 1 else 's'}: {count(findings) or 'no findings'}"
    return f"{counted}, {ignored:,} ignored" if ignored else counted


# a check whose findings a person reads needs none of the forms


def _as_json(checks: Checks) -> str:
    from arazzo_engine.reporting.refusals_json import diagnostic_as_json  # noqa: PLC0415 - see above

    told = [checks.masker.value(diagnostic_as_json(finding)) for finding in checks.findings]
    return json.dumps({"diagnostics": told}, indent=2)


def _as_sarif(checks: Checks) -> str:
    from arazzo_engine.reporting.findings.sarif import as_sarif  # noqa: PLC0415 - see above

    return as_sarif(checks)


def _as_junit(checks: Checks) -> str:
    from arazzo_engine.reporting.findings.junit import as_junit  # noqa: PLC0415 - see above

    return as_junit(checks)


def _as_annotations(checks: Checks) -> str:
    return "\n".join(_annotation(finding, checks.masker) for finding in checks.findings)


def _annotation(finding: Diagnostic, masker: Masker) -> str:
    message = f"{finding.message.rstrip('.')}. {finding.fix}" if finding.fix else finding.message
    at = finding.location
    place = None if at is None else replace(at, uri=masker.text(at.uri))
    return workflow_command(str(finding.severity), place, finding.code, printable(masker.text(message)))


def workflow_command(severity: str, at: Location | None, title: str, message: str) -> str:
    """Return the line by which GitHub annotates a place; its texts are masked already."""
    place = {} if at is None else {"file": at.uri, "line": str(at.line), "col": str(at.column)}
    return annotation(severity, {**place, "title": title}, message)


def annotation(severity: str, properties: Mapping[str, str], message: str) -> str:
    """Return a workflow command of GitHub, with its texts escaped."""
    written = ",".join(f"{name}={_escape(text)}" for name, text in properties.items())
    return f"::{severity} {written}::{_escape(message, ',:')}"


def _escape(text: str, keep: str = "") -> str:
    """Escape what would end a property or a message of a workflow command."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    for sign, code in ((":", "%3A"), (",", "%2C")):
        escaped = escaped if sign in keep else escaped.replace(sign, code)
    return escaped


FORMS: Final[dict[str, Callable[[Checks], str]]] = {
    "json": _as_json,
    "github": _as_annotations,
    "sarif": _as_sarif,
    "junit": _as_junit,
}
