"""``arazzo mock``: the APIs of documents, simulated, on a port of this machine.

It decides what is told: where each API is, each request as it comes, and at the end what was asked.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import Number, Whole, loading_options, make_engine
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.cli.terminal.telling import tell_refusal
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.world.mocking.answering import Mock


@click.command("mock", short_help="Serve the APIs of documents, simulated, on a port of this machine.")
@click.argument("locations", metavar="DOC...", nargs=-1, required=True)
@loading_options
@click.option("--port", type=Whole(0, 65_535), default=0, metavar="PORT", help="The port; a free one by default.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--fail",
    "failures",
    metavar="[WORKFLOW.]STEP[=STATUS]",
    multiple=True,
    help="Let the requests of this step fail. May be given again.",
)
@click.option("--answers", metavar="FILE", help="A JSON or YAML file with answers by step.")
@click.option("--latency", type=Number(0, 60), default=0.0, metavar="S", help="Wait S seconds each time.")
@click.option("--flaky", type=Number(0, 100), default=0.0, metavar="PERCENT", help="So many fail by chance.")
@click.option("--seed", type=int, default=0, show_default=True, help="The seed of that chance.")
@click.option("-q", "--quiet", is_flag=True, help="Do not tell each request.")
def command(locations: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Serve every API that the Arazzo documents DOC name, simulated, until Ctrl-C.

    Requests are checked against the descriptions. What is created is remembered, and answers hold what the workflows
    ask of them. Nothing is sent anywhere.
    """
    from arazzo_engine.world.drivers.signals import signals_interrupt
    from arazzo_engine.world.mocking.serving import Manners, MockApp, check_installed, serve

    told = {name: options.pop(name) for name in ("port", "host", "failures", "answers", "quiet")}
    manners = Manners(*(options.pop(name) for name in ("latency", "flaky", "seed")))
    try:
        check_installed()
        mock = _mock(locations, options, told)
        app = MockApp(mock, (lambda _line: None) if told["quiet"] else _tell, manners)
        with suppress(KeyboardInterrupt), signals_interrupt():
            serve(app, told["host"], told["port"], _announce(mock, told["host"]))
    except ArazzoError as error:
        tell_refusal(error.diagnostics, is_verbose=False)
        return exit_code_for(error.diagnostics)
    _summarize(mock)
    return ExitCode.SUCCESS


def _mock(locations: tuple[str, ...], options: dict[str, Any], told: dict[str, Any]) -> Mock:
    from arazzo_engine.cli.cues import read_failures
    from arazzo_engine.world.mocking.answering import mock_of

    with make_engine(**options) as engine:
        programs = []
        for location in locations:
            program = engine.load(location).failing(read_failures(told["failures"]))
            programs.append(program if told["answers"] is None else program.answered_by(told["answers"]))
        return mock_of(programs)


def _tell(line: str) -> None:
    click.echo(printable(line), err=True)


def _announce(mock: Mock, host: str) -> Callable[[int], None]:
    def announce(port: int) -> None:
        for name, prefixes in mock.routes.prefixes.items():
            prefix = prefixes[-1] or f"/{name}"
            tell(f"{name}  http://{host}:{port}{prefix}")
        tell("until Ctrl-C; run against it with `--server NAME=URL`")
        sys.stdout.flush()

    return announce


def _summarize(mock: Mock) -> None:
    tell("\nanswered:" if mock.answered else "\nnothing was asked")
    width = max(map(len, mock.answered), default=0)
    for name, count in mock.answered.items():
        tell(f"  {name.ljust(width)}  {count}")
    missing = [name for name in mock.step_names() if name not in mock.answered]
    if missing:
        tell(f"not come to: {', '.join(missing)}")
