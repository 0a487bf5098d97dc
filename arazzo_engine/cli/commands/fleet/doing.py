"""What every command of the fleet does around its own work: see that the extra is there, and tell what is refused.

Decides that nothing of the extra is imported before a command uses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from arazzo_engine.cli.result import Output


class Modules(Struct):
    """The modules of which a command uses one: they are imported when the command runs."""

    workers: ModuleType
    schedules: ModuleType
    limits: ModuleType


def done(format_: str, act: Callable[[Output, Modules], int]) -> int:
    """Do something with the modules of the fleet, and tell how it went."""
    from arazzo_engine.cli.result import Output
    from arazzo_engine.durability.installed import check_installed

    output = Output(format_, None, every=False)
    try:
        check_installed()
        from arazzo_engine.cli.fleet import limits, schedules, workers

        return output.end(act(output, Modules(workers, schedules, limits)))
    except ArazzoError as error:
        return output.end(output.refuse(error.diagnostics))
