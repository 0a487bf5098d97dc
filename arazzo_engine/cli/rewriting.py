"""What ``fix`` and ``upgrade`` do with the texts that they made: show what is different, or write it into the files.

Decides what goes to stdout and which exit code it is: of a document that is piped in, its text. A difference in a pipe
is one that ``patch`` takes; on a terminal it has colours, and no control character of others.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click
from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import BASE, make_engine
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.cli.terminal.stdin import Piped, read_documents
from arazzo_engine.cli.terminal.telling import tell_found
from arazzo_engine.diagnostics import ArazzoError, Diagnostic
from arazzo_engine.printable import printable
from arazzo_engine.world.rewriting.rewriting import Rewriting, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from arazzo_engine.world.engine import Engine

_ALONE: Final = "the text of a document from stdin goes to stdout: name it alone, or add `--diff`"


def writing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what becomes of a text."""
    diff = click.option("--diff", "writing", flag_value="diff", help="Show what would be written.")
    write = click.option("--write", "writing", flag_value="write", help="Write it into the documents.")
    return diff(write(BASE(command)))


class Task(Struct, frozen=True):
    """What is done with each document: the function that makes its text, and what one change is called.

    What of them is wanted, ``writing``, not everybody says: of one that is piped in the text, of others the difference.
    """

    rewrite: Callable[..., Rewriting]
    noun: str
    writing: str | None
    is_piped: bool = False

    @property
    def is_written(self) -> bool:
        """Whether the text goes to where it belongs."""
        return self.writing == "write" or (self.writing is None and self.is_piped)


def rewrite(locations: Sequence[str], options: dict[str, Any], task_of: Callable[[Engine], Task]) -> int:
    """Do a task of an engine with these options, and return the exit code."""
    piped = read_documents(locations, options.pop("base"))
    try:
        with make_engine(**options) as engine:
            task = replace(task_of(engine), is_piped=bool(piped))
            if piped and task.writing is None and len(locations) > 1:
                raise click.UsageError(_ALONE)
            return _show_or_write(locations, piped, task)
    except ArazzoError as error:
        tell_found(error.diagnostics)
        return exit_code_for(error.diagnostics)


def _show_or_write(locations: Iterable[str], piped: Mapping[str, Piped], task: Task) -> int:
    """Show or write the text of each document, and return the exit code: 1 when something is still to be written."""
    done: list[Rewriting] = []
    failed: list[Diagnostic] = []
    for location in locations:
        try:
            rewriting = _rewritten(location, piped.get(location), task)
        except ArazzoError as error:
            failed += error.diagnostics
        else:
            done.append(rewriting)
    if failed:
        tell_found(failed)
    if done:
        tell(told(done, noun=task.noun, is_written=task.is_written), err=True)
    return _exit_code(done, failed, task)


def _rewritten(location: str, piped: Piped | None, task: Task) -> Rewriting:
    """Return what was done with a document, with its text where it belongs."""
    rewriting = task.rewrite(location) if piped is None else task.rewrite(piped.text, base=piped.base)
    if not task.is_written:
        _show(rewriting)
    elif piped is None:
        _write(rewriting)
    else:
        _give_back(rewriting, piped)
    return rewriting


def _exit_code(done: Iterable[Rewriting], failed: Iterable[Diagnostic], task: Task) -> int:
    errors = [each.as_error() for each in failed]
    if errors:
        return exit_code_for(errors)
    is_left = any(each.refused or (each.is_changed and not task.is_written) for each in done)
    return ExitCode.FAILED if is_left else ExitCode.SUCCESS


def _write(rewriting: Rewriting) -> None:
    from arazzo_engine.world.rewriting.writing_back import write_back

    write_back(rewriting)


def _give_back(rewriting: Rewriting, piped: Piped) -> None:
    if sys.stdout.isatty():
        click.echo("".join(f"{printable(line)}\n" for line in rewriting.text.splitlines()), nl=False)
    else:
        # as bytes: nothing may be made of line ends
        click.echo(piped.encoded(rewriting.text), nl=False)


def _show(rewriting: Rewriting) -> None:
    text = rewriting.diff()
    if sys.stdout.isatty():
        text = "".join(map(_coloured, text.splitlines(keepends=True)))
    click.echo(text, nl=False)


def _coloured(line: str) -> str:
    colours = {"+": "green", "-": "red", "@": "cyan"}
    return click.style(printable(line.rstrip("\r\n")), fg=colours.get(line[:1])) + "\n"
