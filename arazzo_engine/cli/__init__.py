"""The command line: one file for each command, imported only when the command is used.

Decides what becomes of everything a command raises. What a command does is in its own file.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# What `arazzo --help` prints. It stands here so that nothing need be imported to print it.
COMMANDS: Final[dict[str, str]] = {
    "run": "Run a workflow.",
    "rehearse": "Run a workflow with simulated answers; nothing is sent.",
    "validate": "Check Arazzo documents and the descriptions they name.",
    "show": "Show what a document does: its workflows, steps, inputs and outputs.",
    "list": "List the Arazzo documents in files and folders.",
    "auth": "List the credentials a document needs, and every way to give them.",
    "explain": "Explain a diagnostic code.",
    "schema": "Print the JSON Schema of what the engine writes.",
}
_HELP: Final = (
    "Usage: arazzo [OPTIONS] COMMAND [ARGS]...\n\n"
    "  Run Arazzo workflows of API calls, and say exactly what happened.\n\n"
    "Options:\n"
    "  --version   Show the version and exit.\n"
    "  -h, --help  Show this message and exit.\n\n"
    "Commands:\n"
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its exit code."""
    sys.exit(int(run_command(sys.argv[1:] if arguments is None else arguments)))


def run_command(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code; whatever goes wrong is told on stderr."""
    from arazzo_engine.cli.terminal.streams import patient_streams

    with patient_streams() as streams:
        # not `list(arguments)`: the module of the command `list` takes that name in this package
        if tuple(arguments) in {(), ("-h",), ("--help",)}:
            sys.stdout.write(help_text())
            exit_code = 0
        else:
            from arazzo_engine.cli.group import run_command as run

            exit_code = run(arguments)
        if streams.unwritten is None:
            return exit_code
        from arazzo_engine.cli.terminal.unwritten import tell_unwritten

        return tell_unwritten(streams.unwritten, exit_code)


def help_text() -> str:
    """Return what ``arazzo --help`` prints."""
    width = max(map(len, COMMANDS))
    return _HELP + "".join(f"  {name.ljust(width)}  {summary}\n" for name, summary in COMMANDS.items())
