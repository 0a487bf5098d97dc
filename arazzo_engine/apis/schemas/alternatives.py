"""What a value can be by its schemas: alternatives, in each of which schemas hold together and leave no choice.

Decides the types and the listed values of each alternative. A schema that leads nowhere, is too much to look at or says
nothing gives no alternative: what it describes is not known. Each schema is looked at once.
"""

from __future__ import annotations

from enum import Enum
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field

from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.schemas.parts import UnreadSchemaError, is_closed, is_nullable, is_open
from arazzo_engine.documents.values import as_list, as_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.apis.schemas.parts import Parts
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue

ALL_TYPES: Final = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
# what depends on the rest of a value, or on another schema, says nothing for certain here
_LOOSE: Final = ("if", "then", "else", "not", "dependentSchemas", "discriminator")
_MOST: Final = 64
_DEEPEST: Final = 12
_TYPES_OF: Final[dict[type, str]] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


class Way(Enum):
    """What becomes of one token."""

    ON = "a part that is described"
    UNKNOWN = "nobody knows"
    ALLOWED = "a member that is not described, where others are allowed"
    UNDESCRIBED = "a member that is not described"
    FORBIDDEN = "a member that no schema allows"
    INTO_A_LIST = "a list has no member of a name"
    INTO_A_SCALAR = "no parts at all"


class Alternative(Struct, frozen=True, dict=True):
    """Schemas that hold together; of a value that is written out, ``members`` or ``elements`` are what is known."""

    parts: tuple[Schema, ...]
    members: Mapping[str, Known] | None = None
    elements: tuple[Known, ...] | None = None

    @property
    def at(self) -> Place:
        """The place of the schema."""
        return self.parts[0].at

    @cached_property
    def values(self) -> tuple[JsonValue, ...] | None:
        """The only values there can be, ``None`` when they are not listed."""
        listed = [each for part in self.parts for each in _listed(as_mapping(part.value))]
        if not listed:
            return None
        common = tuple(value for value in listed[0] if all(value in other for other in listed[1:]))
        # "nullable" allows null, whatever else the schema says
        return (*common, None) if self._is_nullable and None not in common else common

    @cached_property
    def types(self) -> frozenset[str]:
        """The types that are stated, all of them when none is."""
        found = ALL_TYPES
        for part in self.parts:
            found &= _stated(as_mapping(part.value).get("type"))
        if self.values is not None:
            found &= frozenset(each for value in self.values for each in types_of(value))
        return found | {"null"} if self._is_nullable else found

    @cached_property
    def containers(self) -> frozenset[str]:
        """Which of object and array the value can be; of a schema without a type, what its keywords speak of."""
        stated = self.types & {"object", "array"}
        if self.types != ALL_TYPES:
            return stated
        spoken = {
            kind
            for kind, keywords in (("object", ("properties", "additionalProperties")), ("array", ("items",)))
            if any(each in as_mapping(part.value) for part in self.parts for each in keywords)
        }
        return frozenset(spoken) or stated

    @cached_property
    def is_loose(self) -> bool:
        """Whether more may be said of the value than is looked at."""
        return is_open(self.parts) or any(each in as_mapping(part.value) for part in self.parts for each in _LOOSE)

    @cached_property
    def is_closed(self) -> bool:
        """Whether there are no members but those that are described."""
        return is_closed(self.parts)

    @cached_property
    def required(self) -> frozenset[str]:
        """The names of the members that must be there."""
        return frozenset(str(name) for part in self.parts for name in as_list(as_mapping(part.value).get("required")))

    @cached_property
    def steps(self) -> dict[str, tuple[Way, Known]]:
        """What became of each token of a pointer that was looked for, for whoever looks for it again."""
        return {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the members that are described."""
        if self.members is not None:
            return tuple(self.members)
        found = (as_mapping(as_mapping(part.value).get("properties")) for part in self.parts)
        return tuple(dict.fromkeys(name for each in found for name in each))

    @cached_property
    def _is_nullable(self) -> bool:
        return is_nullable(self.parts)


Known: TypeAlias = tuple[Alternative, ...]


class Alternatives(Struct, frozen=True):
    """Reads schemas as alternatives, each once."""

    parts: Parts
    found: dict[tuple[Place, ...], Known] = field(default_factory=dict)

    def of(self, schemas: Iterable[Schema]) -> Known:
        """Return what a value can be by schemas that hold together, nothing when that is not known."""
        together = tuple(map(self._meant, schemas))
        key = tuple(each.at for each in together)
        if key not in self.found:
            self.found[key] = self._read(together)
        return self.found[key]

    def _meant(self, schema: Schema) -> Schema:
        """Return where a schema leads that is nothing but a reference: all that lead there are looked at once."""
        for _ in range(_DEEPEST):
            value = as_mapping(schema.value)
            if len(value) != 1 or not isinstance(value.get("$ref"), str):
                return schema
            try:
                schema = self.parts.target(value["$ref"], schema)
            except UnreadSchemaError:
                return schema
        return schema

    def _read(self, schemas: tuple[Schema, ...]) -> Known:
        try:
            found = tuple(map(Alternative, self._expanded(schemas, 0)))
        except UnreadSchemaError:
            return ()
        possible = tuple(each for each in found if each.types)
        return () if any(_says_nothing(each) for each in possible) else possible

    def _expanded(self, schemas: tuple[Schema, ...], depth: int) -> tuple[tuple[Schema, ...], ...]:
        if depth > _DEEPEST or not schemas:
            raise UnreadSchemaError
        whole = tuple(part for each in schemas for part in self.parts.together(each))
        choices = [
            [found for each in listed for found in self._expanded((each,), depth + 1)]
            for _, listed in self.parts.alternatives(whole)
        ]
        combined = tuple(self._combined(whole, choices))
        if len(combined) > _MOST:
            raise UnreadSchemaError
        return combined

    def _combined(
        self, whole: tuple[Schema, ...], choices: list[list[tuple[Schema, ...]]]
    ) -> Iterator[tuple[Schema, ...]]:
        for count, chosen in enumerate(product(*choices)):
            if count > _MOST:
                raise UnreadSchemaError
            yield whole + tuple(part for each in chosen for part in each)


def written(value: JsonValue, at: Place) -> Known:
    """Return what is known of a value that is written out."""
    schema = (Schema(at, {"const": value}),)
    match value:
        case dict():
            return (Alternative(schema, members={name: written(each, at.child(name)) for name, each in value.items()}),)
        case list():
            return (Alternative(schema, elements=tuple(written(each, at.child(i)) for i, each in enumerate(value))),)
        case _:
            return (Alternative(schema),)


def exemplified(value: JsonValue, at: Place) -> Known:
    """Return what an example says of others: the names that they may have, and nothing for certain."""
    match value:
        case dict():
            members = {name: exemplified(each, at) for name, each in value.items()}
            return (Alternative((Schema(at, {"additionalProperties": True}),), members=members),)
        case list() if value:
            return (Alternative((Schema(at, {}),), elements=(exemplified(value[0], at),)),)
        case _:
            return ()


def typed(type_: str, at: Place, values: tuple[str, ...] | None = None) -> Known:
    """Return what is known of a value of a type, which may be one of a few."""
    return (Alternative((Schema(at, {"type": type_, **({} if values is None else {"enum": list(values)})}),)),)


def types_of(value: JsonValue) -> tuple[str, ...]:
    """Return the types of JSON Schema that a value has."""
    if isinstance(value, int) and not isinstance(value, bool):
        return ("integer", "number")
    if isinstance(value, float) and value.is_integer():
        return ("integer", "number")
    named = _TYPES_OF.get(type(value))
    return tuple(ALL_TYPES) if named is None else (named,)


_WORDS: Final = {
    "string": "a text",
    "number": "a number",
    "integer": "an integer",
    "boolean": "a boolean",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


def words_of_types(types: frozenset[str]) -> str:
    """Return types as a sentence has them.

    >>> words_of_types(frozenset({"string", "integer", "number"}))
    'a text or a number'
    """
    return " or ".join(
        _WORDS[each] for each in _WORDS if each in types and not (each == "integer" and "number" in types)
    )


def all_types(known: Known) -> frozenset[str]:
    """Return the types that a value can have, all of them when nothing is known."""
    return frozenset(each for one in known for each in one.types) or ALL_TYPES


def all_values(known: Known) -> tuple[JsonValue, ...] | None:
    """Return the only values there can be, ``None`` when they are not all listed."""
    found: list[JsonValue] = []
    for each in known:
        if each.values is None:
            if each.types <= {"null"}:
                found.append(None)
                continue
            return None
        found.extend(each.values)
    return tuple(found) if known else None


def _says_nothing(alternative: Alternative) -> bool:
    # an object of which nothing is said is known to be one, all the same
    return alternative.types == ALL_TYPES and alternative.containers == {"object", "array"}


def _listed(schema: Mapping[str, JsonValue]) -> Iterator[list[JsonValue]]:
    if "const" in schema:
        yield [schema["const"]]
    if isinstance(schema.get("enum"), list):
        yield as_list(schema["enum"])


def _stated(type_: JsonValue) -> frozenset[str]:
    """Return the types that a schema states; one that there is not says nothing."""
    listed = [type_] if isinstance(type_, str) else as_list(type_)
    known = frozenset(each for each in listed if isinstance(each, str))
    if not known or not known <= ALL_TYPES or len(known) < len(listed):
        return ALL_TYPES
    return known | {"integer"} if "number" in known else known
