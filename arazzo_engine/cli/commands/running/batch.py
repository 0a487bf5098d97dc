"""``arazzo batch``: run a workflow once for each row of a file.

It only takes the options: what a batch does is in ``cli.batches``.
"""

from __future__ import annotations

from typing import Any, Final

import click

from arazzo_engine.cli.options import SECONDS, STEP_TIMEOUT, Whole, batch_options
from arazzo_engine.cli.terminal.grouped_help import GroupedCommand
from arazzo_engine.diagnostics import ArazzoError

_EXAMPLES: Final = (
    "arazzo batch orders.arazzo.yaml --each orders.csv --output out.jsonl",
    "arazzo batch orders.arazzo.yaml --each orders.jsonl --output out.jsonl --concurrency 16 --rate 50/s",
    "arazzo batch orders.arazzo.yaml --each orders.csv --output out.jsonl --report junit=rows.xml --max-failures 10",
)


@click.command("batch", cls=GroupedCommand, examples=_EXAMPLES, short_help="Run a workflow for each row of a file.")
@click.argument("location", metavar="DOC")
@click.option("--each", metavar="ROWS", required=True, help="The rows: a file of JSON lines or CSV, - reads stdin.")
@click.option(
    "-o", "--output", "output_file", metavar="FILE",
    help="Where the outcomes go, a JSON line for each row; the same command goes on where it was stopped.",
)  # fmt: skip
@click.option(
    "--concurrency", type=Whole(1, 1000), default=8, show_default=True, metavar="N",
    help="How many rows are run at a time.",
)  # fmt: skip
@click.option(
    "--processes", type=Whole(1, 64), default=1, show_default=True, metavar="N",
    help="In how many processes, which share the rows.",
)  # fmt: skip
@click.option("--rate", metavar="R", help="How many rows may begin: 10/s, 600/m, 100/h.")
@click.option(
    "--check-rows/--no-check-rows", "check_rows", default=None,
    help="Check every row before anything is sent; done for files, and not possible for stdin.",
)  # fmt: skip
@click.option("--fail-fast", is_flag=True, help="Take no more rows after the first one that does not succeed.")
@click.option("--max-failures", type=Whole(1), metavar="N", help="Take no more rows after N such.")
@click.option("--timeout", type=SECONDS, metavar="S", help="Stop the run of a row after S seconds.")
@STEP_TIMEOUT
@click.option("--batch-id", metavar="ID", help="What the ids of the runs begin with; drawn when there is none.")
@click.option("--run-id-from", metavar="NAME", help="The input that names each row's run, instead of its number.")
@click.option("--failed-rows", metavar="FILE", help="Where the rows go that failed, as JSON lines that can be run.")
@click.option("--summary", "summary_file", metavar="FILE", help="Write the summary as JSON, too.")
@click.option("--report", metavar="junit=FILE", help="Write a test report with a case for each row, from --output.")
@click.option(
    "--record", metavar="FOLDER",
    help="Record each row's run in a file of this folder; `arazzo replay` makes them again.",
)  # fmt: skip
@click.option("--durable", is_flag=True, help="Keep each row's run, so that it can go on when this process has ended.")
@click.option("--detach", is_flag=True, help="With --durable, leave the rows to workers and end.")
@click.option("--database-url", metavar="URL", help="Where durable runs are kept, instead of in the user's own folder.")
@batch_options
def command(*, location: str, **options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Run a workflow of the Arazzo document DOC once for each row.

    A row is a JSON object of inputs, or a line of CSV whose first line names them. What becomes of each is a line of
    JSON, at once; the summary goes to stderr. A row that fails stops no other one.
    """
    from arazzo_engine.cli.batches.asked import take_batch
    from arazzo_engine.cli.batches.session import run_batch

    if options["record"] is not None and options["detach"]:
        raise click.UsageError(
            "--record and --detach: rows are recorded when they are over; without --detach, the same command does so"
        )
    batch, asked, output = take_batch(location, options)
    try:
        return output.end(run_batch(options, asked, output, batch))
    except ArazzoError as error:
        return output.end(output.refuse(error.diagnostics))
