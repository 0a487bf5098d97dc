"""``arazzo compare``: two recordings, or two reports, beside each other. Nothing is sent or made again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.telling.files import write_text
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.cli.terminal.telling import tell_refusal
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.printable import plain

if TYPE_CHECKING:
    from arazzo_engine.recording.comparing.attempts import Seen
    from arazzo_engine.recording.comparing.comparison import Comparison


@click.command("compare", short_help="Compare two recordings, or two reports, attempt by attempt.")
@click.argument("first", metavar="FILE")
@click.argument("second", metavar="FILE")
@click.option(
    "--format", "form", type=click.Choice(("text", "json", "html")), default="text", show_default=True,
    help="How the comparison is written.",
)  # fmt: skip
@click.option(
    "-o", "--output", metavar="FILE", help="The file to write, which must not be there yet; stdout by default."
)
def command(*, first: str, second: str, form: str, output: str | None) -> int:
    """Compare two FILEs, each a recording or what `--format json` has printed: requests, answers, decisions, times.

    The exit code is 1 when anything but the times differs.
    """
    from arazzo_engine.recording.comparing.compared import compare
    from arazzo_engine.world.replaying.reading import read_runs

    try:
        then, now = (read_runs(Path(each)) for each in (first, second))
        comparison = compare(f"{first} and {second}", then, now)
        if form == "text" and output is None:
            tell(comparison.to_text())
        else:
            write_text(_written(comparison, then, now, form), output)
    except ArazzoError as error:
        tell_refusal(error.diagnostics, is_verbose=False)
        return exit_code_for(error.diagnostics)
    return ExitCode.SUCCESS if comparison.is_same else ExitCode.FAILED


def _written(comparison: Comparison, then: Seen, now: Seen, form: str) -> str:
    match form:
        case "json":
            return json.dumps(comparison.to_json(), indent=2) + "\n"
        case "html":
            from arazzo_engine.recording.comparing.html import html_of

            return html_of(comparison, then, now)
        case _:
            return plain(comparison.to_text()) + "\n"
