"""Values that several schemas take: that of an input, and those of all the places that it goes to.

Decides the value by trying: what is there, then what the schemas list, then what is made of each and of all together.
Where none fits all, the one that most of them take is used, and whoever sends it has to say so.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.documents.values import ABSENT, as_list, as_mapping
from arazzo_engine.language.conditions.comparison import is_number
from arazzo_engine.language.expressions.strings import text_of
from arazzo_engine.simulation.examples import refusals_of
from arazzo_engine.simulation.reading.reads import by_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue, Value
    from arazzo_engine.simulation.reading.reads import Read
    from arazzo_engine.simulation.schema_ways import Ways

_MOST_LISTED: Final = 100
_DEEPEST: Final = 8
_WITH_PARTS: Final = frozenset({"array", "object"})
_NARROWEST: Final[dict[str, Callable[[float, float], float]]] = {
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems"), min),
}


class Target(Struct, frozen=True):
    """A schema that a value has to fit; where it stands ``as_text``, its type is what its text can be read as."""

    schema: Schema
    as_text: bool = False


def targets_of(reads: Iterable[Read]) -> tuple[Target, ...]:
    """Return where what is read goes to, each once."""
    found = {(id(each.schema.value), each.as_text): each for each in reads if each.schema is not None}
    return tuple(Target(each.schema, each.as_text) for each in found.values() if each.schema is not None)


def targets_by_path(reads: Iterable[Read], ways: Ways) -> Iterator[tuple[Pointer, tuple[Target, ...]]]:
    """Yield where each place that is read goes to, wholes before parts; of what is read in part that is no scalar."""
    found = by_path(reads)
    parted = {path[:length] for path in found for length in range(len(path))}
    for path, of_it in found.items():
        targets = targets_of(of_it)
        yield path, tuple(each for each in targets if path not in parted or not _is_scalar(each, ways))


def _is_scalar(target: Target, ways: Ways) -> bool:
    """Whether a schema states a type, and none that has parts."""
    stated = [part.value["type"] for part in ways.parts(target.schema) if "type" in part.value]
    types = {each for type_ in stated for each in (type_ if isinstance(type_, list) else [type_])}
    return bool(types) and types.isdisjoint(_WITH_PARTS)


class Meeting(Struct, frozen=True):
    """What a value has to fit: its own schema, where there is one, before all of its targets."""

    ways: Ways
    own: Schema | None
    targets: tuple[Target, ...]

    def fitted(self, value: Value) -> Value:
        """Return the value where everything takes it, else one that is made to fit as much as can be."""
        count = self._count(value)
        if not self.targets or count == len(self.targets):
            return value
        best, most = value, count
        for each in self._candidates():
            count = self._count(each)
            if count > most:
                best, most = each, count
            if most == len(self.targets):
                break
        return best

    def _count(self, value: Value) -> int:
        """Return how many targets take a value, -1 when its own schema does not."""
        if value is ABSENT or not self.takes(value):
            return -1
        return sum(self._takes(each, value) for each in self.targets)

    def takes(self, value: JsonValue) -> bool:
        """Whether a value fits its own schema."""
        return self.own is None or self._takes(Target(self.own), value)

    def _takes(self, target: Target, value: JsonValue) -> bool:
        # what a text is read as is said by the type, which may stand in another part than a bound
        wholes = self.ways.parts(target.schema)[:1] if target.as_text else ()
        asked = (target.schema, *wholes)
        return not any(refusals_of(value, each, self.ways.resolver, as_text=target.as_text) for each in asked)

    def _candidates(self) -> Iterator[JsonValue]:
        schemas = [each.schema for each in self.targets] + ([self.own] if self.own is not None else [])
        wholes = [part.value for schema in schemas for part in self.ways.parts(schema)[:1]]
        for whole in wholes:
            yield from islice(as_list(whole.get("enum")), _MOST_LISTED)
        made = [self.ways.sample(each) for each in schemas]
        if wholes:
            made.append(self.ways.sample(Schema(schemas[0].at, _met(wholes, 0))))
        for each in made:
            yield each
            # what is a number there may have to be a text here
            if not isinstance(each, str | dict | list):
                yield text_of(each)


def _met(schemas: list[dict[str, JsonValue]], depth: int) -> dict[str, JsonValue]:
    """Return a schema that asks for what all of several ask for, as far as it can be said in one."""
    met: dict[str, JsonValue] = {}
    for name, value in ((name, value) for schema in schemas for name, value in schema.items()):
        met[name] = _both(name, met[name], value, depth) if name in met else value
    return met


def _both(keyword: str, one: JsonValue, other: JsonValue, depth: int) -> JsonValue:
    if keyword in _NARROWEST and is_number(one) and is_number(other):
        return _NARROWEST[keyword](one, other)
    match keyword:
        case "enum":
            return [each for each in as_list(one) if each in as_list(other)] or one
        case "required":
            return [*as_list(one), *(each for each in as_list(other) if each not in as_list(one))]
        case "properties" if depth < _DEEPEST:
            return _met_members(as_mapping(one), as_mapping(other), depth)
        case "items" if depth < _DEEPEST:
            return _met([dict(as_mapping(one)), dict(as_mapping(other))], depth + 1)
        case _:
            return one


def _met_members(one: Mapping[str, JsonValue], other: Mapping[str, JsonValue], depth: int) -> dict[str, JsonValue]:
    members = dict(one)
    for name, schema in other.items():
        known = members.setdefault(name, schema)
        if isinstance(known, dict) and isinstance(schema, dict) and known is not schema:
            members[name] = _met([known, schema], depth + 1)
    return members
