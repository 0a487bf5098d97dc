"""Writes results down: a line for each case, JUnit XML, and the matrix of several engines in Markdown.

It also says where results differ from an adapter's expectations. Nothing is run here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from runner.adapters import Adapter
    from runner.running import Result

_LEVELS: Final = ("must", "should", "may", "undefined")
_MARKS: Final = {"passed": "pass", "failed": "**fail**", "skipped": "skip", "errored": "**error**"}


@dataclass(frozen=True, slots=True)
class Column:
    """One engine's column of the matrix."""

    adapter: str
    engine: str
    version: str
    results: tuple[Result, ...]


def result_line(result: Result) -> str:
    """Return the line of a case."""
    reason = f"  {' '.join(result.reason.split())}" if result.reason else ""
    return f"{result.status:7} {result.case.key}{reason}"


def summary_line(column: Column) -> str:
    """Return how many cases had which result."""
    counts = Counter(result.status for result in column.results)
    told = ", ".join(f"{counts[status]} {status}" for status in _MARKS if counts[status])
    return f"{column.engine} {column.version}: {told or 'no cases'}"


def surprises(adapter: Adapter, results: Iterable[Result]) -> list[str]:
    """Return every result that is not what the adapter's files say: another status, or another accepted result."""
    known, choices = adapter.expectations, adapter.choices
    found = []
    for result in results:
        expected = known.get(result.case.key, {}).get("result", "passed")
        if result.status != expected:
            found.append(f"{result.case.key}: {result.status}, expected {expected}")
        elif result.accepted is not None and result.accepted != (
            choice := choices.get(result.case.key, result.accepted)
        ):
            found.append(f"{result.case.key}: accepted result {result.accepted}, expected {choice}")
    return found


def junit(columns: Sequence[Column]) -> bytes:
    """Return the results as JUnit XML: a suite for each engine, a class for each area."""
    root = ET.Element("testsuites")
    for column in columns:
        counts = Counter(result.status for result in column.results)
        attributes = {"name": column.adapter, "tests": str(len(column.results))}
        attributes |= {"failures": str(counts["failed"]), "errors": str(counts["errored"])}
        suite = ET.SubElement(root, "testsuite", attributes | {"skipped": str(counts["skipped"])})
        for result in column.results:
            names = {"classname": result.case.area, "name": result.case.key, "time": f"{result.elapsed:.3f}"}
            case = ET.SubElement(suite, "testcase", names)
            tag = {"failed": "failure", "errored": "error", "skipped": "skipped"}.get(result.status)
            if tag is not None:
                ET.SubElement(case, tag, {"message": result.reason})
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def summary_table(columns: Sequence[Column], date: str) -> str:
    """Return the matrix by level and by area: how many cases pass, of how many."""
    heads = [f"{column.engine} {column.version}" for column in columns]
    lines = [f"Measured on {date}, {len(columns[0].results)} cases. Passed of all; skipped ones in brackets.", ""]
    lines += [_row(["", "cases", *heads]), _row(["---"] * (len(heads) + 2))]
    for level in _LEVELS:
        lines += _counted(f"level {level}", columns, [result.case.level == level for result in columns[0].results])
    for area in sorted({result.case.area for result in columns[0].results}):
        lines += _counted(area, columns, [result.case.area == area for result in columns[0].results])
    lines += _counted("**all**", columns, [True] * len(columns[0].results))
    return "\n".join(lines)


def case_table(columns: Sequence[Column]) -> str:
    """Return the matrix case by case."""
    heads = [f"{column.engine} {column.version}" for column in columns]
    lines = [_row(["case", "level", *heads]), _row(["---"] * (len(heads) + 2))]
    for number, result in enumerate(columns[0].results):
        marks = [_MARKS[column.results[number].status] for column in columns]
        lines.append(_row([f"`{result.case.key}`", result.case.level, *marks]))
    return "\n".join(lines)


def between_markers(text: str, table: str) -> str:
    """Return the text with the table in place of what stood between the markers of the matrix."""
    start, end = "<!-- matrix -->", "<!-- /matrix -->"
    head, _, rest = text.partition(start)
    return f"{head}{start}\n{table}\n{end}{rest.partition(end)[2]}"


def _counted(name: str, columns: Sequence[Column], chosen: Sequence[bool]) -> list[str]:
    if not any(chosen):
        return []
    cells = []
    for column in columns:
        counts = Counter(each.status for each, wanted in zip(column.results, chosen, strict=True) if wanted)
        skipped = f" ({counts['skipped']})" if counts["skipped"] else ""
        cells.append(f"{counts['passed']}{skipped}")
    return [_row([name, str(sum(chosen)), *cells])]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
