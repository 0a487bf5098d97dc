"""``arazzo coverage``: what recordings exercised of an API and of their workflows, and where answers drifted.

It decides what makes the command fail: something that drifted, a recording that cannot be used, too little exercised.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import Number
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.cli.terminal.telling import tell_refusal
from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from arazzo_engine.world.authoring.covering import Covering


@click.command("coverage", short_help="Tell what recordings exercised of an API and of workflows, and what drifted.")
@click.argument("locations", metavar="RECORDING...", nargs=-1, required=True)
@click.option("--api", required=True, metavar="PATH|URL", help="The API description.")
@click.option("--source", metavar="NAME", help="Which API of the documents it is, when they name several.")
@click.option("--fail-under", type=Number(0, 100), metavar="PERCENT", help="Fail when less than that was exercised.")
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True,
    help="How the coverage is written.",
)  # fmt: skip
def command(locations: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Tell which operations, parameters and statuses of an API the RECORDINGs exercised, files or folders of them.

    It tells the ways through their workflows, too. Each answer is held to the description; the exit code is 1 where
    one is not as it says. Nothing is sent.
    """
    from arazzo_engine.recording.covering.forms import covered_json, covered_text, summary
    from arazzo_engine.world.authoring.covering import Covering

    try:
        covering = Covering(options["api"], options["source"])
        refused = _add_all(covering, locations)
    except ArazzoError as error:
        tell_refusal(error.diagnostics, is_verbose=False)
        return exit_code_for(error.diagnostics)
    covered = covering.covered()
    if options["form"] == "json":
        click.echo(json.dumps(covered_json(covered), indent=2))
    else:
        tell(covered_text(covered))
    for each in refused:
        tell_refusal(each.diagnostics, is_verbose=False)
    tell(summary(covered), err=True)
    fail_under = options["fail_under"]
    is_short = fail_under is not None and covered.percent < fail_under
    if is_short:
        tell(f"{covered.percent:.1f} % was exercised, which is less than {fail_under:g} %", err=True)
    if refused:
        return max(exit_code_for(each.diagnostics) for each in refused)
    return ExitCode.SUCCESS if covered.is_sound and not is_short else ExitCode.FAILED


def _add_all(covering: Covering, locations: tuple[str, ...]) -> list[ArazzoError]:
    """Count all recordings, and return why some cannot be."""
    from arazzo_engine.world.replaying.reading import read_file, recorded_files

    refused: list[ArazzoError] = []
    for file in recorded_files(locations):
        try:
            covering.add(read_file(file))
        except ArazzoError as error:
            refused.append(error)
    return refused
