"""``arazzo compare``: two recordings, or two reports, beside each other. Nothing is sent or made again."""

from __future__ import annotations

import json
from pathlib import Path

import click

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.cli.terminal.telling import tell_refusal
from arazzo_engine.diagnostics import ArazzoError


@click.command("compare", short_help="Compare two recordings, or two reports, attempt by attempt.")
@click.argument("first", metavar="FILE")
@click.argument("second", metavar="FILE")
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True,
    help="How the comparison is written.",
)  # fmt: skip
def command(*, first: str, second: str, form: str) -> int:
    """Compare two FILEs, each a recording or what `--format json` has printed: requests, answers, decisions, times.

    The exit code is 1 when anything but the times differs.
    """
    from arazzo_engine.recording.comparing.compared import compare
    from arazzo_engine.world.replaying.reading import read_runs

    try:
        comparison = compare(f"{first} and {second}", *(read_runs(Path(each)) for each in (first, second)))
    except ArazzoError as error:
        tell_refusal(error.diagnostics, is_verbose=False)
        return exit_code_for(error.diagnostics)
    if form == "json":
        click.echo(json.dumps(comparison.to_json(), indent=2))
    else:
        tell(comparison.to_text())
    return ExitCode.SUCCESS if comparison.is_same else ExitCode.FAILED
