"""``arazzo config``: every value that is in force for a document, and where each comes from.

It reads no document, asks nobody for a value that is kept elsewhere, and shows no secret.
"""

from __future__ import annotations

import json
from typing import Any

import click

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import STEP_TIMEOUT, TIMEOUT, make_engine, named_values, setting_options
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostics import ArazzoError


@click.command("config", short_help="Show every value in force for a document, and where it comes from.")
@click.argument("location", metavar="[DOC]", default=".")
@setting_options
@TIMEOUT
@STEP_TIMEOUT
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How the values are written.",
)  # fmt: skip
def command(location: str, format_: str, pairs: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Show every value that is in force for the document DOC, or for those of a folder, the current one.

    It takes the options of `arazzo run`, and says of each value where it comes from: the command line, a line of the
    project file, a variable, or the default. No secret is ever shown, and no command is run.
    """
    from arazzo_engine.cli.inputs import referring
    from arazzo_engine.reporting.diagnostics_text import render_diagnostics
    from arazzo_engine.reporting.refusals_json import diagnostic_as_json
    from arazzo_engine.world.in_force import values_in_force
    from arazzo_engine.world.projects.in_force import in_force_as_json, render_in_force

    options.pop("inputs_file")
    try:
        with make_engine(**options) as engine:
            inputs = {name: referring(name, text) for name, text in named_values("--input", pairs).items()}
            around, values = values_in_force(engine, location, inputs)
    except ArazzoError as error:
        if format_ == "json":
            click.echo(json.dumps({"diagnostics": [diagnostic_as_json(each) for each in error.diagnostics]}, indent=2))
        tell(render_diagnostics(error.diagnostics), err=True)
        return exit_code_for(error.diagnostics)
    if format_ == "json":
        click.echo(json.dumps(in_force_as_json(around, values), indent=2, ensure_ascii=False))
    else:
        tell(render_in_force(around, values))
    return ExitCode.SUCCESS
