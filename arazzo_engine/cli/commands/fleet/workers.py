"""``arazzo workers``: the workers of a database, with their last sign of life."""

from __future__ import annotations

import click

from arazzo_engine.cli.commands.fleet.doing import done
from arazzo_engine.cli.options import DATABASE, LISTED


@click.command("workers", short_help="List the workers, with their last sign of life.")
@DATABASE
@LISTED
def command(url: str | None, format_: str) -> int:
    """List the workers: what each is at, and how long ago it gave a sign of life."""
    return done(format_, lambda output, fleet: fleet.workers.list_workers(url, output))
