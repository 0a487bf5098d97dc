"""The engine of a scenario: its options, a clock that stands still, and chance that is the same each time.

Decides what the options of a scenario are to an engine, and that its paths start at the folder of the scenario.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.documents.uris import scheme_of
from arazzo_engine.scenarios.options import time_of
from arazzo_engine.world.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from arazzo_engine.documents.values import JsonValue

# 2026-01-01, the time at which a scenario takes place that names none
_NOW: Final = 1_767_225_600.0
_SEED: Final = 0
# options that an engine has by another name
_NAMED: Final = {"auth": "credentials", "allow-host": "allow_hosts", "source-dir": "source_dirs"}


class StandingClock:
    """A clock that stands still: what a scenario does never depends on when it is run."""

    def __init__(self, time: float = _NOW) -> None:
        self._time = time

    def now(self) -> float:
        """Return the time of the scenario."""
        return self._time

    def sleep(self, seconds: float) -> None:
        """Let no time pass."""


def engine_of(options: Mapping[str, JsonValue], folder: Path) -> Engine:
    """Return the engine that rehearses scenarios with these options, of which one in a folder has said them.

    Raises ``ArazzoError`` (``option-invalid``).
    """
    given: dict[str, Any] = {_NAMED.get(name, name.replace("-", "_")): value for name, value in options.items()}
    clock = StandingClock() if "clock" not in given else StandingClock(time_of(given.pop("clock")).timestamp())
    if "sources" in given:
        given["sources"] = {name: _beside(each, folder) for name, each in given["sources"].items()}
    if "source_dirs" in given:
        given["source_dirs"] = [_beside(each, folder) for each in given["source_dirs"]]
    return Engine(**given, clock=clock, seed=_SEED)


def _beside(location: str, folder: Path) -> str:
    return location if scheme_of(location) in {"http", "https"} else str(folder / location)
