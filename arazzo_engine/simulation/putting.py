"""Putting into a made-up value what will be looked for in it: a member that is read, a value that a criterion wants.

Decides how a value grows along its schema, and beyond it where the description says nothing. What is looked for is
decided elsewhere.
"""

from __future__ import annotations

from copy import copy
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec import Struct, field

from arazzo_engine.documents.depth import DEEPEST
from arazzo_engine.documents.values import ABSENT, as_list, as_mapping
from arazzo_engine.language.conditions.comparison import is_number
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.simulation.fitting.elements import Elements
from arazzo_engine.simulation.fitting.found_within import found_within
from arazzo_engine.simulation.fitting.holding import holds
from arazzo_engine.simulation.fitting.meeting import Meeting
from arazzo_engine.simulation.fitting.places import settled, value_at
from arazzo_engine.simulation.pattern_samples import sample_of
from arazzo_engine.simulation.queries.jsonpath import EXISTS, LACKS, LENGTH, TRUTH, Demand, Spread
from arazzo_engine.simulation.reading.reads import Read
from arazzo_engine.simulation.samples import Sampler, secret_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue, Value
    from arazzo_engine.simulation.fitting.meeting import Target
    from arazzo_engine.simulation.schema_ways import Ways

_DATE: Final = lazy_pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:$|[T ])")
_UUID: Final = lazy_pattern(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_Container = TypeVar("_Container", dict[str, "JsonValue"], list["JsonValue"])
_MOST_ELEMENTS: Final = 100
_MOST_CANDIDATES: Final = 1_000


class Putter(Struct):
    """Puts values into a body; ``beyond`` are the paths that the description does not have, with what needs each.

    ``own`` are the objects and arrays that were copied, and may be changed where they are, by their identity; ``held``
    is what was demanded of each place so far, of which as much as can be should be true there. The ``elements`` are
    those that were given to queries.
    """

    ways: Ways
    beyond: dict[Pointer, str] = field(default_factory=dict)
    own: dict[int, JsonValue] = field(default_factory=dict)
    held: dict[Pointer, list[Demand]] = field(default_factory=dict)
    elements: Elements = field(default_factory=Elements)

    def let_exist(self, value: Value, schema: Schema | None, read: Read) -> Value:
        """Return a value in which there is something to read, of the type that is wanted where the schema says none."""
        path = settled(value, read.path)
        # nothing is read from deeper than what is read nests
        if len(path) >= DEEPEST or _has_any(value, read.path):
            return value
        if _is_something(value_at(value, path)) or self._is_no_member(value, schema, path):
            return value
        described = self._described(schema, path, read.by)
        return self._put(value, schema, path, self._made_up(described, read))

    def let_be_alone(self, value: Value, schema: Schema | None, read: Read) -> Value:
        """Return a value whose lists have one element where the lone one is read."""
        for path in read.lists:
            found = value_at(value, path)
            if isinstance(found, list) and len(found) > 1:
                value = self._put(value, schema, path, found[:1])
        return value

    def is_made_up(self, value: Value, schema: Schema | None, path: Pointer) -> bool:
        """Whether what stands at a path is nothing that the description says: what it gives as an example stays."""
        described = self.ways.at(schema, settled(value, path))
        if described is None:
            return True
        name = path[-1] if path else ""
        made = (self.ways.sample(described), secret_text(name))
        return self.ways.is_invented(described) and value_at(value, settled(value, path)) in made

    def let_be_secret(self, value: Value, schema: Schema | None, path: Pointer, name: str) -> Value:
        """Return a value in which what stands at a path shares no made-up text with anything else."""
        place = settled(value, path)
        found = value_at(value, place)
        if found is ABSENT or len(place) >= DEEPEST:
            return value
        made = Sampler(self.ways.resolver).as_secret(found, name, self.ways.at(schema, place))
        return value if made is found else self._put(value, schema, place, made)

    def let_fit(self, value: Value, schema: Schema | None, path: Pointer, targets: tuple[Target, ...]) -> Value:
        """Return a value that fits where what stands at a path goes to, as far as one can be made."""
        place = settled(value, path)
        found = value_at(value, place)
        if found is ABSENT or len(place) >= DEEPEST or not targets:
            return value
        fitted = Meeting(self.ways, self.ways.at(schema, place), targets).fitted(found)
        return value if fitted is found else self._put(value, schema, place, fitted)

    def let_hold(self, value: Value, schema: Schema | None, demand: Demand, by: str) -> Value:
        """Return a value of which a demand is true, as far as one can be made."""
        if demand.operator == EXISTS:
            return self.let_exist(value, schema, Read(demand.path, by))
        path = settled(value, demand.path)
        found = value_at(value, path)
        others = self.held.setdefault(path, [])
        others.append(demand)
        is_unknown = demand.of == LENGTH and _is_made_up_text(found) and self.ways.at(schema, path) is None
        if len(path) >= DEEPEST or (holds(demand, found) and not is_unknown):
            return value
        if self._is_no_member(value, schema, path):
            return value
        if demand.operator == LACKS:
            return self._without(value, path)
        if self._is_better_left_out(demand, schema, path):
            return self._without(value, path)
        described = self._described(schema, path, by)
        found = ABSENT if is_unknown else found
        if demand.of == LENGTH:
            wanted = self._sized(demand, found, described)
        else:
            within = found_within(found, demand, described, self.ways)
            wanted = chain(within, self._candidates(demand, described), _between(demand.value, others))
        made = self._best((each for each in wanted if holds(demand, each)), others, described)
        return value if made is ABSENT else self._put(value, schema, path, made)

    def _is_better_left_out(self, demand: Demand, schema: Schema | None, path: Pointer) -> bool:
        """Whether what may be missing has to be as if it were, and its schema takes no null or ``false`` instead."""
        described = self.ways.at(schema, path)
        if described is None or not path or path[-1].isdecimal() or not holds(demand, ABSENT):
            return False
        takes = Meeting(self.ways, described, ()).takes
        return not (takes(None) or (demand.of == TRUTH and takes(False)) or self.ways.is_required(schema, path))  # noqa: FBT003 - a value

    def _best(self, candidates: Iterator[JsonValue], demands: Sequence[Demand], described: Schema | None) -> Value:
        """Return the candidate of which the most demands are true, the first that the description takes if any."""
        takes = Meeting(self.ways, described, ()).takes
        best: Value = ABSENT
        score = (0, False)
        for each in candidates:
            count = sum(holds(demand, each) for demand in demands)
            if count >= score[0] and (count, fits := takes(each)) > score:
                best, score = each, (count, fits)
            if score == (len(demands), True):
                break
        return best

    def _without(self, value: Value, path: Pointer) -> Value:
        """Return a value without what stands at a path."""
        above = value_at(value, path[:-1]) if path else ABSENT
        if isinstance(above, dict):
            kept: JsonValue = {name: each for name, each in above.items() if name != path[-1]}
        elif isinstance(above, list) and path[-1].isdecimal():
            kept = above[: int(path[-1])]
        else:
            return value
        return self._put(value, None, path[:-1], kept)

    def _sized(self, demand: Demand, value: Value, described: Schema | None) -> Iterator[JsonValue]:
        """Yield what has the length that is wanted: of the kind that there is, that is described, else an array."""
        if not is_number(demand.value) or not isinstance(demand.value, int) or demand.value >= _MOST_ELEMENTS:
            return
        made = (
            self.ways.sample(described) if described is not None and not isinstance(value, list | str | dict) else value
        )
        for size in (demand.value, demand.value + 1, demand.value - 1):
            if size >= 0:
                yield self._resized(made, size, described)

    def _resized(self, value: Value, size: int, described: Schema | None) -> JsonValue:
        match value:
            case str():
                return value[:size].ljust(size, "x")
            case dict() if value or not _is_array(self.ways.parts(described)):
                names = [*value, *(f"member{number}" for number in range(size))]
                return {name: value.get(name, "sample") for name in names[:size]}
            case _:
                elements = as_list(value)[:size]
                element = self.ways.element(described)
                last = elements[-1] if elements else "sample" if element is None else self.ways.sample(element)
                return [*elements, *[last] * (size - len(elements))]

    def _described(self, schema: Schema | None, path: Pointer, by: str) -> Schema | None:
        described = self.ways.at(schema, path)
        if described is None and path:
            self.beyond.setdefault(path, by)
        return described

    def _candidates(self, demand: Demand, described: Schema | None) -> Iterator[JsonValue]:
        for part in self.ways.parts(described):
            yield from as_list(part.value.get("enum"))[:_MOST_CANDIDATES]
        made = sample_of(demand.value) if demand.of and isinstance(demand.value, str) else None
        if made is not None:
            yield made
        if described is not None:
            yield self.ways.present(described)
        yield demand.value
        if is_number(demand.value):
            yield from (demand.value + 1, demand.value - 1)
        if isinstance(demand.value, str):
            yield from _dates_beside(demand.value)
            yield from _ids_beside(demand.value)
            yield from (f"{demand.value}-other", "")
        yield from ("sample", True, False, 1, None, "", 0)

    def _made_up(self, described: Schema | None, read: Read) -> JsonValue:
        for schema in (described, read.schema):
            made = None if schema is None else self.ways.present(schema)
            # an empty object is one where the schema says so, else it only says that nothing is known
            if _is_something(made) or any("type" in part.value for part in self.ways.parts(schema)):
                return made
        return f"sample-{_name_at(read.path)}" if read.path else {}

    def _put(self, value: Value, schema: Schema | None, path: Pointer, leaf: JsonValue) -> Value:
        if not path:
            return leaf
        token, rest = path[0], path[1:]
        element = self.ways.element(schema, token)
        if isinstance(value, list) or (token.isdecimal() and self._may_be_list(value, schema)):
            return self._put_element(as_list(value), element, path, leaf) if token.isdecimal() else value
        members = value if isinstance(value, dict) else self._required(schema)
        alternative = None if token in members else self.ways.alternative_with(schema, token)
        if alternative is not None:
            made = self.ways.sample(alternative)
            # of one alternative, and not of two
            members = made if isinstance(made, dict) else members
        if not rest:
            members = self._of_alternative(members, schema, token, leaf)
        below = self._put(members.get(token, ABSENT), self.ways.member(schema, token), rest, leaf)
        changed = self._owned(members)
        changed[token] = None if below is ABSENT else below
        return changed

    def _required(self, schema: Schema | None) -> dict[str, JsonValue]:
        """Return the members that an object must have where none is there yet, as they are made up."""
        names = {name for part in self.ways.parts(schema) for name in as_list(part.value.get("required"))}
        made = as_mapping(self.ways.sample(schema)) if schema is not None and names else {}
        return {name: each for name, each in made.items() if name in names}

    def _of_alternative(
        self, members: dict[str, JsonValue], schema: Schema | None, token: str, leaf: JsonValue
    ) -> dict[str, JsonValue]:
        """Return the members of an object as the alternative has them that takes one of its members."""
        told = [part for part in self.ways.parts(schema)[1:] if token in as_mapping(part.value.get("properties"))]
        if len(told) < 2:  # noqa: PLR2004 - nothing to choose from
            return members
        taking = (part for part in told if Meeting(self.ways, self.ways.member(part, token), ()).takes(leaf))
        part, present = next(taking, None), (part for part in told if Meeting(self.ways, part, ()).takes(members))
        if part is None or part is next(present, None):
            return members
        kept = {name: each for name, each in members.items() if name in as_mapping(part.value.get("properties"))}
        return {**as_mapping(self.ways.sample(part)), **kept}

    def _may_be_list(self, value: Value, schema: Schema | None) -> bool:
        """Whether an element may be put where nothing has parts yet: what is made up as a text is not known better."""
        if isinstance(value, dict) and value:
            return False
        parts = self.ways.parts(schema)
        return _is_array(parts) or not any("object" in _types(part) for part in parts)

    def _is_no_member(self, value: Value, schema: Schema | None, path: Pointer) -> bool:
        """Whether any member of an object is meant, which has none, and of which no schema says that it has others."""
        for token in path if any(isinstance(each, Spread) for each in path) else ():
            described = self.ways.at(schema, (token,))
            is_any = isinstance(token, Spread) and described is None and not isinstance(value, list)
            if is_any and _is_object(self.ways.parts(schema)):
                return True
            value, schema = value_at(value, (token,)), described
        return False

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


def _between(value: JsonValue, demands: Sequence[Demand]) -> Iterator[JsonValue]:
    """Yield numbers between one and those that other demands speak of."""
    for each in demands if isinstance(value, int | float) else ():
        if isinstance(each.value, int | float) and is_number(each.value) and each.value != value:
            yield (each.value + value) / 2


def _name_at(path: Pointer) -> str:
    """Return the name of what stands at a path, of an element that of its list."""
    return next((each for each in reversed(path) if not isinstance(each, Spread)), path[-1])


def _is_made_up_text(value: Value) -> bool:
    """Whether a value may be a text only because nothing says what it is."""
    return isinstance(value, str) and value.startswith("sample")


def _is_something(value: Value) -> bool:
    """Whether a value says more than that nothing was known."""
    return value is not ABSENT and value is not None and value not in ({}, [])


def _dates_beside(text: str) -> Iterator[str]:
    """Yield a date like one that a text begins with, a year later and a year earlier."""
    if _DATE.match(text) is not None:
        for year in (int(text[:4]) + 1, int(text[:4]) - 1):
            yield f"{year:04}{text[4:]}"


def _ids_beside(text: str) -> Iterator[str]:
    """Yield an id like one in hexadecimal digits, which differs in its last digit."""
    if _UUID.fullmatch(text) is not None:
        yield f"{text[:-1]}{'1' if text[-1] == '0' else '0'}"


def _is_array(parts: tuple[Schema, ...]) -> bool:
    return any("array" in _types(part) or "items" in part.value for part in parts)


def _is_object(parts: tuple[Schema, ...]) -> bool:
    return not _is_array(parts) and any("object" in _types(part) for part in parts)


def _types(part: Schema) -> list[JsonValue]:
    type_ = part.value.get("type")
    return type_ if isinstance(type_, list) else [type_]


def _has_any(value: Value, path: Pointer) -> bool:
    """Whether any one of some members is asked for, and there is one."""
    if not path or not isinstance(path[-1], Spread):
        return False
    found = value_at(value, settled(value, path[:-1]))
    return isinstance(found, dict | list) and len(found) > int(path[-1])
