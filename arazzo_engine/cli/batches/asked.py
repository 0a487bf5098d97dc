"""What was asked for of a batch, as it was typed.

Decides which options exclude each other, and what is the default of one that depends on others.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from msgspec import Struct

from arazzo_engine.cli.opening import Asked
from arazzo_engine.cli.result import Output
from arazzo_engine.cli.telling.volume import Telling
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.world.loading.disk_files import is_there

if TYPE_CHECKING:
    from collections.abc import Mapping

_BATCH_ID: Final = lazy_pattern(r"[A-Za-z0-9_.:\-]{1,60}")


class AskedBatch(Struct, frozen=True):
    """The options of a batch alone: times are in seconds, ``check_rows`` is ``None`` where nobody has said it."""

    each: str
    output_file: str | None
    concurrency: int
    processes: int
    rate: str | None
    check_rows: bool | None
    fail_fast: bool
    max_failures: int | None
    timeout: float | None
    batch_id: str | None
    run_id_from: str | None
    failed_rows: str | None
    summary_file: str | None
    report: str | None
    durable: bool
    detach: bool
    database_url: str | None

    @property
    def failures(self) -> int | None:
        """After how many failures no more rows are taken."""
        return 1 if self.fail_fast else self.max_failures


def take_batch(location: str, options: dict[str, Any]) -> tuple[AskedBatch, Asked, Output]:
    """Take what is asked of a batch out of the options of its command; the rest is the engine's."""
    batch = AskedBatch(**_taken(options, AskedBatch.__struct_fields__))
    if batch.fail_fast and batch.max_failures is not None:
        raise click.UsageError("--fail-fast and --max-failures exclude each other")
    if batch.batch_id is not None and not _BATCH_ID.fullmatch(batch.batch_id):
        raise click.UsageError("--batch-id is of letters, digits, `_`, `-`, `.` and `:`, and at most 60 of them")
    for name, is_given in (("--database-url", batch.database_url is not None), ("--detach", batch.detach)):
        if is_given and not batch.durable:
            raise click.UsageError(f"{name} is for --durable")
    if batch.detach and batch.batch_id is None and batch.output_file is None:
        raise click.UsageError("--detach needs --batch-id or --output, by which the outcomes are found")
    named = _taken(options, ("workflow_id", "inputs_file", "pairs"))
    asked = Asked(location, named["workflow_id"], every=False, inputs_file=named["inputs_file"], pairs=named["pairs"])
    return batch, asked, Output("text", None, every=False, telling=Telling(verbosity=int(options.pop("is_verbose"))))


def _taken(options: dict[str, Any], names: tuple[str, ...]) -> Mapping[str, Any]:
    return {name: options.pop(name) for name in names}


def check_processes(batch: AskedBatch) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) for a batch that cannot be run in several processes."""
    if batch.processes == 1:
        return
    reasons = {
        "needs `--output`, where all of them write": batch.output_file is None,
        "needs a file of rows, which each of them reads": not is_there(Path(batch.each)),
        "excludes `--durable`": batch.durable,
        "is not there on this system": not hasattr(os, "fork"),
    }
    for reason, is_so in reasons.items():
        if is_so:
            raise ArazzoError(diagnose("option-invalid", f"`--processes` {reason}", fix="leave out `--processes`"))
