"""The command line: one file for each command, imported only when the command is used.

Decides what becomes of everything a command raises. What a command does is in its own file.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Final

from arazzo_engine.cli.usage import COMPLETE, help_text

if TYPE_CHECKING:
    from collections.abc import Sequence


# new objects before garbage is looked for: most commands make fewer, and would look through what they import
_BEFORE_GARBAGE: Final = 100_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its exit code."""
    gc.set_threshold(_BEFORE_GARBAGE)
    exit_code = int(run_command(sys.argv[1:] if arguments is None else arguments))
    # what is left goes with the process, and is not looked through once more
    gc.freeze()
    sys.exit(exit_code)


def run_command(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code; whatever goes wrong is told on stderr."""
    from arazzo_engine.cli.terminal.streams import patient_streams

    if COMPLETE in os.environ:
        from arazzo_engine.cli.group import cli
        from arazzo_engine.cli.terminal.completing import complete

        complete(cli, os.environ[COMPLETE])
        return 0
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
