"""``arazzo run``: run a workflow against the real APIs.

It decides what becomes of Ctrl-C, and that a person at the terminal may be asked to log in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from arazzo_engine.cli.options import STEP_TIMEOUT, TIMEOUT, make_engine, run_options
from arazzo_engine.cli.terminal.grouped_help import GroupedCommand
from arazzo_engine.diagnostics import ArazzoError, diagnose

if TYPE_CHECKING:
    from arazzo_engine.cli.opening import Asked, Opened
    from arazzo_engine.cli.result import Output
    from arazzo_engine.world.drivers.live import Deadline


_EXAMPLES: Final = (
    "arazzo run orders.arazzo.yaml -i item=book --server http://127.0.0.1:8080",
    "arazzo run orders.arazzo.yaml --inputs inputs.json --auth token=@env:SHOP_TOKEN --report junit=report.xml",
    "arazzo run orders.arazzo.yaml --inputs inputs.json --durable --run-id order-7",
)


@click.command("run", cls=GroupedCommand, examples=_EXAMPLES, short_help="Run a workflow.")
@click.argument("location", metavar="DOC")
@run_options
@TIMEOUT
@STEP_TIMEOUT
@click.option("--dry-run", is_flag=True, help="Check everything, print the plan and the first request, send nothing.")
@click.option("--durable", is_flag=True, help="Keep the run, so that it can go on when this process has ended.")
@click.option("--detach", is_flag=True, help="Leave a durable run to the workers, and print its id.")
@click.option("--run-id", metavar="ID", help="The name of a durable run; the same name gives the same result again.")
@click.option("--database-url", metavar="URL", help="Where durable runs are kept, instead of in the user's own folder.")
def command(*, timeout: float | None, dry_run: bool, durable: bool, **options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Run a workflow of the Arazzo document DOC, a file or a URL.

    Everything that can be known is checked before the first request. The outputs go to stdout, all else to stderr.
    """
    from arazzo_engine.cli.opening import open_program, take_asked
    from arazzo_engine.cli.telling.reports import refuse_reports
    from arazzo_engine.cli.terminal.person import somebody
    from arazzo_engine.documents.watch import watched_by
    from arazzo_engine.world.drivers.live import Deadline

    asked, output = take_asked(options)
    named = options.pop("run_id"), options.pop("database_url"), timeout, options.pop("detach")
    try:
        refuse_reports(output.telling.reports if dry_run else (), "--dry-run")
        output.begin()
        _check_recorded(options["record"], durable=durable, dry_run=dry_run)
        _check_detached(named, is_kept=durable)
        if durable:
            return output.end(_keep(options, asked, output, named))
        with make_engine(**options, timeout=timeout, person=somebody()) as given:
            engine = given.for_document(asked.document, base=asked.base)
            deadline = Deadline(engine.timeout)
            with watched_by(deadline.remaining):
                opened = open_program(engine, asked, output, deadline)
                return output.end(_plan(opened, output) if dry_run else _run(opened, output, deadline))
    except ArazzoError as error:
        return output.end(output.refuse(error.diagnostics))


def _check_recorded(record: str | None, *, durable: bool, dry_run: bool) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) for a recording of what is not recorded."""
    other = "--durable" if durable else "--dry-run" if dry_run else None
    if record is not None and other is not None:
        why = {"--durable": "a durable run keeps its own record", "--dry-run": "nothing is run with `--dry-run`"}[other]
        message = f"`--record` and `{other}` exclude each other: {why}"
        raise ArazzoError(diagnose("option-invalid", message, fix="leave out one of them"))


def _check_detached(named: tuple[Any, ...], *, is_kept: bool) -> None:
    _, _, timeout, is_detached = named
    if is_detached and not is_kept:
        raise click.UsageError("--detach leaves a run to the workers: only one with --durable is kept")
    if is_detached and timeout is not None:
        raise click.UsageError("--timeout ends what this process does, and it does not stay with a run of --detach")


def _plan(opened: Opened, output: Output) -> int:
    from arazzo_engine.cli.dry_run import print_plan

    return print_plan(opened, output)


def _run(opened: Opened, output: Output, deadline: Deadline) -> int:
    from arazzo_engine.cli.running import observer, progress_of, run_all
    from arazzo_engine.cli.telling.advice import Advice
    from arazzo_engine.world.drivers.signals import signals_interrupt

    prepared = opened.program.prepare(opened.program.workflow_ids, opened.given)
    output.warn(prepared.warnings)
    progress = progress_of(output)
    output.advice = Advice(is_live=True, is_verbose=output.telling.verbosity > 0)
    # telling how it ended is a part of it
    with signals_interrupt():
        settled = prepared.settle(deadline)
        output.masker.learn(settled.settings.access.credentials.values())
        with progress:
            reports = run_all(settled.start(observer(output, progress), deadline), output)
        return output.finish(reports)


def _keep(options: dict[str, Any], asked: Asked, output: Output, named: tuple[Any, ...]) -> int:
    from arazzo_engine.durability.installed import check_installed

    check_installed()
    from arazzo_engine.cli.durable import Durably, run_durably

    return run_durably(options, asked, output, Durably(*named))
