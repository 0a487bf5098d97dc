"""``arazzo upgrade``: make documents of Arazzo 1.0 such of 1.1 that mean the same.

It decides nothing of that: the engine says what is written, and ``cli.rewriting`` what becomes of it.
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


@click.command("upgrade", short_help="Make documents of Arazzo 1.0 such of 1.1 that mean the same.")
@click.argument("locations", metavar="DOC...", nargs=-1, required=True)
@click.option("--to", metavar="VERSION", default="1.1.0", show_default=True, help="The version to upgrade to.")
@writing_options
@loading_options
@TIMEOUT
@click.option("--offline", is_flag=True, help="Load nothing from the network.")
@click.option("--no-sources", is_flag=True, help="Judge the documents by themselves, without their sources.")
def command(
    *,
    locations: tuple[str, ...],
    to: str,
    is_written: bool,
    no_sources: bool,
    **options: Any,  # noqa: ANN401 - click passes the options by name
) -> int:
    """Make the documents DOC of Arazzo 1.0 documents of 1.1 that mean the same.

    What would mean something else keeps a document from being upgraded, and what a person should look at is told.
    Without --write, the difference is shown on stdout and the exit code is 1 if there is one.
    """
    try:
        with make_engine(**options) as engine:
            upgrade = partial(engine.upgrade, to=to, with_sources=not no_sources)
            return show_or_write(locations, Task(upgrade, "upgrade", is_written))
    except ArazzoError as error:
        click.echo(render_diagnostics(error.diagnostics), err=True)
        return exit_code_for(error.diagnostics)
