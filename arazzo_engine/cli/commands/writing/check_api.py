"""``arazzo check-api``: which steps a new version of an API breaks, before it is there.

It decides how that is written, and that anything that breaks makes it fail.
"""

from __future__ import annotations

import json
from typing import Any

import click

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import LISTED, OFFLINE, TIMEOUT, engine_options, loading_options
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.cli.terminal.telling import tell_found
from arazzo_engine.diagnostics import ArazzoError, diagnose


@click.command("check-api", short_help="Tell which steps of a document a new version of an API breaks.")
@click.argument("location", metavar="DOC")
@click.option("--against", required=True, metavar="PATH|URL", help="The new version of the API description.")
@loading_options
@LISTED
@TIMEOUT
@OFFLINE
def command(
    *,
    location: str,
    against: str,
    format_: str,
    sources: tuple[str, ...],
    **options: Any,  # noqa: ANN401 - click passes the options by name
) -> int:
    """Tell which steps of the Arazzo document DOC break when an API of it has a new version.

    Of several APIs, --source NAME says which one; with NAME=PATH it says, as ever, where a source is. What is wrong
    with the API as it is, too, is not told. Nothing is sent. The exit code is 1 when something breaks.
    """
    from arazzo_engine.reporting.findings.changes import changes_json, changes_text, summary
    from arazzo_engine.world.authoring.comparing import compare_apis

    try:
        placed = tuple(each for each in sources if "=" in each)
        given = engine_options({**options, **({"sources": placed} if placed else {})})
        compared = compare_apis(given, location, against, _name(sources))
    except ArazzoError as error:
        tell_found(error.diagnostics)
        return exit_code_for(error.diagnostics)
    if format_ == "json":
        click.echo(json.dumps(changes_json(compared), indent=2))
    elif compared.changes:
        tell(changes_text(compared))
    tell(summary(compared), err=True)
    return ExitCode.FAILED if compared.changes else ExitCode.SUCCESS


def _name(sources: tuple[str, ...]) -> str | None:
    names = [each for each in sources if "=" not in each]
    if len(names) > 1:
        message = f"`--source` names {len(names)} APIs, and one has a new version"
        raise ArazzoError(diagnose("option-invalid", message, fix="compare one after the other"))
    return names[0] if names else None
