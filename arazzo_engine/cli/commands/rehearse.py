"""``arazzo rehearse``: the same run with simulated answers. Nothing is sent, and what is missing is made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from arazzo_engine.cli.options import TIMEOUT, make_engine, run_options
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from arazzo_engine.cli.opening import Opened
    from arazzo_engine.cli.result import Output
    from arazzo_engine.world.drivers.live import Deadline


@click.command("rehearse", short_help="Run a workflow with simulated answers; nothing is sent.")
@click.argument("location", metavar="DOC")
@run_options
@TIMEOUT
@click.option(
    "--fail",
    "failures",
    metavar="[WORKFLOW.]STEP[=STATUS]",
    multiple=True,
    help="Let this step fail: with a status, or without an answer: timeout, connect, tls, protocol. May be repeated.",
)
@click.option("--answers", metavar="FILE", help="A JSON or YAML file with answers by step; - reads stdin.")
def command(*, timeout: float | None, failures: tuple[str, ...], answers: str | None, **options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Run a workflow of the Arazzo document DOC with answers made from the API descriptions.

    Each operation answers with its first documented success: its example, or a body made from its schema. No network
    is used. Inputs that are missing are made up from their schema and shown, and so are credentials.
    """
    from arazzo_engine.cli.cues import read_failures
    from arazzo_engine.cli.opening import open_program, take_asked
    from arazzo_engine.documents.watch import watched_by
    from arazzo_engine.world.drivers.live import Deadline

    deadline = Deadline(timeout)
    asked, output = take_asked(options)
    try:
        output.begin()
        with make_engine(**options, timeout=timeout) as engine, watched_by(deadline.remaining):
            opened = open_program(engine, asked, output, deadline)
            program = opened.program.failing(read_failures(failures))
            program = program if answers is None else program.answered_by(answers)
            opened = replace(opened, program=program)
            return output.end(_rehearse(opened, output, deadline))
    except ArazzoError as error:
        return output.end(output.refuse(error.diagnostics))


def _rehearse(opened: Opened, output: Output, deadline: Deadline) -> int:
    from arazzo_engine.cli.running import observer, run_all
    from arazzo_engine.cli.terminal.progress import Progress

    filled = opened.program.fill_in(opened.program.workflow_ids, opened.given)
    output.masker.learn(filled.program.secrets(filled.given))
    for line in filled.made_up():
        tell(output.masker.text(f"made up: {line}"), err=True)
    prepared = filled.prepare()
    output.warn(prepared.warnings)
    with Progress(output.masker, names_workflows=output.every, is_still=output.streams_to_screen) as progress:
        runs = prepared.start(observer(output, progress), deadline)
        *reports, last = run_all(runs, output)
    return output.finish((*reports, runs.with_unused(last)))
