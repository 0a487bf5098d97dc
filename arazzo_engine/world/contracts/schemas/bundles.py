"""A schema of a description with everything it refers to, as one JSON Schema that stands alone.

Decides which schemas take part, and remembers the place of each, so that a finding points at the keyword as it is
written, beside a ``$ref`` too. What cannot be followed makes the whole schema unreadable: what is checked in part would
look as if it were checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.apis.descriptions.references import Resolver, value_at
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.values import ABSENT, as_list, as_mapping
from arazzo_engine.validation.inputs.number_formats import with_number_formats
from arazzo_engine.validation.inputs.subschemas import subschemas
from arazzo_engine.world.contracts.schemas.dialects import WRAPPED, Dialect, Direction, is_foreign

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue

# what applies to the value itself, and not to a part of it
_IN_PLACE: Final = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "$ref"})
_NO_SCHEMAS: Final = frozenset({"$defs", "definitions", "contentSchema"})
_MOST: Final = 20_000
_NUMBERS: Final = frozenset({"int32", "int64"})
_NONE: Final[frozenset[str]] = frozenset()


class UnreadableError(Exception):
    """A schema, or a body, that cannot be read; its text says which."""


class Bundle(Struct, frozen=True):
    """One schema, ``places`` by the number of each in its ``$defs``; the first is the schema itself."""

    schema: dict[str, JsonValue]
    places: tuple[Place, ...]

    def place(self, path: Sequence[str | int]) -> Place:
        """Return the place of the keyword to which a validator came by this path."""
        node: JsonValue = self.schema
        place = self.places[0]
        for token in path:
            if token == "$ref":  # noqa: S105 - a keyword
                number = int(node["$ref"].rpartition("/")[2])
                node, place = self.schema["$defs"][str(number)], self.places[number]
            else:
                is_wrapper = isinstance(node, dict) and WRAPPED in node
                node = node[token]
                place = place if is_wrapper else place.child(token)
        return _written(place)

    def keyword(self, path: Sequence[str | int]) -> JsonValue:
        """Return the value of the keyword to which a validator came by this path."""
        node: JsonValue = self.schema
        for token in path:
            node = node[token]
            if token == "$ref":  # noqa: S105 - the same
                node = self.schema["$defs"][node.rpartition("/")[2]]
        return node


def bundle(schema: Schema, dialect: Dialect, direction: Direction, resolver: Resolver) -> Bundle:
    """Return a schema as it holds for messages of a direction; raises ``UnreadableError``."""
    try:
        return _Bundling(dialect, direction, resolver).bundle(schema)
    except ArazzoError as error:
        raise UnreadableError("a schema with a reference that leads nowhere") from error
    except (TypeError, AttributeError, KeyError, RecursionError) as error:
        raise UnreadableError("a schema that is none") from error


def _written(place: Place) -> Place:
    """Return the place itself, or the nearest around it that the text has: a translation has words of its own."""
    is_bound = place.pointer[-3:-2] == ("allOf",)
    while place.pointer and value_at(place) is ABSENT:
        place = type(place)(place.document, place.pointer[:-1])
    if is_bound and as_mapping(value_at(place)).get("format") in _NUMBERS:
        return place.child("format")
    return place


class _Bundling(Struct):
    dialect: Dialect
    direction: Direction
    resolver: Resolver
    numbers: dict[tuple[str, tuple[str, ...], frozenset[str]], int] = field(default_factory=dict)
    waiting: list[tuple[int, Schema, frozenset[str]]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    leads: dict[int, set[int]] = field(default_factory=dict)
    anchors: dict[str, set[tuple[str, tuple[str, ...]]]] = field(default_factory=dict)
    dynamic: set[str] = field(default_factory=set)

    def bundle(self, schema: Schema) -> Bundle:
        self._number(schema, _NONE)
        made: dict[str, JsonValue] = {}
        while self.waiting:
            number, each, hidden = self.waiting.pop()
            made[str(number)] = self._rewrite(each, hidden, number)
            if len(made) > _MOST:
                raise UnreadableError("a schema that refers to too many others")
        if self._comes_back():
            raise UnreadableError("a schema that leads back to itself")
        if any(len(self.anchors.get(name, ())) > 1 for name in self.dynamic):
            raise UnreadableError("a schema whose `$dynamicRef` may mean several others")
        whole = {"$ref": "#/$defs/0", "$defs": made}
        bounded = with_number_formats(whole)
        return Bundle(bounded, tuple(self.places))

    def _number(self, schema: Schema, hidden: frozenset[str]) -> int:
        key = schema.at.document.uri, schema.at.pointer, hidden
        if key not in self.numbers:
            self.numbers[key] = len(self.places)
            self.places.append(schema.at)
            self.waiting.append((self.numbers[key], schema, hidden))
        return self.numbers[key]

    def _rewrite(self, schema: Schema, hidden: frozenset[str], owner: int | None) -> JsonValue:
        """Return a schema in one dialect; ``owner`` is the one that holds the same value, if there is one."""
        value, at = schema.value, schema.at
        if isinstance(value, bool):
            return value
        if not isinstance(value, dict):
            raise UnreadableError("a schema that is none")
        if is_foreign(value.get("$schema")):
            raise UnreadableError(f"schemas of the dialect `{value['$schema']}`")
        if isinstance(value.get("$dynamicAnchor"), str):
            self.anchors.setdefault(value["$dynamicAnchor"], set()).add((at.document.uri, at.pointer))
        hidden |= self._foreign_names(schema)
        made = self.dialect.translate(value)
        inner = made["then"] if WRAPPED in made else made
        self._demand(inner, hidden)
        self._refer(inner, at, hidden, owner)
        for name in _subschema_names(inner):
            inner[name] = self._copied(inner[name], Schema(at.child(name), inner[name]), name, (hidden, owner))
        return made

    def _demand(self, made: dict[str, JsonValue], hidden: frozenset[str]) -> None:
        # "If the property is marked as `readOnly` being `true` and is in the `required` list, the `required` will take
        # effect on the response only."
        if hidden and isinstance(made.get("required"), list):
            made["required"] = [name for name in made["required"] if name not in hidden]
        if self.dialect.is_old and isinstance(made.get("properties"), dict):
            # "it MAY be sent as part of a response but SHOULD NOT be sent as part of the request"
            no: dict[str, JsonValue] = {"not": {}}
            made["properties"] = {name: no if name in hidden else each for name, each in made["properties"].items()}

    def _refer(self, made: dict[str, JsonValue], at: Place, hidden: frozenset[str], owner: int | None) -> None:
        for keyword in ("$dynamicRef", "$recursiveRef", "$ref"):
            reference = made.pop(keyword, None)
            if not isinstance(reference, str):
                if reference is not None:
                    raise UnreadableError("a schema that is none")
                continue
            if keyword == "$dynamicRef":
                self.dynamic.add(reference.partition("#")[2])
            place = self.resolver.target(reference, at)
            number = self._number(Schema(place, value_at(place)), hidden)
            if owner is not None:
                self.leads.setdefault(owner, set()).add(number)
            referring = {"$ref": f"#/$defs/{number}"}
            made.update({"allOf": [*made.get("allOf", ()), referring]} if "$ref" in made else referring)

    def _copied(
        self, value: JsonValue, schema: Schema, name: str, context: tuple[frozenset[str], int | None]
    ) -> JsonValue:
        hidden, owner = context if name in _IN_PLACE else (_NONE, None)

        def rewritten(each: JsonValue, *tokens: str | int) -> JsonValue:
            return self._rewrite(Schema(schema.at.child(*tokens), each), hidden, owner)

        if isinstance(value, list):
            return [rewritten(each, index) for index, each in enumerate(value)]
        if name in _MAPS:
            return {key: rewritten(each, key) for key, each in value.items()}
        return rewritten(value)

    def _foreign_names(self, schema: Schema) -> frozenset[str]:
        """Return the names of the properties that belong to messages of the other direction."""
        return frozenset(
            name
            for part in self._together(schema)
            for name, each in as_mapping(part.value.get("properties")).items()
            if self._is_foreign(Schema(part.at.child("properties", name), each))
        )

    def _is_foreign(self, schema: Schema) -> bool:
        return any(part.value.get(self.direction.foreign) is True for part in self._together(schema))

    def _together(self, schema: Schema) -> Iterator[Schema]:
        """Yield a schema, what it refers to and its ``allOf``, and theirs, once each."""
        seen: set[tuple[str, tuple[str, ...]]] = set()
        waiting = [schema]
        while waiting:
            part = waiting.pop()
            key = part.at.document.uri, part.at.pointer
            if key in seen or not isinstance(part.value, dict):
                continue
            seen.add(key)
            yield part
            all_of = as_list(part.value.get("allOf"))
            waiting += [Schema(part.at.child("allOf", index), each) for index, each in enumerate(all_of)]
            if isinstance(part.value.get("$ref"), str):
                place = self.resolver.target(part.value["$ref"], part.at)
                waiting.append(Schema(place, value_at(place)))

    def _comes_back(self) -> bool:
        """Whether a schema leads to itself for the same value, which no validator survives."""
        left = {number: set(others) for number, others in self.leads.items()}
        while ends := {number for number, others in left.items() if not others & left.keys()}:
            left = {number: others for number, others in left.items() if number not in ends}
        return bool(left)


_MAPS: Final = frozenset({"properties", "patternProperties", "dependentSchemas"})


def _subschema_names(schema: dict[str, JsonValue]) -> list[str]:
    names = dict.fromkeys(str(tokens[0]) for tokens, _ in subschemas(schema))
    return [name for name in names if name not in _NO_SCHEMAS]
