"""The group of all commands, and what becomes of everything that a command raises.

The one place where any exception is caught: a bug must not look like a document's fault.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING

import click

from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.cli.telling.volume import COLOUR
from arazzo_engine.cli.terminal.abilities import colours_by
from arazzo_engine.cli.usage import COMMANDS, MODULES, help_text

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Commands(click.Group):
    """The commands, each in the module of its own name."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULES:
            return None
        command: click.Command = importlib.import_module(f"arazzo_engine.cli.commands.{MODULES[cmd_name]}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in MODULES:
            from arazzo_engine.diagnostics import did_you_mean

            fix = did_you_mean(args[0], COMMANDS) or "`arazzo --help` lists the commands"
            ctx.fail(f"There is no command `{args[0]}`: {fix}.".replace("?.", "?"))
        return super().resolve_command(ctx, args)

    def get_help(self, _ctx: click.Context) -> str:
        return help_text().rstrip("\n")


def _print_version(ctx: click.Context, _option: click.Parameter, value: object) -> None:
    if value and not ctx.resilient_parsing:
        from arazzo_engine.cli.bugs import engine_version

        click.echo(f"arazzo {engine_version()}")
        ctx.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Show the version and exit.",
)
@COLOUR
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Run Arazzo workflows of API calls, and say exactly what happened."""
    ctx.color = colours_by(os.environ) if ctx.color is None else ctx.color
    _need_a_current_folder()


def _need_a_current_folder() -> None:
    """Names on the command line, files beside them and the project are found from it: without it, nothing is."""
    try:
        os.getcwd()  # noqa: PTH109 - asked for the error alone
    except OSError as error:
        message = f"The current folder cannot be used ({error.strerror}): change to one that is there."
        raise click.ClickException(message) from error


def run_command(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code; whatever goes wrong is told on stderr."""
    try:
        return int(cli.main(args=list(arguments), prog_name="arazzo", standalone_mode=False, obj=tuple(arguments)) or 0)
    except click.ClickException as error:
        error.show()
        _tell_machine(arguments, "option-invalid", error.format_message())
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return ExitCode.INTERRUPTED
    except Exception as bug:  # noqa: BLE001 - the one place where anything is caught: a bug must not look like a document's fault
        from arazzo_engine.cli.bugs import describe_bug

        click.echo(describe_bug(bug), err=True)
        _tell_machine(arguments, "engine-bug", f"a bug in the engine ended the command: {type(bug).__name__}")
        return ExitCode.BUG


def _tell_machine(arguments: Sequence[str], code: str, message: str) -> None:
    from arazzo_engine.cli.refusals import tell_machine
    from arazzo_engine.diagnostics import diagnose

    fix = "`--help` lists the options" if code == "option-invalid" else "report it with what is on stderr"
    tell_machine(arguments, diagnose(code, message, fix=fix))
