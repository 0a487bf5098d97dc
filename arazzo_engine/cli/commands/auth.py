"""``arazzo auth``: every credential a document needs, whether it is there, and each way to give it.

It shows where a credential was found, and never the credential.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import credential_options, loading_options, make_engine
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.reporting.needs_text import render_needs
from arazzo_engine.validation.needs import State, needs_of, problems_of_needs, steps_in

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic


@click.command("auth", short_help="List the credentials a document needs, and every way to give them.")
@click.argument("location", metavar="DOC")
@loading_options
@credential_options
def command(location: str, **options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """List every credential that the steps of the Arazzo document DOC need. No value is ever shown."""
    try:
        with make_engine(**options) as engine:
            program = engine.load(location)
        access = program.find_access()
    except ArazzoError as error:
        return _tell(tuple(each for each in error.diagnostics if each.is_error))
    needs = needs_of(program.checked.linked)
    unusable = tuple(each for each in problems_of_needs(needs, access) if each.code != "credential-missing")
    is_missing = any(steps_in(need, access, State.MISSING) for need in needs)
    tell(render_needs(needs, access))
    return _tell(unusable) if unusable else ExitCode.USAGE if is_missing else ExitCode.SUCCESS


def _tell(diagnostics: tuple[Diagnostic, ...]) -> ExitCode:
    from arazzo_engine.reporting.diagnostics_text import render_diagnostics

    tell(render_diagnostics(diagnostics), err=True)
    return exit_code_for(diagnostics)
