"""What every command of the fleet does around its own work: see that the extra is there, and tell what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.cli.result import Output


def done(format_: str, act: Callable[[Output, Any], int]) -> int:
    """Do something with the module of the fleet, and tell how it went."""
    from arazzo_engine.cli.result import Output
    from arazzo_engine.durability.installed import check_installed

    output = Output(format_, None, every=False)
    try:
        check_installed()
        from arazzo_engine.cli import fleet

        return output.end(act(output, fleet))
    except ArazzoError as error:
        return output.end(output.refuse(error.diagnostics))
