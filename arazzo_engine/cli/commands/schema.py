"""``arazzo schema``: the JSON Schema of what the engine writes, for those who read it with a program.

The schemas are files of the package, printed as they are.
"""

from __future__ import annotations

from importlib import resources
from typing import Final

import click

from arazzo_engine.cli.exit_codes import ExitCode

_FILES: Final = {
    "report": ("arazzo_engine.reporting", "report.schema.json"),
    "auth": ("arazzo_engine.reporting", "auth.schema.json"),
    "paths": ("arazzo_engine.simulation", "paths.schema.json"),
    "answers": ("arazzo_engine.simulation", "answers.schema.json"),
}


@click.command("schema", short_help="Print the JSON Schema of what the engine writes.")
@click.argument("what", metavar="|".join(_FILES), type=click.Choice(list(_FILES)))
def command(what: str) -> int:
    """Print the JSON Schema of what `--format json` writes.

    `report` is the report of `arazzo run` and `arazzo rehearse`, `auth` the list of `arazzo auth`, `paths` what
    `arazzo rehearse --all-paths` shows; `answers` is what `arazzo rehearse --answers` reads.
    """
    package, name = _FILES[what]
    click.echo(resources.files(package).joinpath(name).read_text(encoding="utf-8"), nl=False)
    return ExitCode.SUCCESS
