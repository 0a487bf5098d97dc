"""``arazzo auth``: every credential a document needs, whether it is there, and each way to give it.

It shows where a credential was found, and never the credential.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from arazzo_engine.apis.security.access import Access
from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import BASE, access_options, loading_options, make_engine
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.cli.terminal.stdin import read_document
from arazzo_engine.cli.terminal.telling import tell_found
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.reporting.needs import needs_as_json, render_needs
from arazzo_engine.validation.needs import Need, State, needs_of, problems_of_needs, steps_in
from arazzo_engine.validation.origins import check_origins

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic


@click.command("auth", short_help="List the credentials a document needs, and every way to give them.")
@click.argument("location", metavar="DOC")
@BASE
@loading_options
@access_options
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How the list is written.",
)  # fmt: skip
def command(location: str, base: str | None, format_: str, **options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """List every credential that the steps of the Arazzo document DOC need. No value is ever shown.

    It says where each is sent, where a token is got, the scopes it needs, and every way to give it.
    """
    piped = read_document(location, base)
    try:
        with make_engine(**options) as engine:
            program = engine.load(location) if piped is None else engine.load(piped.text, base=piped.base)
        access = program.find_access()
    except ArazzoError as error:
        return _refuse(tuple(each for each in error.diagnostics if each.is_error), format_)
    needs = needs_of(program.checked.linked)
    unusable = tuple(each for each in problems_of_needs(needs, access) if each.code != "credential-missing")
    is_missing = any(steps_in(need, access, State.MISSING) for need in needs)
    shared = tuple(check_origins(program.checked.linked.workflows.values(), access))
    _print(needs, access, (*unusable, *shared), format_)
    return exit_code_for(unusable) if unusable else ExitCode.USAGE if is_missing else ExitCode.SUCCESS


def _refuse(diagnostics: tuple[Diagnostic, ...], format_: str) -> ExitCode:
    if format_ == "json":
        _print((), Access(), diagnostics, format_)
    else:
        tell_found(diagnostics)
    return exit_code_for(diagnostics)


def _print(needs: tuple[Need, ...], access: Access, found: tuple[Diagnostic, ...], format_: str) -> None:
    if format_ == "json":
        click.echo(json.dumps(needs_as_json(needs, access, found), indent=2, ensure_ascii=False))
        return
    tell(render_needs(needs, access))
    if found:
        tell_found(found)
