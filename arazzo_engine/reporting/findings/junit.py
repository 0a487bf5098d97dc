"""Findings in the XML that test reports have since JUnit: a suite for each document, a case for each finding.

Decides that an error is a failed case and a warning a case that passes and says something; a document without findings
is one case that passes. Written by hand: it is four elements, and none of what they hold is from anywhere but here.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.printable import plain
from arazzo_engine.reporting.diagnostics_text import render_diagnostics
from arazzo_engine.reporting.findings.entries import by_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.reporting.findings.checks import CheckedDocument, Checks
    from arazzo_engine.reporting.masking import Masker

# XML 1.0, section 2.2, Char: what no document holds, in no way of writing it
_NO_CHARACTERS: Final = lazy_pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def as_junit(checks: Checks) -> str:
    """Return the findings as the XML of a test report."""
    suites = "".join(f"\n{line}" for document in checks.documents for line in _suite(document, checks.masker))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="arazzo validate">{suites}\n</testsuites>'


def _suite(document: CheckedDocument, masker: Masker) -> Iterator[str]:
    name = _attribute(masker.text(document.name))
    findings = sorted(document.findings, key=by_line)
    failures = sum(finding.is_error for finding in findings)
    cases = max(1, len(findings))
    yield f'  <testsuite name={name} tests="{cases}" failures="{failures}" errors="0" skipped="0">'
    if not findings:
        yield f'    <testcase classname={name} name="no findings"/>'
    for finding in findings:
        yield from _case(finding, name, masker)
    yield "  </testsuite>"


def _case(finding: Diagnostic, classname: str, masker: Masker) -> Iterator[str]:
    place = f" at {finding.location}" if finding.location else ""
    yield f"    <testcase classname={classname} name={_attribute(masker.text(f'{finding.code}{place}'))}>"
    text = xml_text(plain(render_diagnostics((finding,), masker)))
    if finding.is_error:
        message = _attribute(masker.text(finding.message))
        yield f"      <failure type={_attribute(finding.code)} message={message}>{text}</failure>"
    else:
        yield f"      <system-out>{text}</system-out>"
    yield "    </testcase>"


def _attribute(text: str) -> str:
    return f'"{xml_text(text)}"'


def xml_text(text: str) -> str:
    """Return a text as XML holds it, between tags or quotes."""
    return escape(without_control_characters(text))


def without_control_characters(text: str) -> str:
    """Return a text with a mark for each character that XML cannot hold."""
    return _NO_CHARACTERS.sub("\ufffd", text)
