"""Ways down a schema: what it says of a member and of an element, through references, ``allOf`` and alternatives.

Decides where a schema describes a place of a value. What the value is, is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.simulation.samples import Sampler

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.documents.pointers import Pointer


class Ways(Struct, frozen=True):
    """Follows schemas; each answer is ``None`` where the description says nothing."""

    resolver: Resolver

    def at(self, schema: Schema | None, path: Pointer) -> Schema | None:
        """Return what a schema says of the place at a path."""
        for token in path:
            element = self.element(schema) if token.isdecimal() else None
            schema = element or self.member(schema, token)
        return schema

    def member(self, schema: Schema | None, name: str) -> Schema | None:
        """Return what a schema says of a member of an object."""
        for part in self.parts(schema):
            properties = as_mapping(part.value.get("properties"))
            if name in properties:
                return Schema(part.at.child("properties", name), properties[name])
        for part in self.parts(schema):
            if isinstance(part.value.get("additionalProperties"), dict):
                return Schema(part.at.child("additionalProperties"), part.value["additionalProperties"])
        return None

    def element(self, schema: Schema | None) -> Schema | None:
        """Return what a schema says of an element of an array."""
        for part in self.parts(schema):
            if isinstance(part.value.get("items"), dict):
                return Schema(part.at.child("items"), part.value["items"])
        return None

    def alternative_with(self, schema: Schema | None, name: str) -> Schema | None:
        """Return the alternative that has a member of this name, ``None`` when the schema itself has it."""
        whole, *alternatives = self.parts(schema) if schema is not None else (None,)
        if whole is None or name in as_mapping(whole.value.get("properties")):
            return None
        return next((each for each in alternatives if name in as_mapping(each.value.get("properties"))), None)

    def is_bytes(self, schema: Schema | None) -> bool:
        """Whether a schema is of a text that stands for bytes."""
        return any(part.value.get("format") in {"binary", "byte"} for part in self.parts(schema))

    def parts(self, schema: Schema | None) -> Iterator[Schema]:
        """Yield a schema as a whole, then each of its alternatives."""
        if schema is None:
            return
        sampler = Sampler(self.resolver)
        whole = sampler.whole(schema)
        if not isinstance(whole.value, dict):
            return
        yield whole
        for keyword in ("oneOf", "anyOf"):
            for index, each in enumerate(as_list(whole.value.get(keyword))):
                alternative = sampler.whole(Schema(whole.at.child(keyword, index), each))
                if isinstance(alternative.value, dict):
                    yield alternative
