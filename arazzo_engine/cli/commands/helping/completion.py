"""``arazzo completion``: the script that lets a shell complete what is typed. What is offered is decided elsewhere."""

from __future__ import annotations

from typing import Final

import click

from arazzo_engine.cli.exit_codes import ExitCode

SHELLS: Final = ("bash", "zsh", "fish")


@click.command("completion", short_help="Print the script with which a shell completes commands and names.")
@click.argument("shell", metavar="bash|zsh|fish", type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print the completion script of a shell: commands, options, and names of workflows, steps and inputs.

    \b
    bash:  eval "$(arazzo completion bash)"     in ~/.bashrc
    zsh:   eval "$(arazzo completion zsh)"      in ~/.zshrc
    fish:  arazzo completion fish | source      in ~/.config/fish/config.fish
    """  # noqa: D301 - click's mark for lines that stay as they are
    from arazzo_engine.cli.terminal.completing import completer

    click.echo(completer(ctx.find_root().command, shell).source())
    return ExitCode.SUCCESS
