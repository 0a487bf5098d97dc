"""``arazzo upgrade``: upgrade Arazzo 1.0 documents to 1.1, so that they mean the same.

It decides nothing of that: the engine says what is written, and ``cli.rewriting`` what becomes of it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from arazzo_engine.cli.options import NO_SOURCES, TIMEOUT, loading_options
from arazzo_engine.cli.rewriting import Task, rewrite, writing_options

if TYPE_CHECKING:
    from arazzo_engine.world.engine import Engine


@click.command("upgrade", short_help="Upgrade Arazzo 1.0 documents to 1.1, so that they mean the same.")
@click.argument("locations", metavar="DOC...", nargs=-1, required=True)
@click.option("--to", metavar="VERSION", default="1.1.0", show_default=True, help="The version to upgrade to.")
@writing_options
@loading_options
@TIMEOUT
@NO_SOURCES
def command(
    *,
    locations: tuple[str, ...],
    to: str,
    writing: str | None,
    no_sources: bool,
    **options: Any,  # noqa: ANN401 - click passes the options by name
) -> int:
    """Upgrade the Arazzo 1.0 documents DOC to 1.1, so that they mean the same.

    What would mean something else keeps a document from being upgraded, and what a person should look at is told.
    Without --write, the difference is shown on stdout and the exit code is 1 if there is one. The text of a document
    from stdin (-) goes to stdout.
    """

    def task(engine: Engine) -> Task:
        return Task(partial(engine.upgrade, to=to, with_sources=not no_sources), "upgrade", writing)

    return rewrite(locations, options, task)
