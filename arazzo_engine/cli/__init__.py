"""The command line: one file for each command, imported only when the command is used.

Decides what becomes of everything a command raises. What a command does is in its own file.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Final

import click

from arazzo_engine.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

# The summaries stand here so that `arazzo --help` imports no command
COMMANDS: Final[dict[str, str]] = {
    "run": "Run a workflow.",
    "rehearse": "Run a workflow with simulated answers; nothing is sent.",
    "validate": "Check Arazzo documents and the descriptions they name.",
    "show": "Show what a document does: its workflows, steps, inputs and outputs.",
    "list": "List the Arazzo documents in files and folders.",
    "auth": "List the credentials a document needs, and every way to give them.",
    "explain": "Explain a diagnostic code.",
}


class _Commands(click.Group):
    """The commands, each in the module of its own name."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"arazzo_engine.cli.{cmd_name}").command
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _print_version(ctx: click.Context, _option: click.Parameter, value: object) -> None:
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"arazzo {version('arazzo-engine')}")
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
def cli() -> None:
    """Run Arazzo workflows of API calls, and say exactly what happened."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its exit code."""
    sys.exit(int(run_command(arguments)))


def run_command(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; whatever goes wrong is told on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return int(cli.main(args=arguments, prog_name="arazzo", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has gone, and Python would complain once more at exit
        sys.stdout = None  # type: ignore[assignment]
        return ExitCode.SUCCESS
    except Exception as bug:  # the one place where anything is caught: a bug must not look like a document's fault
        from arazzo_engine.cli.bugs import describe_bug

        click.echo(describe_bug(bug), err=True)
        return ExitCode.BUG
