"""What is read on from an expression: the rest of the way of a value, as it is followed back to where it comes from.

Decides how the rest changes where a value is put into another one, taken out of one, or selected by a query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.simulation.queries.jsonpath import LENGTH
from arazzo_engine.simulation.queries.open_queries import open_query, selected_by
from arazzo_engine.simulation.reading.reads import Read

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.apis.linking.linked import WorkflowKey
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.queries.compiling import QueryTemplate
    from arazzo_engine.simulation.queries.jsonpath import Demand
    from arazzo_engine.simulation.queries.open_queries import OpenQuery
    from arazzo_engine.simulation.schema_ways import Ways


class Use(Struct, frozen=True):
    """What is read on from an expression: the rest of the path, the text that reads it, and where it goes.

    ``length`` counts the outputs and inputs that the value comes through.
    """

    path: Pointer = ()
    by: str = ""
    schema: Schema | None = None
    length: int = 0
    lone: frozenset[int] = frozenset()
    demands: tuple[Demand, ...] = ()
    leaves: bool = False
    as_text: bool = False
    queries: tuple[OpenQuery, ...] = ()

    def below(self, before: Pointer) -> Use:
        """Return the same, with what stands before it."""
        demands = tuple(replace(each, path=(*before, *each.path)) for each in self.demands)
        queries = tuple(each.below(before) for each in self.queries)
        return replace(self, path=(*before, *self.path), demands=demands, queries=queries)

    def beyond(self, selected: Use) -> Use:
        """Return the same of what is selected of another value."""
        below = self.below(selected.path)
        demands, queries = (*selected.demands, *below.demands), (*selected.queries, *below.queries)
        return replace(below, demands=demands, queries=queries)

    def whole(self) -> Use:
        """Return the same of a value without parts."""
        return replace(self, path=(), demands=(), queries=())

    def of_length(self) -> Use:
        """Return the same of what is as long as the value should be."""
        demands = tuple(replace(each, of=LENGTH) for each in self.demands if not each.path and not each.of)
        return replace(self, path=(), schema=None, demands=demands, queries=())

    def of_each(self, ways: Ways) -> Use:
        """Return the same of each element of what should be a list."""
        if self.path and self.path[0].isdecimal():
            return self.within(self.path[0])
        return replace(self.whole(), schema=None if self.path else ways.element(self.schema))

    def within(self, member: str) -> Use:
        """Return the same for the member that it begins with."""
        demands = tuple(replace(each, path=each.path[1:]) for each in self.demands if each.path[:1] == (member,))
        queries = tuple(below for each in self.queries for below in each.within(member))
        return replace(self, path=self.path[1:], demands=demands, queries=queries)

    def read(self) -> Read:
        """Return what is read when this is the whole way."""
        return Read(self.path, self.by, self.schema, self.lone, self.demands, self.leaves, self.as_text, self.queries)

    def further(self) -> Use:
        """Return the same, one output or input later."""
        return replace(self, length=self.length + 1)


def use_of(query: QueryTemplate, workflow: WorkflowKey) -> Use | None:
    """Return the use of what a query selects, ``None`` when that cannot be told."""
    if query.expressions:
        opened = open_query(query, workflow)
        return None if opened is None else Use(opened.stands, queries=(opened,))
    selected = selected_by(query.type.type, query.text)
    return None if selected is None else Use(selected[0], demands=selected[1])
