"""``arazzo schedules``: what is run again and again: listing it, pausing, resuming and removing it.

Each command only parses its options: what it does is in ``cli.fleet``.
"""

from __future__ import annotations

import click

from arazzo_engine.cli.commands.fleet.doing import done
from arazzo_engine.cli.options import DATABASE, LISTED, OPTIONAL_COMMAND


@click.group(
    "schedules",
    invoke_without_command=True,
    subcommand_metavar=OPTIONAL_COMMAND,
    short_help="List, pause, resume or remove schedules.",
)
@DATABASE
@LISTED
@click.pass_context
def command(ctx: click.Context, url: str | None, format_: str) -> int:
    """List the schedules; or pause, resume or remove one."""
    ctx.obj = url
    if ctx.invoked_subcommand is not None:
        return 0
    return done(format_, lambda output, fleet: fleet.schedules.list_schedules(url, output))


@command.command("list")
@LISTED
@click.pass_obj
def list_all(url: str | None, format_: str) -> int:
    """List the schedules."""
    return done(format_, lambda output, fleet: fleet.schedules.list_schedules(url, output))


@command.command("pause")
@click.argument("name", metavar="NAME")
@click.pass_obj
def pause(url: str | None, name: str) -> int:
    """Start nothing by a schedule until it is resumed."""
    return done("text", lambda _output, fleet: fleet.schedules.change_schedule(url, name, "paused"))


@command.command("resume")
@click.argument("name", metavar="NAME")
@click.pass_obj
def resume(url: str | None, name: str) -> int:
    """Start runs by a schedule again."""
    return done("text", lambda _output, fleet: fleet.schedules.change_schedule(url, name, "resumed"))


@command.command("remove")
@click.argument("name", metavar="NAME")
@click.pass_obj
def remove(url: str | None, name: str) -> int:
    """Forget a schedule; the runs that it has started go on."""
    return done("text", lambda _output, fleet: fleet.schedules.change_schedule(url, name, "removed"))
