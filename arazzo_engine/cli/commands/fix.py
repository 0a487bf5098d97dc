"""``arazzo fix``: write into documents what they are read with, and what findings would have written.

It decides nothing of that: the engine says which edits are made, and ``cli.rewriting`` what becomes of them.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from arazzo_engine.cli.exit_codes import exit_code_for
from arazzo_engine.cli.options import TIMEOUT, loading_options, make_engine
from arazzo_engine.cli.rewriting import Task, show_or_write, writing_options
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.reporting.diagnostics_text import render_diagnostics


@click.command("fix", short_help="Write the repairs of Arazzo documents into them.")
@click.argument("locations", metavar="DOC...", nargs=-1, required=True)
@writing_options
@click.option("--unsafe", is_flag=True, help="Write also what is only far likelier than anything else.")
@loading_options
@TIMEOUT
@click.option("--offline", is_flag=True, help="Load nothing from the network.")
@click.option("--no-sources", is_flag=True, help="Judge the documents by themselves, without their sources.")
def command(
    *,
    locations: tuple[str, ...],
    is_written: bool,
    unsafe: bool,
    no_sources: bool,
    **options: Any,  # noqa: ANN401 - click passes the options by name
) -> int:
    """Write into the Arazzo documents DOC the repairs that they are read with.

    Only what a repair changes is written: comments, order, quotes and line ends of everything else stay. Without
    --write, the difference is shown on stdout and the exit code is 1 if there is one.
    """
    try:
        with make_engine(**options) as engine:
            fix = partial(engine.fix, unsafe=unsafe, with_sources=not no_sources)
            return show_or_write(locations, Task(fix, "repair", is_written))
    except ArazzoError as error:
        click.echo(render_diagnostics(error.diagnostics), err=True)
        return exit_code_for(error.diagnostics)
