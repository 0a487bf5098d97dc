"""``arazzo validate``: check documents and everything they name, without running anything.

It decides which documents are meant, how findings are written, and which of them make it fail.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from msgspec import Struct

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import (
    BASE,
    NO_SOURCES,
    TIMEOUT,
    VERBOSE,
    WATCH,
    Whole,
    engine_options,
    loading_options,
)
from arazzo_engine.cli.terminal.grouped_help import GroupedCommand
from arazzo_engine.cli.terminal.stdin import check_watched, name_of, read_documents
from arazzo_engine.cli.terminal.telling import HINT, tell_findings
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.reporting.findings.checks import CheckedDocument, Checks
from arazzo_engine.reporting.findings.forms import FORMS, summarize
from arazzo_engine.world.loading.disk_files import is_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.world.loading.folders import Found
    from arazzo_engine.world.validating import Rewriting


_EXAMPLES: Final = (
    "arazzo validate .",
    "arazzo validate orders.arazzo.yaml --watch",
    "arazzo validate . --format sarif --fail-on warning",
)


@click.command(
    "validate",
    cls=GroupedCommand,
    examples=_EXAMPLES,
    short_help="Check Arazzo documents and the descriptions they name.",
)
@click.argument("locations", metavar="DOC...", nargs=-1, required=True)
@loading_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", *FORMS]),
    default="text",
    show_default=True,
    help="How the findings are written.",
)
@TIMEOUT
@click.option("--strict", is_flag=True, help="Make every warning an error.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="error",
    show_default=True,
    help="The findings that make the command fail.",
)
@click.option(
    "--ignore",
    "ignore",
    metavar="CODE[,CODE]",
    multiple=True,
    help="Do not tell findings of this code. May be given again.",
)
@NO_SOURCES
@click.option(
    "--jobs", type=Whole(1), metavar="N", help="Check in N processes; without it, in as many as are worth it."
)
@VERBOSE
@BASE
@WATCH
def command(*, locations: tuple[str, ...], watches: bool, **options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Check the Arazzo documents DOC, or those in the folders DOC, and the descriptions they name.

    Every finding is told at once, on stdout: many of them on a line each, or counted. Nothing is run and no
    credential is needed.
    """
    if watches:
        from arazzo_engine.cli.terminal.watching import watch

        check_watched(locations)
        return watch(locations, lambda: _validate(locations, dict(options)))
    return _validate(locations, options)


def _validate(locations: Sequence[str], options: dict[str, Any]) -> int:
    asked = _Asked(**{name: options.pop(name) for name in _Asked.__struct_fields__})
    try:
        checks, skipped, empty = _checks(locations, options, asked)
    except ArazzoError as error:
        _tell(Checks((CheckedDocument(locations[0], error.diagnostics),)), asked)
        return exit_code_for(error.diagnostics)
    _tell(checks, asked, skipped)
    _tell_idle(options["ignore"], checks)
    # what keeps a run from being started has the same exit code here
    failing = [finding.as_error() for finding in checks.findings if finding in empty or asked.fails(finding)]
    return exit_code_for(failing) if failing else ExitCode.SUCCESS


class _Asked(Struct, frozen=True):
    """What is to be told of the findings, and what of them makes the command fail."""

    format_: str
    fail_on: str
    no_sources: bool
    jobs: int | None
    is_verbose: bool
    base: str | None

    def fails(self, finding: Diagnostic) -> bool:
        return self.fail_on == "warning" or (self.fail_on == "error" and finding.is_error)


def _tell(checks: Checks, asked: _Asked, skipped: int = 0) -> None:
    is_whole = True
    if asked.format_ == "text":
        is_whole = tell_findings(checks.findings, checks.masker, is_verbose=asked.is_verbose, err=False)
    elif text := FORMS[asked.format_](checks):
        click.echo(text)
    passed = [f"{skipped:,} other file{'' if skipped == 1 else 's'} skipped"] if skipped else []
    click.echo("; ".join([summarize(checks), *passed, *([] if is_whole else [HINT])]), err=True)


def _tell_idle(ignore: Sequence[str], checks: Checks) -> None:
    """Say which codes are to be ignored and are those of no finding: one of them may be meant for another."""
    asked = dict.fromkeys(code for each in ignore for code in each.replace(",", " ").split())
    met = {finding.code for document in checks.documents for finding in document.ignored}
    if idle := [f"`{code}`" for code in asked if code not in met]:
        click.echo(f"`--ignore` {', '.join(idle)}: there is no such finding", err=True)


def _checks(
    locations: Sequence[str], options: dict[str, Any], asked: _Asked
) -> tuple[Checks, int, tuple[Diagnostic, ...]]:
    """Return what was checked, how many files are something else, and what is told of folders without documents."""
    from arazzo_engine.world.drivers.deadline import CHECKING, Deadline
    from arazzo_engine.world.validating import Checking

    piped = read_documents(locations, asked.base)
    empty: list[CheckedDocument] = []
    named = [name_of(each) for each in locations]
    folders = {each: _find(each, empty) for each in named if is_folder(Path(each))}
    found = {file for folder in folders.values() for file in folder.files}
    files = [file for each in named for file in (folders[each].files if each in folders else (each,))]
    timeout = options["timeout"]
    # one for all documents, or that of the project of each
    deadline = None if timeout is None else Deadline(timeout, work=CHECKING)
    checking = Checking(
        engine_options(options),
        deadline,
        with_sources=not asked.no_sources,
        rewrites=_rewrites() if asked.format_ == "sarif" else None,
        texts={each.name: (each.text, each.base) for each in piped.values()},
    )
    checked = checking.check(tuple(dict.fromkeys(files)), asked.jobs)
    # a file that only mentions the word is no document that anybody asked for
    documents = tuple(each for each in checked if each.name not in found or not _is_something_else(each))
    skipped = sum(folder.skipped for folder in folders.values()) + len(checked) - len(documents)
    empty += _emptied(folders, {each.name for each in checked} - {each.name for each in documents})
    told = tuple(finding for folder in empty for finding in folder.findings)
    return Checks((*empty, *documents), str(Path.cwd())), skipped, told


def _find(folder: str, empty: list[CheckedDocument]) -> Found:
    """Return the documents in a folder; one without any is told beside what is found elsewhere."""
    from arazzo_engine.world.loading.folders import Found, find_documents

    try:
        return find_documents(folder)
    except ArazzoError as error:
        empty.append(CheckedDocument(folder, error.diagnostics, is_folder=True))
        return Found((), 0)


def _emptied(folders: Mapping[str, Found], others: set[str]) -> Iterator[CheckedDocument]:
    """Yield what is told of folders whose files all turned out to be something else."""
    from arazzo_engine.world.loading.folders import no_documents

    for name, folder in folders.items():
        if folder.files and others.issuperset(folder.files):
            error = no_documents(name, len(folder.files) + folder.skipped)
            yield CheckedDocument(name, error.diagnostics, is_folder=True)


def _rewrites() -> Rewriting:
    from arazzo_engine.reporting.findings.rewrites import rewrites_of

    return rewrites_of


def _is_something_else(document: CheckedDocument) -> bool:
    return [finding.code for finding in document.findings] == ["not-arazzo"]
