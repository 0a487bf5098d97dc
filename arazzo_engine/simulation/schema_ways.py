"""Ways down a schema: what it says of a member and of an element, through references, ``allOf`` and alternatives.

Decides where a schema describes a place of a value. What the value is, is not known here.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.simulation.pattern_samples import has_pattern
from arazzo_engine.simulation.samples import ALTERNATIVES, Sampler, sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

# what a description says of a value itself
_LONGEST_INDEX: Final = 10
_LISTED: Final = frozenset({"examples", "enum"})
_WITHOUT_PARTS: Final = ("string", "number", "integer", "boolean")
_TOLD: Final = frozenset({"example", "examples", "const", "default"})


def _without_null(schema: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return what a schema says of values that are not null; of its alternatives, nothing."""
    told = {name: each for name, each in schema.items() if name not in ALTERNATIVES and each is not None}
    return {name: _other_than_null(each) if name in _LISTED else each for name, each in told.items()}


def _other_than_null(listed: JsonValue) -> JsonValue:
    return [each for each in listed if each is not None] if isinstance(listed, list) else listed


class Parts(Struct, frozen=True, dict=True):
    """A schema as a whole, then each of its alternatives."""

    schema: Schema
    listed: tuple[Schema, ...]

    @cached_property
    def with_member(self) -> dict[str, Schema]:
        """The first part that has each property."""
        found: dict[str, Schema] = {}
        for part in self.listed:
            for name in as_mapping(part.value.get("properties")):
                found.setdefault(name, part)
        return found

    @cached_property
    def additional(self) -> Schema | None:
        """What is said of the members that no part lists."""
        return self._first("additionalProperties")

    @cached_property
    def items(self) -> Schema | None:
        """What is said of each element."""
        return self._first("items")

    @cached_property
    def first_ones(self) -> tuple[Schema, ...]:
        """What is said of the first elements, one by one."""
        found = next((part for part in self.listed if isinstance(part.value.get("prefixItems"), list)), None)
        listed = [] if found is None else found.value["prefixItems"]
        return tuple(Schema(self.schema.at.child("prefixItems", index), each) for index, each in enumerate(listed))

    def with_pattern(self, name: str) -> Schema | None:
        """Return what is said of members whose names are like this one."""
        for part in self.listed:
            for pattern, each in as_mapping(part.value.get("patternProperties")).items():
                if has_pattern(pattern, name):
                    return Schema(part.at.child("patternProperties", pattern), each)
        return None

    def _first(self, keyword: str) -> Schema | None:
        found = (part for part in self.listed if isinstance(part.value.get(keyword), dict))
        return next((Schema(part.at.child(keyword), part.value[keyword]) for part in found), None)


class Ways(Struct, frozen=True):
    """Follows schemas, each of which is looked at once; answers are ``None`` where the description says nothing."""

    resolver: Resolver
    known: dict[int, Parts] = field(default_factory=dict)
    samples: dict[int, tuple[Schema, JsonValue]] = field(default_factory=dict)

    def at(self, schema: Schema | None, path: Pointer) -> Schema | None:
        """Return what a schema says of the place at a path."""
        for token in path:
            element = self.element(schema, token) if token.isdecimal() else None
            schema = element or self.member(schema, token)
        return schema

    def member(self, schema: Schema | None, name: str) -> Schema | None:
        """Return what a schema says of a member of an object."""
        parts = self._parts(schema)
        if parts is None:
            return None
        part = parts.with_member.get(name)
        if part is None:
            return parts.with_pattern(name) or parts.additional
        return Schema(part.at.child("properties", name), part.value["properties"][name])

    def has_no(self, schema: Schema | None, path: Pointer) -> bool:
        """Whether a schema lists members, or is of what has none, and the first of a path is not among them."""
        is_told = any(
            "properties" in part.value or part.value.get("type") in _WITHOUT_PARTS for part in self.parts(schema)
        )
        return is_told and bool(path) and self.at(schema, path[:1]) is None

    def element(self, schema: Schema | None, token: str = "") -> Schema | None:
        """Return what a schema says of an element of an array, at a place if a ``token`` names one."""
        parts = self._parts(schema)
        if parts is None:
            return None
        at = int(token) if token.isdecimal() and len(token) < _LONGEST_INDEX else len(parts.first_ones)
        return parts.first_ones[at] if at < len(parts.first_ones) else parts.items

    def alternative_with(self, schema: Schema | None, name: str) -> Schema | None:
        """Return the alternative that has a member of this name, ``None`` when the schema itself has it."""
        parts = self._parts(schema)
        found = None if parts is None else parts.with_member.get(name)
        return None if parts is None or found is parts.listed[0] else found

    def is_required(self, schema: Schema | None, path: Pointer) -> bool:
        """Whether a schema, or an alternative in it, says that what stands at a path must be there."""
        return any(path[-1] in as_list(part.value.get("required")) for part in self.parts(self.at(schema, path[:-1])))

    def is_bytes(self, schema: Schema | None) -> bool:
        """Whether a schema is of a text that stands for bytes."""
        return any(part.value.get("format") in {"binary", "byte"} for part in self.parts(schema))

    def parts(self, schema: Schema | None) -> tuple[Schema, ...]:
        """Return a schema as a whole, then each of its alternatives."""
        parts = self._parts(schema)
        return () if parts is None else parts.listed

    def sample(self, schema: Schema) -> JsonValue:
        """Return a value that fits a schema; it is given again and again, and nobody may change it."""
        key = id(schema.value)
        if key not in self.samples:
            self.samples[key] = (schema, sample(schema, self.resolver))
        return self.samples[key][1]

    def present(self, schema: Schema) -> JsonValue:
        """Return a value that fits a schema, and null only where the schema takes nothing else."""
        made = self.sample(schema)
        # of a whole with alternatives, these say what it is
        for part in reversed(self.parts(schema)) if made is None else ():
            made = made if made is not None else sample(Schema(part.at, _without_null(part.value)), self.resolver)
        return made

    def is_invented(self, schema: Schema) -> bool:
        """Whether a description gives no value of its own for this schema, such as an example."""
        return not any(_TOLD & part.value.keys() for part in self.parts(schema))

    def _parts(self, schema: Schema | None) -> Parts | None:
        # what is kept stays where it is, and nothing else has its identity
        if schema is None or not isinstance(schema.value, dict):
            return None
        key = id(schema.value)
        if key not in self.known:
            self.known[key] = Parts(schema, tuple(self._look(schema)))
        return self.known[key] if self.known[key].listed else None

    def _look(self, schema: Schema) -> Iterator[Schema]:
        sampler = Sampler(self.resolver)
        whole = sampler.whole(schema)
        if not isinstance(whole.value, dict):
            return
        yield whole
        yield from (each for each in sampler.alternatives(whole) if isinstance(each.value, dict))
