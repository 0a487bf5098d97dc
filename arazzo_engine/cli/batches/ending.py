"""How a batch ended: the summary, where the rows are that can be run again, and the exit code.

Decides the exit code: a row in doubt comes first, then what could not be written, an interruption, and failures.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_of_row
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.reporting.batches.outcomes import RowStatus

if TYPE_CHECKING:
    from arazzo_engine.cli.batches.asked import AskedBatch
    from arazzo_engine.cli.result import Output
    from arazzo_engine.world.batches.batch import Batch


def end_batch(batch: Batch, output: Output, asked: AskedBatch) -> int:
    """Tell how a batch ended, and return the exit code."""
    summary = batch.summary
    tell(output.masker.text(summary.text()), err=True)
    for path in batch.outbox.files.written:
        tell(f"rows that did not succeed: {path}", err=True)
    if batch.is_cut_short:
        tell("no more rows were taken, because of those that did not succeed", err=True)
    if batch.is_interrupted or batch.is_cut_short:
        _tell_how_to_go_on(asked)
    is_told = _write_summary(batch, asked)
    code = _exit_code(batch, output)
    if is_told or code is not ExitCode.SUCCESS:
        return code
    return ExitCode.UNWRITTEN


def _tell_how_to_go_on(asked: AskedBatch) -> None:
    if asked.output_file is None:
        tell("without `--output`, the batch cannot go on where it was stopped", err=True)
    else:
        tell("the same command goes on with the rows that have no outcome", err=True)


def _exit_code(batch: Batch, output: Output) -> ExitCode:
    journal, counts = batch.outbox.journal, batch.summary.by_status
    if batch.outbox.lost is not None:
        lines = "".join(batch.outbox.unwritten).rstrip("\n")
        tell(f"outcomes that could not be written ({batch.outbox.lost.strerror}):\n{lines}", err=True)
    if counts[RowStatus.IN_DOUBT] or (journal is not None and journal.leaves_doubt):
        return ExitCode.RESUMABLE
    if batch.outbox.lost is not None:
        return ExitCode.UNWRITTEN
    if batch.is_interrupted or isinstance(output.cut, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    found = [status for status, count in counts.items() if count]
    return next((code for code in map(exit_code_of_row, found) if code is not ExitCode.SUCCESS), ExitCode.SUCCESS)


def _write_summary(batch: Batch, asked: AskedBatch) -> bool:
    """Write the summary as JSON where that was asked for, and return whether it is there."""
    if asked.summary_file is None:
        return True
    try:
        Path(asked.summary_file).write_text(json.dumps(batch.summary.to_json(), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        tell(f"the summary could not be written: {error.strerror}", err=True)
        return False
    return True
