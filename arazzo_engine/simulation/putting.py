"""Putting into a made-up value what will be looked for in it: a member that is read, a value that a criterion wants.

Decides how a value grows along its schema, and beyond it where the description says nothing. What is looked for is
decided elsewhere.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec import Struct, field

from arazzo_engine.documents.depth import DEEPEST
from arazzo_engine.documents.pointers import resolve_pointer
from arazzo_engine.documents.values import ABSENT, as_list
from arazzo_engine.language.conditions.comparison import EvaluationError, compare, is_number
from arazzo_engine.language.queries.jsonpath.query_paths import EXISTS, Demand
from arazzo_engine.simulation.reads import Read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue, Value
    from arazzo_engine.simulation.schema_ways import Ways

_Container = TypeVar("_Container", dict[str, "JsonValue"], list["JsonValue"])
_MOST_ELEMENTS: Final = 100
_MOST_CANDIDATES: Final = 1_000


class Putter(Struct):
    """Puts values into a body; ``beyond`` are the paths that the description does not have, with what needs each.

    ``own`` are the objects and arrays that were copied, and may be changed where they are, by their identity.
    """

    ways: Ways
    beyond: dict[Pointer, str] = field(default_factory=dict)
    own: dict[int, JsonValue] = field(default_factory=dict)

    def let_exist(self, value: Value, schema: Schema | None, read: Read) -> Value:
        """Return a value in which there is something to read, of the type that is wanted where the schema says none."""
        # nothing is read from deeper than what is read nests
        if len(read.path) >= DEEPEST or _is_something(_at(value, read.path)):
            return value
        described = self._described(schema, read.path, read.by)
        return self._put(value, schema, read.path, self._made_up(described, read))

    def let_hold(self, value: Value, schema: Schema | None, demand: Demand, by: str) -> Value:
        """Return a value of which a demand is true, as far as one can be made."""
        if demand.operator == EXISTS:
            return self.let_exist(value, schema, Read(demand.path, by))
        if len(demand.path) >= DEEPEST or _holds(demand, _at(value, demand.path)):
            return value
        if demand.counts:
            return self._let_count(value, schema, demand, by)
        described = self._described(schema, demand.path, by)
        found = next((each for each in self._candidates(demand, described) if _holds(demand, each)), ABSENT)
        return value if found is ABSENT else self._put(value, schema, demand.path, found)

    def _let_count(self, value: Value, schema: Schema | None, demand: Demand, by: str) -> Value:
        """Return a value with as many elements at a path as are wanted there."""
        there = as_list(_at(value, demand.path))
        wanted = next((count for count in range(_MOST_ELEMENTS + 1) if _compared(demand, count)), None)
        described = self._described(schema, demand.path, by)
        # an object with a member of that name, say: nothing is counted there
        if wanted is None or (_is_something(_at(value, demand.path)) and not there):
            return value
        element = self.ways.element(described)
        more = ("sample" if element is None else self.ways.sample(element) for _ in range(wanted - len(there)))
        return self._put(value, schema, demand.path, [*there[:wanted], *more])

    def _described(self, schema: Schema | None, path: Pointer, by: str) -> Schema | None:
        described = self.ways.at(schema, path)
        if described is None and path:
            self.beyond.setdefault(path, by)
        return described

    def _candidates(self, demand: Demand, described: Schema | None) -> Iterator[JsonValue]:
        for part in self.ways.parts(described):
            yield from as_list(part.value.get("enum"))[:_MOST_CANDIDATES]
        if described is not None:
            yield self.ways.sample(described)
        yield demand.value
        if is_number(demand.value):
            yield from (demand.value + 1, demand.value - 1)
        if isinstance(demand.value, str):
            yield from (f"{demand.value}-other", "")
        yield from ("sample", True, False, 1)

    def _made_up(self, described: Schema | None, read: Read) -> JsonValue:
        for schema in (described, read.schema):
            made = None if schema is None else self.ways.sample(schema)
            # an empty object is one where the schema says so, else it only says that nothing is known
            if _is_something(made) or any("type" in part.value for part in self.ways.parts(schema)):
                return made
        return f"sample-{read.path[-1]}" if read.path else {}

    def _put(self, value: Value, schema: Schema | None, path: Pointer, leaf: JsonValue) -> Value:
        if not path:
            return leaf
        token, rest = path[0], path[1:]
        element = self.ways.element(schema)
        if isinstance(value, list) or (not _is_something(value) and token.isdecimal()):
            return self._put_element(as_list(value), element, path, leaf) if token.isdecimal() else value
        members = value if isinstance(value, dict) else {}
        alternative = None if token in members else self.ways.alternative_with(schema, token)
        if alternative is not None:
            made = self.ways.sample(alternative)
            # of one alternative, and not of two
            members = made if isinstance(made, dict) else members
        below = self._put(members.get(token, ABSENT), self.ways.member(schema, token), rest, leaf)
        changed = self._owned(members)
        changed[token] = None if below is ABSENT else below
        return changed

    def _put_element(
        self, elements: list[JsonValue], schema: Schema | None, path: Pointer, leaf: JsonValue
    ) -> list[JsonValue]:
        index = int(path[0])
        if index >= _MOST_ELEMENTS:
            return elements
        whole = self._owned(elements)
        whole.extend({} if schema is None else self.ways.sample(schema) for _ in range(len(whole), index + 1))
        below = self._put(whole[index], schema, path[1:], leaf)
        whole[index] = None if below is ABSENT else below
        return whole

    def _owned(self, value: _Container) -> _Container:
        """Return an object or array that may be changed where it is, a copy of one that is not the putter's own."""
        if id(value) in self.own:
            return value
        copied = copy(value)
        self.own[id(copied)] = copied
        return copied


def _at(value: Value, path: Pointer) -> Value:
    return ABSENT if value is ABSENT else resolve_pointer(value, path)


def _is_something(value: Value) -> bool:
    """Whether a value says more than that nothing was known."""
    return value is not ABSENT and value is not None and value not in ({}, [])


def _holds(demand: Demand, value: Value) -> bool:
    if demand.counts:
        return isinstance(value, list) and _compared(demand, len(value))
    return value is not ABSENT and _compared(demand, value)


def _compared(demand: Demand, value: JsonValue) -> bool:
    try:
        return compare(demand.operator, value, demand.value)
    except EvaluationError:
        return False
