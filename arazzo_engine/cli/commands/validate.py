"""``arazzo validate``: check documents and everything they name, without running anything.

It decides how findings are written and which of them make it fail.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import click

from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.cli.options import loading_options, make_engine
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.printable import printable
from arazzo_engine.reporting.diagnostics_text import render_diagnostics

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
@click.option("--strict", is_flag=True, help="Make every warning an error.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="error",
    show_default=True,
    help="The findings that make the exit code 3.",
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
    text = _RENDERERS[format_](findings)
    if text:
        if format_ == "text":
            tell(text)
        else:
            click.echo(text)
    errors = sum(finding.is_error for finding in findings)
    click.echo(_summary(len(locations), errors, len(findings) - errors), err=True)
    failed = errors or (fail_on == "warning" and findings)
    return ExitCode.DOCUMENT if failed else ExitCode.SUCCESS


def _findings(locations: Sequence[str], options: dict[str, Any], *, with_sources: bool) -> list[Diagnostic]:
    try:
        with make_engine(**options) as engine:
            return [each for location in locations for each in engine.validate(location, with_sources=with_sources)]
    except ArazzoError as error:
        return list(error.diagnostics)


def _summary(documents: int, errors: int, warnings: int) -> str:
    counted = f"{documents} document{'' if documents == 1 else 's'}"
    if not errors and not warnings:
        return f"{counted}: no findings"
    return f"{counted}: {errors} error{'' if errors == 1 else 's'}, {warnings} warning{'' if warnings == 1 else 's'}"


def _as_json(findings: Sequence[Diagnostic]) -> str:
    from arazzo_engine.reporting.refusals_json import diagnostic_as_json

    return json.dumps({"diagnostics": [diagnostic_as_json(finding) for finding in findings]}, indent=2)


def _as_annotations(findings: Sequence[Diagnostic]) -> str:
    return "\n".join(_annotation(finding) for finding in findings)


def _annotation(finding: Diagnostic) -> str:
    properties = [f"title={finding.code}"]
    if finding.location is not None:
        at = finding.location
        properties = [f"file={_escape(at.uri)}", f"line={at.line}", f"col={at.column}", *properties]
    message = f"{finding.message}. {finding.fix}" if finding.fix else finding.message
    return f"::{finding.severity} {','.join(properties)}::{_escape(printable(message), ',:')}"


def _escape(text: str, keep: str = "") -> str:
    """Escape what would end a property or a message of a workflow command."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    for sign, code in ((":", "%3A"), (",", "%2C")):
        escaped = escaped if sign in keep else escaped.replace(sign, code)
    return escaped


_RENDERERS: Final[dict[str, Callable[[Sequence[Diagnostic]], str]]] = {
    "text": render_diagnostics,
    "json": _as_json,
    "github": _as_annotations,
}
