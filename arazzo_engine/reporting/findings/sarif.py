"""Findings in the Static Analysis Results Interchange Format (SARIF 2.1.0, OASIS), for code scanning and editors.

Decides what of a finding becomes which property. A file is named relative to the folder of the command, a column counts
UTF-16 code units, and a fingerprint stays the same when lines move.
"""

from __future__ import annotations

import json
import posixpath
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.diagnostics import Location
from arazzo_engine.edits import Applicability
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.printable import printable
from arazzo_engine.reporting.findings.checks import PIPED
from arazzo_engine.reporting.findings.explained import explained

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.reporting.findings.checks import Checks

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# a name that is no text in UTF-8
_BYTES: Final = "surrogateescape"
_ROOT: Final = "%SRCROOT%"
_SCHEME: Final = lazy_pattern(r"[A-Za-z][A-Za-z0-9+.\-]+:")


def as_sarif(checks: Checks) -> str:
    """Return the findings as a SARIF log of one run."""
    findings = checks.findings
    codes = sorted({finding.code for finding in findings})
    run = {
        "tool": {"driver": {"name": "arazzo_engine", "rules": [_rule(code) for code in codes]}},
        # SARIF 2.1.0, section 3.14.17: what a column counts is said where there are regions
        "columnKind": "utf16CodeUnits",
        "results": list(_results(checks, findings, codes)),
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [checks.masker.value(run)]}
    return json.dumps(log, indent=2)


def _rule(code: str) -> JsonValue:
    """Return what a finding's code stands for: its page is in it, for no address has it (``helpUri``)."""
    page = CODES[code]
    clause = f" ({page.clause})" if page.clause else ""
    text = f"Why: {page.why}{clause}. Fix: {page.fix}. `arazzo explain {code}` has an example."
    return {
        "id": code,
        "shortDescription": {"text": page.summary},
        "fullDescription": {"text": f"{page.summary}: {page.why}"},
        "help": {"text": text, "markdown": explained(code)},
        "defaultConfiguration": {"level": page.severity},
        # what code scanning of GitHub sorts and filters by
        "properties": {"problem.severity": page.severity, "tags": ["arazzo", page.kind]},
    }


def _results(checks: Checks, findings: Sequence[Diagnostic], codes: Sequence[str]) -> Iterator[JsonValue]:
    met: Counter[str] = Counter()
    root = checks.root
    homes = {(each.code, each.message): document.name for document in checks.documents for each in document.findings}
    for finding in findings:
        message = f"{finding.message}\nFix: {finding.fix}" if finding.fix else finding.message
        related = [(each.message, each.location) for each in finding.related]
        print_ = _fingerprint(finding)
        met[print_] += 1
        yield {
            "ruleId": finding.code,
            "ruleIndex": codes.index(finding.code),
            "level": finding.severity.value,
            "message": {"text": printable(message)},
            # code scanning of GitHub takes no result without a place: what has none is of the document as a whole
            "locations": [_place(finding.location or Location(homes[finding.code, finding.message]), root)],
            "relatedLocations": [
                {**_place(at, root), "id": number, "message": {"text": printable(text)}}
                for number, (text, at) in enumerate(related, 1)
            ],
            "partialFingerprints": {"arazzoFinding/v1": f"{print_}:{met[print_]}"},
            **_fixes(finding, checks),
        }


def _fixes(finding: Diagnostic, checks: Checks) -> dict[str, JsonValue]:
    """Return what writes a finding's edits into the text, as editors offer it (SARIF 2.1.0, section 3.55)."""
    rewrite = checks.rewrite_of(finding)
    if rewrite is None or finding.location is None:
        return {}
    (line, column), (end_line, end_column) = rewrite.start, rewrite.end
    region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    replacement = {"deletedRegion": region, "insertedContent": {"text": rewrite.text}}
    change = {"artifactLocation": _artifact(finding.location.uri, checks.root), "replacements": [replacement]}
    is_sure = all(edit.applicability is Applicability.SAFE for edit in finding.edits)
    text = finding.fix if is_sure else f"{finding.fix} (likely, and for a person to decide)"
    return {"fixes": [{"description": {"text": printable(text)}, "artifactChanges": [change]}]}


def _fingerprint(finding: Diagnostic) -> str:
    home = finding.location.uri if finding.location else ""
    text = f"{finding.code}\x00{home}\x00{finding.message}"
    return sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()[:32]


def _place(location: Location, root: str) -> dict[str, JsonValue]:
    region = {
        "startLine": location.line,
        "startColumn": _units(location.source, location.column - 1) + 1,
        "endLine": location.line,
        "endColumn": _units(location.source, location.column - 1 + location.width) + 1,
    }
    place: dict[str, JsonValue] = {
        "physicalLocation": {"artifactLocation": _artifact(location.uri, root), "region": region}
    }
    if location.pointer:
        place["logicalLocations"] = [{"fullyQualifiedName": location.pointer}]
    return place


def _units(source: str, characters: int) -> int:
    """Return how many UTF-16 code units so many characters of a line are."""
    return characters + sum(ord(each) > 0xFFFF for each in source[:characters])  # noqa: PLR2004 - the last of one unit


def _artifact(name: str, root: str) -> JsonValue:
    if _SCHEME.match(name):
        return {"uri": quote(name, safe=":/?#[]@!$&'()*+,;=%-._~")}
    if name == PIPED:
        # no file, so below no folder; and the brackets stand in no URI
        return {"uri": "stdin", "description": {"text": "the document from stdin"}}
    name = name.replace("\\", "/")
    relative = posixpath.relpath(posixpath.join(root, name), root) if root else name
    if relative.startswith("../"):
        return {"uri": f"file://{quote(posixpath.normpath(posixpath.join(root, name)), errors=_BYTES)}"}
    return {"uri": quote(relative, errors=_BYTES), "uriBaseId": _ROOT}
