"""``arazzo check-api``: which steps a new version of an API breaks, before it is there, and which recorded runs.

It decides how that is written, and that anything that breaks makes it fail.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import LISTED, TIMEOUT, engine_options, loading_options
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.cli.terminal.telling import tell_found, tell_refusal
from arazzo_engine.diagnostics import ArazzoError, diagnose

if TYPE_CHECKING:
    from arazzo_engine.recording.comparing.comparison import Comparison
    from arazzo_engine.reporting.findings.changes import Compared


@click.command("check-api", short_help="Tell which steps of a document a new version of an API breaks.")
@click.argument("location", metavar="DOC")
@click.option("--against", required=True, metavar="PATH|URL", help="The new version of the API description.")
@click.option(
    "--recordings",
    multiple=True,
    metavar="PATH",
    help="Recorded runs to replay with it, a file or a folder of them. May be given again.",
)
@loading_options
@LISTED
@TIMEOUT
def command(
    *,
    location: str,
    against: str,
    format_: str,
    sources: tuple[str, ...],
    **options: Any,  # noqa: ANN401 - click passes the options by name
) -> int:
    """Tell which steps of the Arazzo document DOC break when an API of it has a new version.

    What is wrong with the present version, too, is not told. Of several APIs, --source NAME says which one has the new
    version. With --recordings, recorded runs of DOC are replayed with both versions, and it is told which requests and
    answers no longer fit, and what is decided otherwise. Nothing is sent. The exit code is 1 when something breaks.
    """
    from arazzo_engine.reporting.findings.changes import changes_json, changes_text, summary
    from arazzo_engine.world.authoring.comparing import compare_apis

    recordings = options.pop("recordings")
    try:
        placed = tuple(each for each in sources if "=" in each)
        given = engine_options({**options, **({"sources": placed} if placed else {})})
        compared = compare_apis(given, location, against, _name(sources))
        replayed = _replayed(given, compared, recordings)
    except ArazzoError as error:
        tell_found(error.diagnostics)
        return exit_code_for(error.diagnostics)
    if format_ == "json":
        value = changes_json(compared) | (_runs_json(replayed) if recordings else {})
        click.echo(json.dumps(value | {"breaks": bool(compared.changes) or not replayed.is_same}, indent=2))
    else:
        if compared.changes:
            tell(changes_text(compared))
        for each in replayed.compared:
            tell(each.to_text())
    for _, why in replayed.refused:
        tell_refusal(why.diagnostics, is_verbose=False)
    tell(summary(compared), err=True)
    if recordings:
        tell(replayed.summary(), err=True)
    if replayed.refused:
        return max(exit_code_for(why.diagnostics) for _, why in replayed.refused)
    return ExitCode.FAILED if compared.changes or not replayed.is_same else ExitCode.SUCCESS


class Replayed(Struct, frozen=True):
    """Recorded runs with both versions, and why others could not be replayed."""

    compared: list[Comparison]
    refused: list[tuple[str, ArazzoError]]

    @property
    def is_same(self) -> bool:
        """Whether nothing breaks."""
        return all(each.is_same for each in self.compared)

    def summary(self) -> str:
        """Return how many break, in one line."""
        count, refused = len(self.compared), len(self.refused)
        bad = sum(not each.is_same for each in self.compared)
        unusable = f", {refused:,} cannot be replayed" if refused else ""
        return f"{count + refused:,} recorded run{'' if count + refused == 1 else 's'}: {bad:,} would break{unusable}"


def _replayed(given: dict[str, Any], compared: Compared, places: tuple[str, ...]) -> Replayed:
    replayed = Replayed([], [])
    if not places:
        return replayed
    from arazzo_engine.world.authoring.breaking import find_broken, versions_of
    from arazzo_engine.world.replaying.reading import read_file, recorded_files

    versions = versions_of(given, compared)
    for file in recorded_files(places):
        try:
            replayed.compared.append(find_broken(read_file(file), versions))
        except ArazzoError as error:
            replayed.refused.append((str(file), error))
    return replayed


def _runs_json(replayed: Replayed) -> dict[str, Any]:
    from arazzo_engine.recording.effects import write_diagnostics

    unusable = [{"name": name, "diagnostics": write_diagnostics(why.diagnostics)} for name, why in replayed.refused]
    return {"recordings": [each.to_json() for each in replayed.compared], "unusable": unusable}


def _name(sources: tuple[str, ...]) -> str | None:
    names = [each for each in sources if "=" not in each]
    if len(names) > 1:
        message = f"`--source` names {len(names)} APIs, and one has a new version"
        raise ArazzoError(diagnose("option-invalid", message, fix="compare one after the other"))
    return names[0] if names else None
