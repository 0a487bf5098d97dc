"""Comparing two pieces of work fairly: in turns, in one run, by their medians."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Comparison:
    """Seconds of the engine and of the floor, the median of several rounds; ``work`` is how many units were done."""

    name: str
    engine: float
    floor: float
    work: int = 1

    @property
    def ratio(self) -> float:
        """How many times as long as the floor the engine takes."""
        return self.engine / self.floor

    def __str__(self) -> str:
        each = 1000 / self.work
        return f"{self.name:<58} {self.engine * each:>10.2f} ms {self.floor * each:>10.2f} ms {self.ratio:>7.2f} x"


def compare(  # noqa: PLR0913 - the two jobs and how they are measured
    name: str, engine: Callable[[], object], floor: Callable[[], object], *, rounds: int, work: int = 1
) -> Comparison:
    """Do both in turns, the order changing each round, and compare their medians."""
    seconds: dict[Callable[[], object], list[float]] = {engine: [], floor: []}
    engine()
    floor()
    for number in range(rounds):
        for job in (engine, floor) if number % 2 else (floor, engine):
            began = time.perf_counter()
            job()
            seconds[job].append(time.perf_counter() - began)
    return Comparison(name, statistics.median(seconds[engine]), statistics.median(seconds[floor]), work)
