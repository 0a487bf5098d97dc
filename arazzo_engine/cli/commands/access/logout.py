"""``arazzo logout``: forget the tokens that were kept.

It decides how that is told: what a server has granted, it honours until it ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import login_options, make_engine
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.world.authorizing.token_store import Kept


@click.command("logout", short_help="Forget the tokens that were kept by a login or a run.")
@click.argument("location", metavar="[DOC]", required=False)
@click.argument("scheme", metavar="[[SOURCE.]SCHEME]", required=False)
@login_options
def command(location: str | None, scheme: str | None, **options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Forget the tokens in the file of --token-store: all, or those of the document DOC, or of one SCHEME of it."""
    from arazzo_engine.reporting.diagnostics_text import render_diagnostics
    from arazzo_engine.world.logging_in import log_out, store_of

    try:
        with make_engine(**options) as engine:
            guests = None if location is None else engine.load(location).guests()
            store = store_of(options["token_store"] if guests is None else guests.means.token_store)
            tell(_forgotten(log_out(guests, scheme, store), store.name))
    except ArazzoError as error:
        tell(render_diagnostics(error.diagnostics), err=True)
        return exit_code_for(error.diagnostics)
    return ExitCode.SUCCESS


def _forgotten(kept: Sequence[Kept], store: str) -> str:
    if not kept:
        return f"nothing to forget: {store} has no such token"
    lines = [f"forgotten: {each.entry.scheme} at {', '.join(each.entry.servers)}" for each in kept]
    return "\n".join([*lines, "the server honours what it granted until that ends, or is revoked there"])
