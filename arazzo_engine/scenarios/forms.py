"""Verdicts for programs: JSON, the XML of JUnit, and the annotations of GitHub.

Decides their form alone; what is a failure is decided by the verdict.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.reporting.findings.forms import annotation
from arazzo_engine.reporting.findings.junit import xml_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.scenarios.comparing import Difference
    from arazzo_engine.scenarios.verdict import Verdict, Verdicts


def as_json(verdicts: Verdicts) -> str:
    """Return the verdicts as a JSON object."""
    value: dict[str, Any] = {
        "passed": not verdicts.failed,
        "scenarios": [_scenario(each) for each in verdicts.all],
        "coverage": [{"document": document, **each.to_json()} for document, each in verdicts.coverage],
        "share": round(verdicts.share, 2),
    }
    return json.dumps(value, indent=2, ensure_ascii=False)


def _scenario(verdict: Verdict) -> dict[str, Any]:
    masker = verdict.masker
    return {
        "file": verdict.file,
        "name": verdict.name,
        "passed": verdict.passed,
        "differences": [masker.value(_difference(each)) for each in verdict.differences],
        "refused": [{"code": each.code, "message": masker.text(each.message)} for each in verdict.refused],
        "milliseconds": round(verdict.elapsed * 1000),
    }


def _difference(difference: Difference) -> dict[str, Any]:
    found = {"expected": difference.expected, "found": difference.found}
    known = {name: value for name, value in found.items() if value is not ABSENT}
    return {"what": difference.what, "at": render_pointer(difference.pointer), **known}


def as_junit(verdicts: Verdicts) -> str:
    """Return the verdicts as the XML of a test report: a suite for each file."""
    suites = "".join(f"\n{line}" for each in verdicts.all for line in _suite(each))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="arazzo test">{suites}\n</testsuites>'


def _suite(verdict: Verdict) -> Iterator[str]:
    file, name = (f'"{xml_text(each)}"' for each in (verdict.file, verdict.name))
    failures, time = int(not verdict.passed), f"{verdict.elapsed:.3f}"
    yield f'  <testsuite name={file} tests="1" failures="{failures}" errors="0" skipped="0" time="{time}">'
    if verdict.passed:
        yield f'    <testcase classname={file} name={name} time="{time}"/>'
    else:
        yield f'    <testcase classname={file} name={name} time="{time}">'
        reasons = verdict.reasons()
        yield f'      <failure message="{xml_text(reasons.splitlines()[0])}">{xml_text(reasons)}</failure>'
        yield "    </testcase>"
    yield "  </testsuite>"


def as_github(verdicts: Verdicts) -> str:
    """Return an annotation for each scenario that failed."""
    return "\n".join(
        annotation("error", {"file": each.file, "title": each.name}, each.reasons()) for each in verdicts.failed
    )


FORMS: Final[dict[str, Callable[[Verdicts], str]]] = {"json": as_json, "junit": as_junit, "github": as_github}
