"""The rows of a batch in the XML that test reports have since JUnit: one suite, a case for each row.

Decides that a row which failed is a failure, and one that is in doubt or was stopped an error. It is written row by
row, by hand: a library for it would hold all rows at once.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import quoteattr

from arazzo_engine.reporting.batches.outcomes import RowStatus, told_in
from arazzo_engine.reporting.findings.junit import without_control_characters, xml_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.reporting.batches.summary import Summary

END: Final = "  </testsuite>\n</testsuites>\n"
_ELEMENTS: Final = {
    RowStatus.FAILED: "failure",
    RowStatus.STOPPED: "error",
    RowStatus.IN_DOUBT: "error",
}


def beginning(summary: Summary, workflow_id: str) -> str:
    """Return what stands before the first row: how many of each kind there are."""
    counts = summary.by_status
    failures = counts[RowStatus.FAILED]
    errors = counts[RowStatus.STOPPED] + counts[RowStatus.IN_DOUBT]
    counts_told = f'tests="{summary.done}" failures="{failures}" errors="{errors}" skipped="0"'
    suite = f'name={_attribute(workflow_id)} {counts_told} time="{summary.elapsed:.3f}"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="arazzo batch">\n  <testsuite {suite}>\n'


def case(outcome: Mapping[str, Any], values: Mapping[str, Any], workflow_id: str) -> str:
    """Return the case of a row: its outcome as it was written, and its values, in which no secret is left."""
    return "".join(f"    {line}\n" for line in _case(outcome, values, workflow_id))


def _case(outcome: Mapping[str, Any], values: Mapping[str, Any], workflow_id: str) -> Iterator[str]:
    row = f"row {outcome['row']}"
    name = f"classname={_attribute(workflow_id)} name={_attribute(row)}"
    yield f'<testcase {name} time="{outcome.get("elapsedMs", 0) / 1000:.3f}">'
    yield f"  <properties>{''.join(_properties({'run': outcome['runId'], **values}))}</properties>"
    element = _ELEMENTS.get(RowStatus(outcome["status"]))
    if element is not None:
        first = told_in(outcome).first or str(outcome["status"])
        head = f"{element} type={_attribute(str(outcome['status']))} message={_attribute(first)}"
        yield f"  <{head}>{xml_text(chr(10).join(_text(outcome)))}</{element}>"
    yield "</testcase>"


def _properties(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        text = value if isinstance(value, str) else json.dumps(value)
        yield f"<property name={_attribute(name)} value={_attribute(text)}/>"


def _text(outcome: Mapping[str, Any]) -> Iterator[str]:
    yield from outcome.get("reasons", ())
    yield from outcome.get("evidence", ())
    for each in outcome.get("diagnostics", ()):
        yield f"{each['severity']}[{each['code']}]: {each['message']}"
        yield from (f"  {name}: {each[name]}" for name in ("why", "fix") if each[name])


def _attribute(text: str) -> str:
    return quoteattr(without_control_characters(text))
