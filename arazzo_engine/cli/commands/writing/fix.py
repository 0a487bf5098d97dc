"""``arazzo fix``: write into documents what they are read with, and what findings would have written.

It decides nothing of that: the engine says which edits are made, and ``cli.rewriting`` what becomes of them.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from arazzo_engine.cli.options import NO_SOURCES, TIMEOUT, loading_options
from arazzo_engine.cli.rewriting import Task, rewrite, writing_options

if TYPE_CHECKING:
    from arazzo_engine.world.engine import Engine


@click.command("fix", short_help="Write the repairs of Arazzo documents into them.")
@click.argument("locations", metavar="DOC...", nargs=-1, required=True)
@writing_options
@click.option("--unsafe", is_flag=True, help="Write also what is only likely meant; a person should look at it.")
@loading_options
@TIMEOUT
@NO_SOURCES
def command(
    *,
    locations: tuple[str, ...],
    writing: str | None,
    unsafe: bool,
    no_sources: bool,
    **options: Any,  # noqa: ANN401 - click passes the options by name
) -> int:
    """Write into the Arazzo documents DOC the repairs that they are read with.

    Only what a repair changes is written: comments, order, quotes and line ends of everything else stay. Without
    --write, the difference is shown on stdout and the exit code is 1 if there is one. The text of a document from
    stdin (-) goes to stdout.
    """

    def task(engine: Engine) -> Task:
        return Task(partial(engine.fix, unsafe=unsafe, with_sources=not no_sources), "repair", writing)

    return rewrite(locations, options, task)
