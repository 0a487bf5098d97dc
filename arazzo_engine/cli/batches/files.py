"""The files that a batch writes: each another one than those that it reads, and all of them writable.

Decides it before anything is sent, and leaves what stands in them as it is.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from arazzo_engine.cli.terminal.stdin import STDIN
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.world.batches.journal import JOURNAL
from arazzo_engine.world.batches.outbox import FAILED, row_files
from arazzo_engine.world.loading.disk_files import is_taken, is_there

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.cli.batches.asked import AskedBatch


def check_files(batch: AskedBatch, document: str) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) for a file that would be written over another one, or cannot be."""
    _check_output(batch.output_file)
    taken: dict[str, str] = {}
    for name, path in (("the document", document), ("`--each`", batch.each)):
        if path != STDIN:
            taken[os.path.realpath(path)] = name
    for name, path in _written(batch):
        other = taken.setdefault(os.path.realpath(path), name)
        if other != name:
            raise _invalid(f"{name} would be written over {other}: `{path}`", "name another file")
    for name, wanted in (("`--failed-rows`", batch.failed_rows), ("`--summary`", batch.summary_file)):
        if wanted is not None:
            _try_to_write(name, Path(wanted))


def _check_output(path: str | None) -> None:
    if path is not None and is_taken(Path(path)) and not is_there(Path(path)):
        message = f"`--output` names no file that a batch could go on with: {path}"
        raise _invalid(message, "name a file, or leave it out: outcomes go to stdout then")


def _written(batch: AskedBatch) -> Iterator[tuple[str, str]]:
    """Yield what a batch writes, each with its name."""
    output = batch.output_file
    if output is not None:
        yield "`--output`", output
        yield "the journal of `--output`", f"{output}{JOURNAL}"
    for kind, path in row_files(output, batch.failed_rows).paths.items():
        is_named = kind == FAILED and batch.failed_rows is not None
        yield "`--failed-rows`" if is_named else "the file of rows beside `--output`", path
    if batch.summary_file is not None:
        yield "`--summary`", batch.summary_file


def _try_to_write(name: str, path: Path) -> None:
    existed = is_taken(path)
    try:
        path.open("a", encoding="utf-8").close()
    except OSError as error:
        raise _invalid(f"{name} cannot be written: {error.strerror}", "name a file") from error
    if not existed:
        path.unlink()


def _invalid(message: str, fix: str) -> ArazzoError:
    return ArazzoError(diagnose("option-invalid", message, fix=fix))
