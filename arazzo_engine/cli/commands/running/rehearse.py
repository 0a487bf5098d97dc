"""``arazzo rehearse``: the same run with simulated answers. Nothing is sent, and what is missing is made up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import click
from msgspec.structs import replace

from arazzo_engine.cli.options import STEP, TIMEOUT, WATCH, make_engine, run_options
from arazzo_engine.cli.terminal.grouped_help import GroupedCommand
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.printable import one_line

if TYPE_CHECKING:
    from arazzo_engine.cli.opening import Opened
    from arazzo_engine.cli.result import Output
    from arazzo_engine.world.drivers.deadline import Deadline
    from arazzo_engine.world.running import Prepared

# of a value that is made up, so many characters are shown, and without -v of so many things
_LONGEST: Final = 300
_MOST: Final = 12


_EXAMPLES: Final = (
    "arazzo rehearse orders.arazzo.yaml",
    "arazzo rehearse orders.arazzo.yaml --fail charge=402",
    "arazzo rehearse orders.arazzo.yaml --all-paths",
)


@click.command(
    "rehearse",
    cls=GroupedCommand,
    examples=_EXAMPLES,
    short_help="Run a workflow with simulated answers; nothing is sent.",
)
@click.argument("location", metavar="DOC")
@run_options
@TIMEOUT
@WATCH
@STEP
@click.option(
    "--fail",
    "failures",
    metavar="[WORKFLOW.]STEP[=STATUS]",
    multiple=True,
    help="Let this step fail: with a status, or without an answer: timeout, connect, tls, protocol, too-large."
    " May be given again.",
)
@click.option("--answers", metavar="FILE", help="A JSON or YAML file with answers by step; - reads stdin.")
@click.option(
    "--all-paths", is_flag=True, help="Rehearse each action of each step once, and tell what was not come to."
)
def command(*, watches: bool, **options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Run a workflow of the Arazzo document DOC with answers made from the API descriptions.

    Each operation answers with its first documented success: its example, or a body made from its schema. No network
    is used. Inputs that are missing are made up from their schema and shown, and so are credentials.
    """
    if options["steps"]:
        from arazzo_engine.cli.stepping.stepping import check_stepped

        check_stepped(options | {"watches": watches})
    if watches:
        from arazzo_engine.cli.terminal.stdin import check_watched
        from arazzo_engine.cli.terminal.watching import watch

        check_watched([options["location"]])
        return watch([options["location"]], lambda: _rehearse_once(**options))
    return _rehearse_once(**options)


def _rehearse_once(*, timeout: float | None, steps: bool, **options: Any) -> int:  # noqa: ANN401 - the same
    from arazzo_engine.cli.cues import take_cues
    from arazzo_engine.cli.opening import open_program, take_asked
    from arazzo_engine.cli.telling.reports import refuse_reports
    from arazzo_engine.documents.watch import watched_by
    from arazzo_engine.world.drivers.deadline import Deadline

    cues = take_cues(options)
    asked, output = take_asked(options, rehearses=True)
    try:
        refuse_reports(output.telling.reports if cues.all_paths else (), "--all-paths")
        output.begin()
        with make_engine(**options, timeout=timeout) as given:
            engine = given.for_document(asked.document, base=asked.base)
            # whoever steps takes the time that they need
            deadline = Deadline(None if steps else engine.timeout)
            with watched_by(deadline.remaining):
                opened = open_program(engine, asked, output, deadline)
                prepared = _prepare(replace(opened, program=cues.told(opened.program)), output)
                if cues.all_paths:
                    return output.end(_cover(prepared, output, deadline))
                return output.end((_step if steps else _rehearse)(prepared, output, deadline))
    except ArazzoError as error:
        return output.end(output.refuse(error.diagnostics))


def _prepare(opened: Opened, output: Output) -> Prepared:
    filled = opened.program.fill_in(opened.program.workflow_ids, opened.given)
    output.masker.learn(filled.program.secrets(filled.given))
    # where it is refused, what was made up for it helps nobody
    prepared = filled.prepare()
    _tell_made_up([*filled.made_up()], output)
    output.warn(prepared.warnings)
    return prepared


def _tell_made_up(lines: list[str], output: Output) -> None:
    shown = lines if output.telling.verbosity or len(lines) <= _MOST else lines[: _MOST - 1]
    for line in shown:
        tell(one_line(output.masker.text(f"made up: {line}"), _LONGEST), err=True)
    if len(shown) < len(lines):
        tell(f"made up: {len(lines) - len(shown)} more; `-v` lists them", err=True)


def _cover(prepared: Prepared, output: Output, deadline: Deadline) -> int:
    from arazzo_engine.cli.exit_codes import exit_code_of_statuses
    from arazzo_engine.world.all_paths import rehearse_all

    found = [*rehearse_all(prepared, deadline)]
    if output.format_ == "text":
        output.write("\n\n".join(each.to_text(output.masker) for each in found))
    else:
        values = [each.to_json(output.masker) for each in found]
        output.write(json.dumps({"workflows": values}, indent=2 if output.format_ == "json" else None))
    # the first path is that of the rehearsal alone
    return exit_code_of_statuses(each.paths[0].status for each in found if each.paths)


def _rehearse(prepared: Prepared, output: Output, deadline: Deadline) -> int:
    from arazzo_engine.cli.running import observer, progress_of, run_all
    from arazzo_engine.cli.telling.advice import Advice
    from arazzo_engine.cli.telling.left_out import left_out

    output.advice = Advice(is_verbose=output.telling.verbosity > 0)
    with progress_of(output, said=("rehearsed: nothing is sent",)) as progress:
        runs = prepared.start(observer(output, progress), deadline)
        *reports, last = run_all(runs, output)
    exit_code = output.finish((*reports, runs.with_unused(last)))
    told = left_out(prepared.ready.workflows, (*reports, last))
    if told and not output.telling.is_quiet:
        tell(told, err=True)
    return exit_code


def _step(prepared: Prepared, output: Output, deadline: Deadline) -> int:
    from arazzo_engine.cli.running import observer, run_all
    from arazzo_engine.cli.stepping.stepping import stepped_later
    from arazzo_engine.cli.telling.advice import Advice
    from arazzo_engine.cli.terminal.progress import Unseen

    output.advice = Advice(is_verbose=output.telling.verbosity > 0)
    later = stepped_later(prepared.start(observer(output, Unseen()), deadline), output)
    *reports, last = run_all(later.runs, output)
    later.step()
    return output.finish((*reports, later.runs.with_unused(last)))
