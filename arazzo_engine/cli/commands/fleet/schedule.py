"""``arazzo schedule``: have a workflow run again and again.

The run is checked as any other is before it is sent; the documents are kept as they are now.
"""

from __future__ import annotations

from typing import Any

import click

from arazzo_engine.cli.commands.fleet.doing import done
from arazzo_engine.cli.options import DATABASE, STEP_TIMEOUT, run_options


@click.command("schedule", short_help="Have workers run a workflow again and again.")
@click.argument("location", metavar="DOC")
@click.option("--cron", required=True, metavar="EXPR", help="When: a cron expression, with or without seconds.")
@click.option("--zone", default="", metavar="ZONE", help="The time zone of --cron.  [default: UTC]")
@click.option("--name", metavar="NAME", help="The name of the schedule.  [default: the workflow's]")
@click.option("--catch-up", is_flag=True, help="Make up for times at which no worker was there.")
@run_options
@STEP_TIMEOUT
@DATABASE
def command(**options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Have workers run a workflow of the Arazzo document DOC whenever a cron expression says so.

    The documents, inputs and credentials are kept as they are now.
    """
    when = {name: options.pop(name) for name in ("cron", "zone", "name", "catch_up", "url")}
    return done("text", lambda _output, fleet: fleet.schedules.add_schedule(options, when))
