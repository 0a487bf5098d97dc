"""The report of a batch by its rows, made of their outcomes when the batch has ended.

Decides which reports there are, and that one which cannot be written is told before the first request. Rows are read
again for their values, one after the other, so that their number costs nothing.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.reporting.batches.junit import END, beginning, case
from arazzo_engine.reporting.batches.row_table import RowTable
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.batches.outbox import row_files
from arazzo_engine.world.loading.disk_files import is_taken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.cli.batches.asked import AskedBatch
    from arazzo_engine.reporting.batches.summary import Summary
    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.world.batches.row_inputs import RowInputs

_PREFIX = "junit="


def check_report(batch: AskedBatch) -> str | None:
    """Return the file of the report that was asked for, which can be written.

    Raises ``click.UsageError``, or ``ArazzoError`` (``option-invalid``).
    """
    if batch.report is None:
        return None
    path = batch.report.removeprefix(_PREFIX)
    if path in {batch.report, ""}:
        raise click.UsageError("--report of a batch is junit=FILE")
    if batch.output_file is None:
        raise click.UsageError("--report needs --output: it is made of the outcomes")
    if os.path.realpath(path) in set(_others(batch, batch.output_file)):
        raise click.UsageError("--report names a file that the batch needs for itself")
    _try_to_write(Path(path))
    return path


def _others(batch: AskedBatch, outcomes: str) -> Iterator[str]:
    """Yield the files that a batch reads or writes without a report."""
    named = (batch.each, outcomes, batch.failed_rows, batch.summary_file)
    for each in (*named, f"{outcomes}.journal", *row_files(outcomes, batch.failed_rows).paths.values()):
        if each is not None:
            yield os.path.realpath(each)


def _try_to_write(path: Path) -> None:
    """Raise ``ArazzoError`` when a file cannot be written; leave none behind, and nothing of an earlier batch."""
    existed = is_taken(path)
    try:
        path.open("w", encoding="utf-8").close()
    except OSError as error:
        message = f"`--report` cannot be written: {error.strerror}"
        raise ArazzoError(diagnose("option-invalid", message, fix="name a file that can be written")) from error
    if not existed:
        path.unlink()


def write_report(path: str, outcomes: str, inputs: RowInputs, told: tuple[Summary, Masker]) -> OSError | None:
    """Write the report; return what kept it from being written."""
    summary, masker = told
    (workflow_id,) = inputs.program.workflow_ids
    try:
        with open(outcomes, "rb") as lines, open(path, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123 - the names are the user's
            file.write(beginning(summary, workflow_id))
            for outcome, values in _rows(lines, inputs):
                secrets = inputs.program.secrets(GivenInputs(dict(values)))
                file.write(case(outcome, _masked(values, masker.also(secrets)), workflow_id))
            file.write(END)
    except OSError as error:
        return error
    return None


def _masked(values: Mapping[str, Any], masker: Masker) -> dict[str, Any]:
    shown: Any = masker.value(dict(values))
    return dict(shown)


def _rows(lines: IO[bytes], inputs: RowInputs) -> Iterator[tuple[dict[str, Any], Mapping[str, Any]]]:
    """Yield each outcome with the values of its row, of which a stream has none any more."""
    starts = _starts(lines)
    if inputs.source.is_stream:
        yield from ((_outcome(lines, start - 1), {}) for start in starts.numbers())
        return
    for row in inputs.source.rows():
        start = starts.get(row.number)
        if start:
            yield _outcome(lines, start - 1), row.inputs


def _starts(lines: IO[bytes]) -> RowTable:
    """Return where the last outcome of each row begins, counted from 1."""
    starts = RowTable("Q")
    start = 1
    for line in lines:
        if line.endswith(b"\n"):
            starts.put(json.loads(line)["row"], start)
        start += len(line)
    return starts


def _outcome(lines: IO[bytes], start: int) -> dict[str, Any]:
    lines.seek(start)
    outcome: dict[str, Any] = json.loads(lines.readline())
    return outcome
