"""A place in an answer or an input that something later reads, and all that is read of one answer.

Decides what is read where queries on the way have got their values. Who reads it is for ``tracing`` to find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.apis.linking.linked import StepKey, WorkflowKey
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.simulation.demands import Earlier
    from arazzo_engine.simulation.queries.jsonpath import Demand
    from arazzo_engine.simulation.queries.open_queries import OpenQuery


class Read(Struct, frozen=True):
    """A place in the body of an answer, what reads it, and the schema of where it goes when that is known.

    Counted from the end of the path, ``lone`` says which of its tokens are lone elements of lists. The ``demands`` must
    hold for it to be read; of one that ``leaves`` a loop, when the step is come back to. What stands somewhere
    ``as_text`` may be of any type that a text can be read as.
    """

    path: Pointer
    by: str
    schema: Schema | None = None
    lone: frozenset[int] = frozenset()
    demands: tuple[Demand, ...] = ()
    leaves: bool = False
    as_text: bool = False
    queries: tuple[OpenQuery, ...] = ()

    @property
    def lists(self) -> tuple[Pointer, ...]:
        """The paths of the lists that must have one element."""
        return tuple(self.path[:-each] for each in sorted(self.lone, reverse=True))

    def filled(self, workflow: WorkflowKey, scope: Scope) -> Read | None:
        """Return what is read once the queries on the way have values, as a workflow sees them.

        Without them it is what is read whatever they are, ``None`` where there is no such place.
        """
        read = self
        for query in sorted(self.queries, key=lambda each: len(each.at), reverse=True):
            asked = query.filled(scope) if query.workflow == workflow else None
            if asked is not None:
                moved = (replace(each, path=query.moved(each.path, asked[0])) for each in read.demands)
                path = query.moved(read.path, asked[0])
                read = replace(read, path=path, demands=(*asked[1], *moved))
            elif not query.is_settled:
                return None
        return replace(read, queries=())


def filled(read: Read, workflow: WorkflowKey, scope: Scope) -> Read | None:
    """Return what is read where the values of queries are known, ``None`` where nothing is."""
    return read.filled(workflow, scope) if read.queries else read


class Reads(Struct):
    """What is read of one answer."""

    body: list[Read] = field(default_factory=list)
    headers: dict[str, list[Read]] = field(default_factory=dict)

    def at_visit(self, visit: int, workflow: WorkflowKey, scope: Scope) -> Reads:
        """Return what is read of the answer to a request of a workflow, the first of its step or a later one."""

        def now(reads: Iterable[Read]) -> list[Read]:
            asked = (each for each in reads if visit > 1 or not each.leaves)
            return [each for read in asked if (each := filled(read, workflow, scope)) is not None]

        return Reads(now(self.body), {name: now(of_it) for name, of_it in self.headers.items()})

    def followed_by(self, others: Reads) -> Reads:
        """Return what is read here and there; where they demand what cannot be both, the others have it."""
        names = dict.fromkeys((*self.headers, *others.headers))
        headers = {name: [*self.headers.get(name, ()), *others.headers.get(name, ())] for name in names}
        return Reads([*self.body, *others.body], headers)


class Need(Struct, frozen=True):
    """What must hold of a value from before a step, for a condition."""

    earlier: Earlier
    by: str


class Readings(Struct, frozen=True):
    """What is read of each answer, by its step, and of each input, by workflow and name."""

    answers: dict[StepKey, Reads] = field(default_factory=dict)
    inputs: dict[tuple[WorkflowKey, str], list[Read]] = field(default_factory=dict)


def by_path(reads: Iterable[Read]) -> dict[Pointer, list[Read]]:
    """Return the reads of each place, those of a whole before those of its parts."""
    found: dict[Pointer, list[Read]] = {}
    for read in sorted(reads, key=lambda each: len(each.path)):
        found.setdefault(read.path, []).append(read)
    return found
