"""``arazzo doctor``: what the installation stands on, and what is wrong with it. It changes nothing."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

import click

from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.cli.commands.helping.installation import Fact


@click.command("doctor", short_help="Tell versions, extras, folders, proxies and certificates, and what is wrong.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How the facts are written.",
)  # fmt: skip
def command(form: str) -> int:
    """Tell what this installation stands on: versions, extras, folders, proxies and certificates.

    The exit code is 1 when something is wrong. Nothing is changed, and no network is asked.
    """
    from arazzo_engine.cli.commands.helping.installation import facts

    found = tuple(facts())
    wrong = [each for each in found if each.problem]
    if form == "json":
        from msgspec import to_builtins

        click.echo(json.dumps({"facts": [to_builtins(each) for each in found]}, indent=2))
    else:
        tell(printable("\n".join(_lines(found))))
        for each in wrong:
            tell(printable(f"{each.part} {each.name}: {each.problem}\n  fix: {each.fix}"), err=True)
        if not wrong:
            tell("nothing is wrong")
    return ExitCode.FAILED if wrong else ExitCode.SUCCESS


def _lines(facts: tuple[Fact, ...]) -> Iterator[str]:
    width = max(len(each.name) for each in facts)
    for part, group in groupby(facts, key=lambda each: each.part):
        yield part
        for each in group:
            yield f"  {each.name.ljust(width)}  {each.value}{'  <- wrong' if each.problem else ''}"
