"""How much a command tells, and in which form: the options for it, and what is made of them.

Decides nothing of a run: whatever is told of it, it is the same run.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Final

import click
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable

_COLOURS: Final = {"auto": None, "always": True, "never": False}


class Telling(Struct, frozen=True):
    """What is told beside the result: with ``-v`` once or twice, with ``-q`` only failures, and how many warnings.

    ``reports`` are those that were asked for, as they were typed.
    """

    verbosity: int = 0
    is_quiet: bool = False
    has_curl: bool = False
    has_trace: bool = False
    reports: tuple[str, ...] = ()

    @property
    def shows_values(self) -> bool:
        """Whether it is told how each value was found."""
        return self.has_trace or self.verbosity > 1


def _set_colour(ctx: click.Context, _option: click.Parameter, value: str | None) -> None:
    if value is not None and value != "auto":
        ctx.color = _COLOURS[value]


COLOUR: Final = click.option(
    "--color", type=click.Choice([*_COLOURS]), expose_value=False, callback=_set_colour,
    help="Colours; auto means on a terminal, unless NO_COLOR, FORCE_COLOR or CLICOLOR_FORCE say otherwise.",
)  # fmt: skip
_OPTIONS: Final = (
    click.option(
        "-v", "--verbose", "verbosity", count=True,
        help="Tell every exchange as it happens, and every finding in full; -vv also how each value was found.",
    ),
    click.option(
        "-q", "--quiet", "is_quiet", is_flag=True,
        help="Tell nothing but results and failures, and how many warnings there are.",
    ),
    click.option(
        "--curl", "has_curl", is_flag=True,
        help="Print the failing request, with -v every one, as a command; $NAME stands for secrets.",
    ),
    click.option("--trace", "has_trace", is_flag=True, help="Tell how each value was found, in every --format."),
    click.option(
        "--report", "reports", metavar="KIND=FILE", multiple=True,
        help="Write a report: json, jsonl, junit, har, html, markdown or github. May be given again.",
    ),
    COLOUR,
)  # fmt: skip


def telling_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how much is told; the command gets them as ``telling``."""

    @wraps(command)
    def told(**options: Any) -> Any:  # noqa: ANN401 - click passes the options by name
        given = {name: options.pop(name) for name in Telling.__struct_fields__}
        if given["is_quiet"] and given["verbosity"]:
            raise click.UsageError("-q and -v exclude each other")
        return command(telling=Telling(**given), **options)

    wrapped: Callable[..., Any] = told
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped
