"""How a batch ended: the summary, where the rows are that can be run again, and the exit code.

Decides the exit code: a row in doubt comes first, then what could not be written, an interruption, and failures.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_of_row
from arazzo_engine.cli.terminal.screen import columns_of, tell
from arazzo_engine.reporting.batches.outcomes import RowStatus
from arazzo_engine.world.batches.outbox import FAILED, IN_DOUBT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.cli.batches.asked import AskedBatch
    from arazzo_engine.cli.result import Output
    from arazzo_engine.reporting.batches.summary import Summary
    from arazzo_engine.world.batches.outbox import Outbox


_WHAT_TO_DO: Final = {
    FAILED: "rows that failed: {path}; `--each {path}` with another `--output` runs them again",
    IN_DOUBT: "rows in doubt: {path}; find out what became of each before anything runs it again",
}


# rows that are named, of those that were left
_SHOWN: Final = 10


class Ended(Struct, frozen=True):
    """How a batch ended, beside how its rows did: what it left behind, and whether it was over."""

    summary: Summary
    files: Mapping[str, str]
    is_interrupted: bool = False
    is_cut_short: bool = False
    in_doubt: tuple[int, ...] = ()
    leaves_doubt: bool = False
    is_unwritten: bool = False
    has_bug: bool = False

    @property
    def code(self) -> ExitCode:
        """The exit code."""
        counts = self.summary.by_status
        of_rows = [exit_code_of_row(status) for status, count in counts.items() if count]
        reasons = {
            ExitCode.RESUMABLE: bool(counts[RowStatus.IN_DOUBT] or self.in_doubt) or self.leaves_doubt,
            ExitCode.BUG: self.has_bug,
            ExitCode.UNWRITTEN: self.is_unwritten or bool(self.summary.unrecorded),
            ExitCode.INTERRUPTED: self.is_interrupted,
        }
        found = (*(code for code, is_so in reasons.items() if is_so), *of_rows)
        return next((code for code in found if code is not ExitCode.SUCCESS), ExitCode.SUCCESS)


def end_batch(ended: Ended, output: Output, asked: AskedBatch) -> int:
    """Tell how a batch ended, and return the exit code."""
    tell(output.masker.text(ended.summary.text(columns_of(err=True))), err=True)
    for kind, path in ended.files.items():
        tell(_WHAT_TO_DO[kind].format(path=path), err=True)
    tell_doubts(ended.in_doubt)
    if ended.is_cut_short:
        tell("no more rows were taken, because of those that did not succeed", err=True)
    if ended.is_interrupted or ended.is_cut_short:
        _tell_how_to_go_on(asked)
    is_told = _write_summary(ended.summary, asked)
    return ended.code if is_told or ended.code is not ExitCode.SUCCESS else ExitCode.UNWRITTEN


def tell_doubts(rows: tuple[int, ...]) -> None:
    """Tell which rows were left while nobody knows what became of their requests, if there are any."""
    if rows:
        shown = ", ".join(f"{each:,}" for each in rows[:_SHOWN]) + (" …" if len(rows) > _SHOWN else "")
        what = "row was" if len(rows) == 1 else "rows were"
        tell(
            f"{len(rows):,} {what} left in doubt: {shown}; find out what became of each before anything runs it again",
            err=True,
        )


def tell_unwritten_outcomes(outbox: Outbox) -> None:
    """Tell the outcomes that could not be written, if there are any."""
    if outbox.lost is not None:
        lines = "".join(outbox.unwritten).rstrip("\n")
        tell(f"outcomes that could not be written ({outbox.lost.strerror}):\n{lines}", err=True)


def _tell_how_to_go_on(asked: AskedBatch) -> None:
    if asked.output_file is None and not asked.durable:
        tell("without `--output`, the batch cannot go on where it was stopped", err=True)
    else:
        tell("the same command goes on with the rows that have no outcome", err=True)


def _write_summary(summary: Summary, asked: AskedBatch) -> bool:
    """Write the summary as JSON where that was asked for, and return whether it is there."""
    if asked.summary_file is None:
        return True
    try:
        Path(asked.summary_file).write_text(json.dumps(summary.to_json(), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        tell(f"the summary could not be written: {error.strerror}", err=True)
        return False
    return True
