"""Comparing pieces of work fairly: in turns, in one run, by their medians."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Comparison:
    """Seconds of the engine and of the floor, the median of several rounds; ``work`` is how many units were done.

    ``beside`` holds those of other jobs, which are shown for orientation.
    """

    name: str
    engine: float
    floor: float
    work: int = 1
    beside: Mapping[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """How many times as long as the floor the engine takes."""
        return self.engine / self.floor

    def __str__(self) -> str:
        each = 1000 / self.work
        line = f"{self.name:<58} {self.engine * each:>10.2f} ms {self.floor * each:>10.2f} ms {self.ratio:>7.2f} x"
        return line + "".join(f"   ({name} {seconds * each:.2f} ms)" for name, seconds in self.beside.items())


def compare(  # noqa: PLR0913 - the jobs and how they are measured
    name: str,
    engine: Callable[[], object],
    floor: Callable[[], object],
    *,
    rounds: int,
    work: int = 1,
    beside: Mapping[str, Callable[[], object]] | None = None,
) -> Comparison:
    """Do all jobs in turns, the order changing each round, and compare their medians."""
    others = beside or {}
    of_engine, of_floor, *of_others = measure([engine, floor, *others.values()], rounds)
    return Comparison(name, of_engine, of_floor, work, dict(zip(others, of_others, strict=True)))


def measure(jobs: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Do all jobs in turns, the order changing each round, and return the median of the seconds of each."""
    seconds: list[list[float]] = [[] for _ in jobs]
    for job in jobs:
        job()
    for number in range(rounds):
        for place in range(len(jobs)) if number % 2 else reversed(range(len(jobs))):
            began = time.perf_counter()
            jobs[place]()
            seconds[place].append(time.perf_counter() - began)
    return list(map(statistics.median, seconds))
