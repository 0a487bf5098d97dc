"""The help text of a command that has many options: those of one matter stand beneath each other, its own come first.

Decides which matter an option is of, by its name. An option that nobody has placed is one of the command's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

_OWN: Final = "Options"
_MATTERS: Final = {
    "What is told, and what is written": (
        *("--format", "--output", "--report", "--record", "--verbose", "--quiet", "--curl", "--trace", "--color"),
        *("--otel", "--trace-context", "--summary", "--failed-rows"),
    ),
    "Documents, descriptions, and the project": (
        *("--base", "--source", "--source-dir", "--offline", "--no-sources", "--env", "--config", "--no-project"),
        *("--allow-commands", "--strict", "--check"),
    ),
    "Where requests go, and how": (
        *("--server", "--server-var", "--allow-host", "--proxy", "--ca-bundle", "--cert", "--key", "--insecure"),
        *("--http2", "--follow-redirects", "--connect-retries"),
    ),
    "Who asks": ("--auth", "--auth-file", "--no-auth", "--token-store", "--redirect-uri"),
    "Limits, and what is sent again": (
        *("--retry-unsafe", "--assume-idempotent", "--timeout", "--step-timeout", "--max-wait", "--max-steps"),
        *("--max-nesting", "--max-response", "--max-value", "--max-report"),
    ),
    "Runs that outlive their process": ("--durable", "--run-id", "--detach", "--database-url"),
}
# an option that is not in the table is the command's own
_PLACES: Final = {option: (matter, at) for matter, options in _MATTERS.items() for at, option in enumerate(options)}


class GroupedCommand(click.Command):
    """A command whose help text has a heading for each matter, and examples at the end."""

    def __init__(self, *arguments: object, examples: tuple[str, ...], **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]  # as click calls it
        self.examples = examples

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, the command's own first."""
        found: dict[str, list[tuple[int, tuple[str, str]]]] = {}
        for (matter, at), record in self._records(ctx):
            found.setdefault(matter, []).append((at, record))
        for matter in (each for each in (_OWN, *_MATTERS) if each in found):
            with formatter.section(matter):
                formatter.write_dl([record for _, record in sorted(found[matter], key=lambda each: each[0])])
        with formatter.section("Examples"):
            # a command stands in one line, so that it can be copied
            formatter.write("".join(f"  {each}\n" for each in self.examples))

    def _records(self, ctx: click.Context) -> Iterator[tuple[tuple[str, int], tuple[str, str]]]:
        for option in (each for each in self.get_params(ctx) if isinstance(each, click.Option)):
            record = option.get_help_record(ctx)
            if record is not None:
                yield next((_PLACES[each] for each in option.opts if each in _PLACES), (_OWN, 0)), record
