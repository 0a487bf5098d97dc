"""``arazzo login``: have a person grant the tokens that a document needs, for the runs to come.

It decides how a login that is kept is told.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import TIMEOUT, login_options, make_engine
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from arazzo_engine.world.logging_in import Login


@click.command("login", short_help="Log in for a document's APIs, and keep the tokens for runs to come.")
@click.argument("location", metavar="DOC")
@click.argument("scheme", metavar="[[SOURCE.]SCHEME]", required=False)
@login_options
@TIMEOUT
def command(location: str, scheme: str | None, *, timeout: float | None, **options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Log in for the APIs of the Arazzo document DOC, or for one security SCHEME of them.

    What is granted is kept in the file of --token-store, where `arazzo run` with the same option finds it.
    """
    from arazzo_engine.cli.terminal.person import somebody
    from arazzo_engine.cli.terminal.telling import tell_found
    from arazzo_engine.world.drivers.deadline import Deadline
    from arazzo_engine.world.drivers.signals import signals_interrupt
    from arazzo_engine.world.logging_in import log_in

    try:
        with make_engine(**options, timeout=timeout, person=somebody()) as engine, signals_interrupt():
            deadline = Deadline(engine.for_document(location).timeout)
            program = engine.load(location)
            if program.means.warnings:
                tell_found(program.means.warnings)
            for login in log_in(program.guests(), scheme, deadline):
                tell(_kept(login))
    except ArazzoError as error:
        tell_found(error.diagnostics)
        return exit_code_for(error.diagnostics)
    return ExitCode.SUCCESS


def _kept(login: Login) -> str:
    ends = None if login.expires_at is None else datetime.fromtimestamp(login.expires_at, UTC)
    lasts = "" if ends is None else f" until {ends:%Y-%m-%d %H:%M} UTC"
    after = ", and refreshed after that" if login.is_refreshed else ""
    return f"logged in: {login.scheme} of {login.source}, kept in {login.store}{lasts}{after}"
