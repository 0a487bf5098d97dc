"""``arazzo run``: run a workflow against the real APIs.

It decides what becomes of Ctrl-C, and that a person at the terminal may be asked to log in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from arazzo_engine.cli.options import STEP_LIVE, STEP_TIMEOUT, TIMEOUT, make_engine, run_options
from arazzo_engine.cli.terminal.grouped_help import GroupedCommand
from arazzo_engine.diagnostics import ArazzoError, diagnose

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.cli.opening import Asked, Opened
    from arazzo_engine.cli.result import Output
    from arazzo_engine.cli.terminal.progress import Progress, Unseen
    from arazzo_engine.world.drivers.deadline import Deadline
    from arazzo_engine.world.running import Runs


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
@STEP_LIVE
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
    from arazzo_engine.world.drivers.deadline import Deadline

    work = _work(options | {"dry_run": dry_run, "durable": durable, "timeout": timeout})
    del options["steps"]
    asked, output = take_asked(options)
    named = options.pop("run_id"), options.pop("database_url"), timeout, options.pop("detach")
    try:
        refuse_reports(output.telling.reports if dry_run else (), "--dry-run")
        output.begin()
        _check_detached(named, is_kept=durable)
        if durable:
            return output.end(_keep(options, asked, output, (*named, options.pop("record"))))
        _check_recorded(options["record"], dry_run=dry_run)
        with make_engine(**options, timeout=timeout, person=somebody()) as given:
            engine = given.for_document(asked.document, base=asked.base)
            # whoever steps takes the time that they need
            deadline = Deadline(None if work is _step else engine.timeout)
            with watched_by(deadline.remaining):
                opened = open_program(engine, asked, output, deadline)
                return output.end(work(opened, output, deadline))
    except ArazzoError as error:
        return output.end(output.refuse(error.diagnostics))


def _work(options: dict[str, Any]) -> Callable[[Opened, Output, Deadline], int]:
    """Return what is done with a program that was opened; raises ``click.UsageError``."""
    if not options["steps"]:
        return _plan if options["dry_run"] else _run
    from arazzo_engine.cli.stepping.stepping import check_stepped

    check_stepped(options)
    return _step


def _check_recorded(record: str | None, *, dry_run: bool) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) for a recording of what is not run."""
    if record is not None and dry_run:
        message = "`--record` and `--dry-run` exclude each other: nothing is run with `--dry-run`"
        raise ArazzoError(diagnose("option-invalid", message, fix="leave out one of them"))


def _check_detached(named: tuple[Any, ...], *, is_kept: bool) -> None:
    _, _, timeout, is_detached = named
    if is_detached and not is_kept:
        raise click.UsageError("--detach leaves a run to the workers: only one with --durable is kept")
    if is_detached and timeout is not None:
        raise click.UsageError("--timeout ends what this process does, and it does not stay with a run of --detach")


def _plan(opened: Opened, output: Output, _deadline: Deadline) -> int:
    from arazzo_engine.cli.dry_run import print_plan

    return print_plan(opened, output)


class _Way(NamedTuple):
    """Who looks on while runs are made, and what is made of them before."""

    progress: Progress | Unseen
    as_asked: Callable[[Runs], Runs]


def _run(opened: Opened, output: Output, deadline: Deadline) -> int:
    from arazzo_engine.cli.running import progress_of

    return _drive(opened, output, deadline, _Way(progress_of(output), lambda runs: runs))


def _step(opened: Opened, output: Output, deadline: Deadline) -> int:
    from arazzo_engine.cli.stepping.stepping import stepped_live
    from arazzo_engine.cli.terminal.progress import Unseen

    return _drive(opened, output, deadline, _Way(Unseen(), lambda runs: stepped_live(runs, output)))


def _drive(opened: Opened, output: Output, deadline: Deadline, way: _Way) -> int:
    from arazzo_engine.cli.running import observer, run_all
    from arazzo_engine.cli.telling.advice import Advice
    from arazzo_engine.world.drivers.signals import signals_interrupt

    prepared = opened.program.prepare(opened.program.workflow_ids, opened.given)
    output.warn(prepared.warnings)
    output.advice = Advice(is_live=True, is_verbose=output.telling.verbosity > 0)
    # telling how it ended is a part of it
    with signals_interrupt():
        settled = prepared.settle(deadline)
        output.masker.learn(settled.settings.access.credentials.values())
        with way.progress:
            runs = way.as_asked(settled.start(observer(output, way.progress), deadline))
            reports = run_all(runs, output)
        return output.finish(reports)


def _keep(options: dict[str, Any], asked: Asked, output: Output, named: tuple[Any, ...]) -> int:
    *_, is_detached, record = named
    if is_detached and record is not None:
        message = "`--record` and `--detach` exclude each other: the run is not over when this process ends"
        fix = "`arazzo runs show ID --record FILE` records what is kept of it"
        raise ArazzoError(diagnose("option-invalid", message, fix=fix))
    from arazzo_engine.durability.installed import check_installed

    check_installed()
    from arazzo_engine.cli.durable import Durably, run_durably

    return run_durably(options, asked, output, Durably(*named))
