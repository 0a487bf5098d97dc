"""``arazzo worker``: execute runs of others until it is told to end.

It only parses its options: what it does is in ``cli.fleet``.
"""

from __future__ import annotations

import click

from arazzo_engine.cli.commands.fleet.doing import done
from arazzo_engine.cli.options import DATABASE, SECONDS, Whole


@click.command("worker", short_help="Execute the runs that are in the queue, until it is ended.")
@DATABASE
@click.option("--name", metavar="NAME", help="The name of this worker, the same after a restart.  [default: the host]")
@click.option(
    "--concurrency", type=Whole(1, 1000), metavar="N",
    help="How many runs each worker of the fleet executes at once.  [default: as it was, at first 8]",
)  # fmt: skip
@click.option(
    "--poll", type=SECONDS, metavar="S",
    help="How often each worker of the fleet looks for runs.  [default: as it was, at first 0.5]",
)  # fmt: skip
@click.option(
    "--lost-after", type=SECONDS, default=30.0, show_default=True, metavar="S",
    help="After S seconds without a sign of life, others take over.",
)  # fmt: skip
@click.option(
    "--sleep-from", type=SECONDS, default=5.0, show_default=True, metavar="S",
    help="A run that is to wait longer than S seconds leaves the worker meanwhile.",
)  # fmt: skip
@click.option(
    "--grace", type=Whole(0, 3600), default=25, show_default=True, metavar="S",
    help="When it is ended, let requests take S seconds to be answered.",
)  # fmt: skip
def command(url: str | None, name: str | None, **options: float | None) -> int:
    """Execute the runs that `arazzo run --durable --detach` and schedules put into the queue.

    Ended with SIGTERM or Ctrl-C, it takes no more, and its runs go on elsewhere from their next step.
    """
    return done("text", lambda _output, fleet: fleet.workers.work(url, name, options))
