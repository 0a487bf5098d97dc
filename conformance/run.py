"""Runs the conformance suite against one engine or several: ``python conformance/run.py --adapter NAME``.

It prints one line for each case. The exit code is 0 when every result is what the adapter's expectations file says, 1
when one is not, and 2 when an adapter cannot be started. The standard library is all it needs.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from runner.adapters import Adapter, AdapterError, Speaker, find_adapter
from runner.cases import ROOT, read_cases
from runner.disagreements import disagreements
from runner.exporting import export
from runner.reports import (
    Column,
    between_markers,
    case_table,
    junit,
    result_line,
    summary_line,
    summary_table,
    surprises,
)
from runner.running import run_case

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from runner.cases import Case


def main() -> int:
    """Run what the command line asks for, and return the exit code."""
    options = _parser().parse_args()
    cases = [case for case in read_cases() if _is_wanted(case, options.case)]
    if options.export:
        export(cases, options.export)
        return 0
    columns = []
    unexpected = 0
    for name in options.adapter or ["arazzo_engine"]:
        adapter = find_adapter(name)
        try:
            column = _run(adapter, cases, until_surprise=options.fail_fast)
        except (AdapterError, OSError) as error:
            print(f"adapter {name} cannot be started: {error}", file=sys.stderr)
            return 2
        columns.append(column)
        print(summary_line(column))
        if options.write_expectations:
            _write_expectations(adapter, column, whole=not options.case)
        found = surprises(adapter, column.results)
        unexpected += len(found)
        for each in found:
            print(f"not as expected: {each}")
    if options.junit:
        options.junit.write_bytes(junit(columns))
    if options.matrix:
        _write_matrix(columns)
    return 1 if unexpected else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Run the Arazzo conformance suite against engines.")
    parser.add_argument("--adapter", action="append", help="a folder in adapters/; may be given several times")
    parser.add_argument("--case", action="append", help="only these cases: a pattern such as 'retry-*' or 'actions/*'")
    parser.add_argument("--junit", type=Path, help="write the results to this file as JUnit XML")
    parser.add_argument("--export", type=Path, help="write each case to a JSON file of this folder, and run none")
    parser.add_argument("--fail-fast", action="store_true", help="end with the first result that was not expected")
    parser.add_argument(
        "--matrix", action="store_true", help="write the results into README.md, RESULTS.md and DISAGREEMENTS.md"
    )
    parser.add_argument(
        "--write-expectations", action="store_true", help="write what was found as what is known of the engine"
    )
    return parser


def _is_wanted(case: Case, patterns: Sequence[str] | None) -> bool:
    names = (case.key, case.id, f"{case.area}/{case.id}")
    return not patterns or any(fnmatch(name, pattern) for name in names for pattern in patterns)


def _run(adapter: Adapter, cases: Sequence[Case], *, until_surprise: bool) -> Column:
    speaker = Speaker(adapter)
    speaker.start()
    results = []
    try:
        for case in cases:
            result = run_case(case, speaker.run)
            print(result_line(result), flush=True)
            results.append(result)
            if until_surprise and surprises(adapter, [result]):
                break
    finally:
        speaker.stop()
    return Column(adapter.name, speaker.engine["engine"], speaker.engine["version"], tuple(results))


def _write_expectations(adapter: Adapter, column: Column, *, whole: bool) -> None:
    known, choices = adapter.expectations, {} if whole else adapter.choices
    kept = {} if whole else dict(known)
    for result in column.results:
        kept.pop(result.case.key, None)
        choices.pop(result.case.key, None)
        if result.status != "passed":
            old = known.get(result.case.key, {})
            reason = old["reason"] if old.get("result") == result.status else result.reason
            kept[result.case.key] = {"result": result.status, "reason": reason}
        elif result.accepted is not None and len(result.case.expected) > 1:
            choices[result.case.key] = result.accepted
    _write_json(adapter.folder / "expectations.json", kept)
    _write_json(adapter.folder / "choices.json", choices)


def _write_json(path: Path, value: Mapping[str, object]) -> None:
    path.write_text(json.dumps(dict(sorted(value.items())), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_matrix(columns: Sequence[Column]) -> None:
    date = dt.datetime.now(tz=dt.UTC).date().isoformat()
    readme = ROOT / "README.md"
    text = between_markers(readme.read_text(encoding="utf-8"), summary_table(columns, date))
    readme.write_text(text, encoding="utf-8")
    head = f"# Results, case by case\n\nWritten by `run.py --matrix` on {date}.\n\n"
    (ROOT / "RESULTS.md").write_text(head + case_table(columns) + "\n", encoding="utf-8")
    (ROOT / "DISAGREEMENTS.md").write_text(disagreements(columns, date), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
