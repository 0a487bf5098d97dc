"""``--report KIND=FILE``: the files of the reports, opened before anything is sent, and written while the runs go on.

Decides that nothing is sent when a report could not be kept. Once something is, a file that cannot be written any more
stops no run: it is told at the end.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import click
from msgspec import Struct, field

from arazzo_engine.diagnostics import ArazzoError, diagnose, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.reporting.events import Event
    from arazzo_engine.reporting.kinds.kind import Kind
    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.run_report import RunReport

# GitHub adds up what the steps of a job write
_ADDED_TO: Final = frozenset({"github"})


class ReportFile(Struct):
    """A file that a report is written to; ``lost`` is why it cannot be written any more."""

    kind: str
    path: str
    number: int
    is_new: bool = True
    lost: OSError | None = None
    is_begun: bool = False

    def write(self, text: str, /) -> None:
        """Write a text, or remember why it is not written."""
        if self.lost is not None:
            return
        try:
            # what was in the file goes when there is something to put in its place
            if not self.is_begun and self.kind not in _ADDED_TO and os.fstat(self.number).st_size:
                os.ftruncate(self.number, 0)
            self.is_begun = True
            rest = memoryview(text.encode("utf-8", errors="backslashreplace"))
            while rest:
                rest = rest[os.write(self.number, rest) :]
        except OSError as error:
            self.lost = error

    def flush(self) -> None:
        """Do nothing: what is written is in the file."""

    def empty(self) -> None:
        """Take away what an earlier run wrote: it would be read as the report of this one."""
        if self.kind not in _ADDED_TO and stat.S_ISREG(os.fstat(self.number).st_mode):
            with suppress(OSError):
                os.ftruncate(self.number, 0)

    def close(self) -> None:
        """Close the file."""
        try:
            os.close(self.number)
        except OSError as error:
            self.lost = self.lost or error


class Reports(Struct):
    """The reports of a command, each with its file."""

    files: list[ReportFile] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)

    def open(self, typed: Sequence[str], output_file: str | None) -> None:
        """Open each file; raises ``ArazzoError`` (``option-invalid``)."""
        asked = [_read(each) for each in typed]
        _refuse_same([path for _, path in asked], output_file)
        for kind, path in asked:
            self.files.append(_open(kind, path))

    def begin(self, masker: Masker, *, every: bool) -> None:
        """Begin each report."""
        if not self.files:
            return
        from arazzo_engine.cli.bugs import engine_version
        from arazzo_engine.reporting.kinds.kind import Setting
        from arazzo_engine.reporting.kinds.table import KINDS

        self.kinds = [KINDS[file.kind](file, Setting(masker, engine_version(), every)) for file in self.files]

    def take(self, event: Event) -> None:
        """Tell each report of an event."""
        for kind in self.kinds:
            kind.take(event)

    def drop(self) -> None:
        """Leave no file behind that was not there, and nothing of an earlier run in the others: nothing was run."""
        for file in self.files:
            file.empty()
            file.close()
            if file.is_new and not file.is_begun:
                with suppress(OSError):
                    os.unlink(file.path)  # noqa: PTH108 - the name is the user's
        self.files, self.kinds = [], []

    def close(self, reports: tuple[RunReport, ...], masker: Masker) -> OSError | None:
        """Write the rest of each report, and return why one of them could not be written."""
        for kind, file in zip(self.kinds, self.files, strict=True):
            kind.close(reports)
            file.close()
            if file.kind in _ADDED_TO:
                _annotate(reports, masker)
        return next((file.lost for file in self.files if file.lost is not None), None)


def refuse_reports(reports: Sequence[str], option: str) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) when reports are asked for of what is no run."""
    if reports:
        message = f"`--report` and `{option}` exclude each other: a report is one of a run"
        raise ArazzoError(diagnose("option-invalid", message, fix="leave out one of them"))


def _read(text: str) -> tuple[str, str]:
    from arazzo_engine.reporting.kinds.table import KINDS

    kind, sign, path = text.partition("=")
    if not sign or not path:
        message = "`--report` needs the form KIND=FILE"
        raise ArazzoError(diagnose("option-invalid", message, fix="write `--report junit=report.xml`"))
    if kind not in KINDS:
        message = f"`--report` knows no kind `{kind}`"
        hint = did_you_mean(kind, KINDS) or f"there are {', '.join(KINDS)}"
        raise ArazzoError(diagnose("option-invalid", message, fix=hint))
    check_library(kind, f"--report {kind}=…")
    return kind, path


def check_library(kind: str, option: str) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) when a kind needs a package that is not installed."""
    from arazzo_engine.reporting.kinds.table import LIBRARIES

    library = LIBRARIES.get(kind, "")
    if library and find_spec(library) is None:
        message = f"`{option}` needs the package `{library}`, which is not installed"
        raise ArazzoError(diagnose("option-invalid", message, fix="pip install 'arazzo-engine[reports]'"))


def _refuse_same(paths: list[str], output_file: str | None) -> None:
    seen = {} if output_file is None else {os.path.realpath(output_file): "--output"}
    for path in paths:
        real = os.path.realpath(path)
        if real in seen:
            message = f"`--report` and `{seen[real]}` write to the same file: {path}"
            raise ArazzoError(diagnose("option-invalid", message, fix="name another file for one of them"))
        seen[real] = "--report"


def _open(kind: str, path: str) -> ReportFile:
    added = os.O_APPEND if kind in _ADDED_TO else 0
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)  # noqa: PTH103, PTH120 - the name is the user's
        # what a run gives may be for its user alone; a file that is there keeps its rights
        is_new = not os.path.exists(path)  # noqa: PTH110 - the same
        return ReportFile(kind, path, os.open(path, os.O_WRONLY | os.O_CREAT | added, 0o600), is_new)
    except OSError as error:
        message = f"`--report {kind}=…` cannot be written: {error.strerror}"
        raise ArazzoError(diagnose("option-invalid", message, fix="name a file that can be written")) from error


def _annotate(reports: tuple[RunReport, ...], masker: Masker) -> None:
    from arazzo_engine.reporting.kinds.github import annotate

    for report in reports:
        for line in annotate(report, masker):
            click.echo(line, err=True)
