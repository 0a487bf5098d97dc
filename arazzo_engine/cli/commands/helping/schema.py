"""``arazzo schema``: the JSON Schema of what the engine writes, and of Arazzo documents for editors.

The first are files of the package, printed as they are; the other is made from what the reader reads.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Final

import click

from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.language.schema.document import VERSIONS, document_schema

_FILES: Final = {
    "report": ("arazzo_engine.reporting", "report.schema.json"),
    "auth": ("arazzo_engine.reporting", "auth.schema.json"),
    "paths": ("arazzo_engine.simulation", "paths.schema.json"),
    "answers": ("arazzo_engine.simulation", "answers.schema.json"),
    "scenario": ("arazzo_engine.scenarios", "scenario.schema.json"),
    "recording": ("arazzo_engine.recording", "recording.schema.json"),
}
_DOCUMENT: Final = "document"
# the versions as documents name them: a patch changes nothing about their form
_PATCHES: Final = {"1.1.0": "1.1", "1.0.1": "1.0", "1.0.0": "1.0"}
_WHAT: Final = (*_FILES, _DOCUMENT)


@click.command("schema", short_help="Print the JSON Schema of what the engine writes, or of Arazzo documents.")
@click.argument("what", metavar="|".join(_WHAT), type=click.Choice(_WHAT))
@click.option(
    "--version",
    metavar=f"[{'|'.join(VERSIONS)}]",
    type=click.Choice((*VERSIONS, *_PATCHES)),
    help=f"Of `document`: the version of Arazzo ({VERSIONS[0]}).",
)
def command(what: str, version: str | None) -> int:
    """Print the JSON Schema of what `--format json` writes, or of Arazzo documents.

    `report` is the report of `arazzo run` and `arazzo rehearse`, `auth` the list of `arazzo auth`, `paths` what
    `arazzo rehearse --all-paths` shows; `answers` is what `arazzo rehearse --answers` reads, `scenario` what
    `arazzo test` does, `recording` a line of what `--record` writes. `document` is for editors:
    it says of a document that is being written most of what `arazzo validate` says of its form.
    """
    if what == _DOCUMENT:
        click.echo(json.dumps(document_schema(_PATCHES.get(version or "", version) or VERSIONS[0]), indent=2))
        return ExitCode.SUCCESS
    if version is not None:
        raise click.UsageError("`--version` goes with `document` only")
    package, name = _FILES[what]
    click.echo(resources.files(package).joinpath(name).read_text(encoding="utf-8"), nl=False)
    return ExitCode.SUCCESS
