"""``arazzo new``: a first document, made of API descriptions.

It decides where the document goes and what is told of it; what is in it is decided by the draft.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.cli.terminal.telling import tell_refusal
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.printable import one_line
from arazzo_engine.world.loading.disk_files import is_taken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.world.authoring.drafting import Apis, Drafted

_WIDTH: Final = 100


@click.command("new", short_help="Make a first document of API descriptions, and rehearse it.")
@click.argument("apis", metavar="[OPENAPI...]", nargs=-1)
@click.option("--from", "traffic", metavar="RECORDING", help="Do what was recorded, of a run or by `arazzo record`.")
@click.option("--operations", metavar="ID,ID", default="", help="The operations to call, in this order.")
@click.option("--goal", metavar="TEXT", default="", help="What the workflow is for, in a few words: cancel an order.")
@click.option("--interactive", is_flag=True, help="Choose the operations from a list.")
@click.option(
    "-o", "--output", metavar="FILE", help="The file to write, which must not be there yet; stdout by default."
)
def command(apis: tuple[str, ...], traffic: str | None, output: str | None, **wanted: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Make an Arazzo document that calls operations of the API descriptions OPENAPI, one after the other.

    What an answer gives and a later request needs flows from one to the other; everything else that is required is an
    input. It is checked and rehearsed before it is written. With `--from`, it makes the requests of a recording, in
    their order; what stood in an answer and was sent later flows from one to the other.
    """
    folder = Path(output).parent if output is not None else Path()
    try:
        if output is not None and is_taken(Path(output)):
            raise ArazzoError(diagnose("option-invalid", f"{output} is there already", fix="name a new file"))
        chosen = [f"--{name}" for name in ("operations", "goal", "interactive") if wanted[name]]
        if traffic is not None and chosen:
            message = f"`--from` makes the requests of a recording: `{chosen[0]}` chooses nothing there"
            raise ArazzoError(diagnose("option-invalid", message, fix="leave one of them out"))
        drafted = _drafted(apis, folder, wanted) if traffic is None else _retraced(traffic, apis, folder)
        return _write(drafted, output)
    except ArazzoError as error:
        tell_refusal(error.diagnostics, is_verbose=False)
        return exit_code_for(error.diagnostics)


def _drafted(apis: tuple[str, ...], folder: Path, wanted: dict[str, Any]) -> Drafted:
    from arazzo_engine.world.authoring.drafting import Wanted, draft, is_on_network, open_apis
    from arazzo_engine.world.engine import Engine

    if not apis:
        message = "no API description is named"
        raise ArazzoError(diagnose("option-invalid", message, fix="name one: `arazzo new openapi.yaml`"))
    opened = open_apis(apis, folder)
    typed = tuple(filter(None, map(str.strip, wanted["operations"].split(","))))
    names = _choose(opened) if wanted["interactive"] else typed
    with Engine(offline=not any(map(is_on_network, apis))) as engine:
        return draft(opened, engine, folder, Wanted(names, wanted["goal"]))


def _retraced(traffic: str, apis: tuple[str, ...], folder: Path) -> Drafted:
    from arazzo_engine.world.authoring.drafting import is_on_network, open_apis
    from arazzo_engine.world.authoring.retracing import descriptions_of, redraft
    from arazzo_engine.world.engine import Engine
    from arazzo_engine.world.replaying.reading import read_traffic

    recorded = read_traffic(Path(traffic))
    named = apis or descriptions_of(recorded)
    with Engine(offline=not any(map(is_on_network, named))) as engine:
        retraced = redraft(recorded, open_apis(named, folder), engine, folder)
    for each in retraced.left_out:
        tell(f"left out, as it failed or no description has it: {each}", err=True)
    return retraced.drafted


def _write(drafted: Drafted, output: str | None) -> int:
    if output is None:
        click.echo(drafted.text, nl=False)
    else:
        from arazzo_engine.world.authoring.picturing import write_site

        write_site(str(Path(output).parent), [(Path(output).name, drafted.text)])
        tell(f"wrote {output}; `arazzo show {output}` tells what it does", err=True)
    if drafted.findings:
        tell_refusal(drafted.findings, is_verbose=False)
    if drafted.fails_at:
        tell(f"its rehearsal fails at step `{drafted.fails_at}`: `arazzo rehearse` shows it", err=True)
        return ExitCode.FAILED
    return exit_code_for(drafted.findings) if drafted.findings else ExitCode.SUCCESS


def _choose(apis: Apis) -> tuple[str, ...]:
    """Ask which operations to call, and return their names in the order in which they were typed."""
    if not sys.stdin.isatty():
        message = "`--interactive` needs a terminal to ask at"
        raise ArazzoError(diagnose("option-invalid", message, fix="name the operations with `--operations`"))
    for number, known in enumerate(apis.known, start=1):
        operation = known.operation
        request = f"{operation.method} {operation.path}"
        tell(one_line(f"{number:>4}  {operation.label}  {request}  {operation.summary}", _WIDTH), err=True)
    return _numbered(click.prompt("The numbers of the operations, in their order", err=True), apis.ids)


def _numbered(typed: str, ids: Sequence[str]) -> tuple[str, ...]:
    numbers = typed.replace(",", " ").split()
    wrong = [each for each in numbers if not each.isdigit() or not 1 <= int(each) <= len(ids)]
    if wrong or not numbers:
        message = f"{', '.join(wrong) or 'nothing'} is no number of the list"
        raise ArazzoError(diagnose("option-invalid", message, fix=f"type numbers from 1 to {len(ids)}"))
    return tuple(ids[int(each) - 1] for each in numbers)
