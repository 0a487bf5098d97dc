"""What recorded runs have exercised of an API, as values: operations, parameters, statuses, and ways through workflows.

Decides what counts: everything that is described counts once, however often it was exercised. How that is found out
is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.simulation.paths.coverage import Coverage, Share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.diagnostics import Location


class Exercised(Struct, frozen=True):
    """One operation: how often it was requested, with which parameters, and answered by which documented status."""

    label: str
    method: str
    path: str
    location: Location
    requests: int
    parameters: Mapping[str, int]
    statuses: Mapping[str, int]


class Drift(Struct, frozen=True):
    """What is not as it is described: how often, and where first, a recording with a step."""

    code: str
    message: str
    location: Location | None
    times: int
    first: str


class Walked(Struct, frozen=True):
    """The ways that runs took through a workflow of a document."""

    document: str
    coverage: Coverage


class Covered(Struct, frozen=True):
    """What recordings have exercised of the description ``api``.

    ``unchecked`` is what could not be held to it, ``unknown`` are requests of operations that it does not have;
    ``notes`` say of recordings what a reader must know, and ``differing`` counts those whose replay is not the same.
    """

    api: str
    recordings: int
    operations: tuple[Exercised, ...]
    drifted: tuple[Drift, ...] = ()
    unchecked: tuple[Drift, ...] = ()
    unknown: Mapping[str, int] = {}
    workflows: tuple[Walked, ...] = ()
    notes: tuple[str, ...] = ()
    differing: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether all that was asked and answered is in the description, and each recording is what its run was."""
        return not (self.drifted or self.unknown or self.differing)

    def shares(self) -> Iterator[tuple[str, Share]]:
        """Yield how much of the API was exercised."""
        yield "operations", _share(each.requests for each in self.operations)
        yield "parameters", _share(count for each in self.operations for count in each.parameters.values())
        yield "statuses", _share(count for each in self.operations for count in each.statuses.values())

    @property
    def percent(self) -> float:
        """How much of all operations, parameters and statuses, and of all steps, actions and criteria, in percent."""
        walked = (share for each in self.workflows for share in _ways(each.coverage))
        shares = [*(share for _, share in self.shares()), *walked]
        total = sum(each.total for each in shares)
        return 100 * sum(each.shown for each in shares) / total if total else 100.0


def _share(counts: Iterator[int]) -> Share:
    every = list(counts)
    return Share(sum(map(bool, every)), len(every))


def _ways(coverage: Coverage) -> tuple[Share, ...]:
    return coverage.steps, coverage.actions, coverage.criteria
