"""``arazzo validate``: check documents and everything they name, without running anything.

It decides how findings are written and which of them make it fail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import TIMEOUT, loading_options, make_engine
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.reporting.findings import FORMS, summarize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.diagnostics import Diagnostic


@click.command("validate", short_help="Check Arazzo documents and the descriptions they name.")
@click.argument("locations", metavar="DOC...", nargs=-1, required=True)
@loading_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How the findings are written.",
)
@TIMEOUT
@click.option("--strict", is_flag=True, help="Make every warning an error.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="error",
    show_default=True,
    help="The findings that make the command fail.",
)
@click.option("--offline", is_flag=True, help="Load nothing from the network.")
@click.option("--no-sources", is_flag=True, help="Judge the documents by themselves, without their sources.")
def command(
    *,
    locations: tuple[str, ...],
    format_: str,
    fail_on: str,
    no_sources: bool,
    **options: Any,  # noqa: ANN401 - click passes the options by name
) -> int:
    """Check the Arazzo documents DOC and the descriptions they name.

    Every finding is told at once, on stdout. Nothing is run and no credential is needed.
    """
    findings = _findings(locations, options, with_sources=not no_sources)
    text = FORMS[format_](findings)
    if text:
        if format_ == "text":
            tell(text)
        else:
            click.echo(text)
    click.echo(summarize(len(locations), findings), err=True)
    # what keeps a run from being started has the same exit code here
    failing = [finding.as_error() for finding in findings if finding.is_error or fail_on == "warning"]
    return exit_code_for(failing) if failing else ExitCode.SUCCESS


def _findings(locations: Sequence[str], options: dict[str, Any], *, with_sources: bool) -> list[Diagnostic]:
    from arazzo_engine.world.drivers.live import CHECKING, Deadline

    timeout = options["timeout"]
    # one for all documents, or that of the project of each
    deadline = None if timeout is None else Deadline(timeout, work=CHECKING)
    found: list[Diagnostic] = []
    try:
        with make_engine(**options) as engine:
            for location in locations:
                found += engine.validate(location, with_sources=with_sources, deadline=deadline)
                if _is_given_up(found):
                    break
    except ArazzoError as error:
        return list(error.diagnostics)
    return found


def _is_given_up(findings: Sequence[Diagnostic]) -> bool:
    return any(finding.code == "run-time-limit" for finding in findings)
