"""``arazzo debug-adapter``: an editor steps through runs, by the Debug Adapter Protocol over stdin and stdout.

It decides the exit code: 2 when the messages of the client cannot be read.
"""

from __future__ import annotations

import io
import sys

import click

from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.cli.terminal.screen import tell


@click.command("debug-adapter", short_help="Let an editor step through runs, by the Debug Adapter Protocol.")
@click.pass_context
def command(ctx: click.Context) -> int:
    """Speak the Debug Adapter Protocol over stdin and stdout; an editor starts this, and docs/debugger.md says how.

    It rehearses or runs a document, or replays a recording, as `--step` does: breakpoints, values, forward and back.
    """
    from arazzo_engine.cli.adapter.serving import Serving
    from arazzo_engine.cli.adapter.wire import Outbox

    main = ctx.find_root().command.main
    serving = Serving(
        lambda arguments: main(args=arguments, prog_name="arazzo", standalone_mode=False), Outbox(sys.stdout.buffer)
    )
    # a thread that waits for the next message must not hold what the process closes when it ends
    why = serving.serve(io.FileIO(sys.stdin.fileno(), closefd=False))
    if why:
        tell(f"the messages of the client cannot be read: {why}", err=True)
    return ExitCode.USAGE if why else ExitCode.SUCCESS
