"""``arazzo show``: what a document does, for a reader who has never seen it.

It reads the document by itself; what it names is not loaded.
"""

from __future__ import annotations

from typing import Final

import click

from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.cli.options import VERBOSE
from arazzo_engine.cli.telling.volume import COLOUR
from arazzo_engine.cli.terminal.screen import columns_of, tell
from arazzo_engine.cli.terminal.telling import tell_refusal
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.printable import printable

# a line of prose is no longer, however wide the terminal
_WIDTH: Final = 88


@click.command("show", short_help="Show what a document does: its workflows, steps, inputs and outputs.")
@click.argument("location", metavar="DOC")
@VERBOSE
@COLOUR
def command(location: str, *, is_verbose: bool) -> int:
    """Show the Arazzo document DOC: its workflows with their steps, inputs and outputs, and its source APIs."""
    from arazzo_engine.cli.exit_codes import exit_code_for
    from arazzo_engine.language.reading.description import read_description
    from arazzo_engine.reporting.show_text import describe
    from arazzo_engine.world.loading.loader import Loader

    try:
        reading = read_description(Loader().load_entry(location))
    except ArazzoError as error:
        tell_refusal(error.diagnostics, is_verbose=is_verbose)
        return exit_code_for(error.diagnostics)
    tell(printable(describe(reading.description, min(_WIDTH, columns_of(err=False) or _WIDTH))))
    if reading.problems:
        click.echo(err=True)
        tell_refusal(reading.problems, is_verbose=is_verbose)
    return ExitCode.DOCUMENT if any(problem.is_error for problem in reading.problems) else ExitCode.SUCCESS
