"""What ``fix`` and ``upgrade`` do with the texts that they made: show what is different, or write it into the files.

Decides what goes to stdout and which exit code it is. A difference in a pipe is one that ``patch`` takes; on a terminal
it has colours, and no control character of others.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import make_engine
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.cli.terminal.telling import tell_found
from arazzo_engine.diagnostics import ArazzoError, Diagnostic
from arazzo_engine.printable import printable
from arazzo_engine.world.rewriting.rewriting import Rewriting, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from arazzo_engine.world.engine import Engine


def writing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what becomes of a text."""
    diff = click.option("--diff", "is_written", flag_value=False, default=False, help="Show what would be written.")
    write = click.option("--write", "is_written", flag_value=True, type=bool, help="Write it into the documents.")
    return diff(write(command))


class Task(Struct, frozen=True):
    """What is done with each document: the function that makes its text, and what one change is called."""

    rewrite: Callable[[str], Rewriting]
    noun: str
    is_written: bool


def rewrite(locations: Iterable[str], options: dict[str, Any], task_of: Callable[[Engine], Task]) -> int:
    """Do a task of an engine with these options, and return the exit code."""
    try:
        with make_engine(**options) as engine:
            return _show_or_write(locations, task_of(engine))
    except ArazzoError as error:
        tell_found(error.diagnostics)
        return exit_code_for(error.diagnostics)


def _show_or_write(locations: Iterable[str], task: Task) -> int:
    """Show or write the text of each document, and return the exit code: 1 when something is still to be written."""
    done: list[Rewriting] = []
    failed: list[Diagnostic] = []
    for location in locations:
        try:
            rewriting = task.rewrite(location)
            _write(rewriting) if task.is_written else _show(rewriting)
        except ArazzoError as error:
            failed += error.diagnostics
        else:
            done.append(rewriting)
    if failed:
        tell_found(failed)
    if done:
        tell(told(done, noun=task.noun, is_written=task.is_written), err=True)
    return _exit_code(done, failed, task)


def _exit_code(done: Iterable[Rewriting], failed: Iterable[Diagnostic], task: Task) -> int:
    errors = [each.as_error() for each in failed]
    if errors:
        return exit_code_for(errors)
    is_left = any(each.refused or (each.is_changed and not task.is_written) for each in done)
    return ExitCode.FAILED if is_left else ExitCode.SUCCESS


def _write(rewriting: Rewriting) -> None:
    from arazzo_engine.world.rewriting.writing_back import write_back

    write_back(rewriting)


def _show(rewriting: Rewriting) -> None:
    text = rewriting.diff()
    if sys.stdout.isatty():
        text = "".join(map(_coloured, text.splitlines(keepends=True)))
    click.echo(text, nl=False)


def _coloured(line: str) -> str:
    colours = {"+": "green", "-": "red", "@": "cyan"}
    return click.style(printable(line.rstrip("\r\n")), fg=colours.get(line[:1])) + "\n"
