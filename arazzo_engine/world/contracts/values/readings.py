"""Values that are written the same way: on the wire, ``5`` is a number and a text, and ``a=x`` a list of one, too.

Decides which values a receiver may take for the one that was sent, so that a value fits a schema when one of them
does. What keeps its type on the wire, as JSON does, has itself for its only reading.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.messages.payloads import parse_json, write_json
from arazzo_engine.validation.inputs.subschemas import Root, all_that_apply

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.documents.values import JsonValue

ENDLESS: Final = 1_000
_MOST_COMBINED: Final = 64


class Wire(Struct, frozen=True):
    """How a value stands on the wire: scalars down to ``depth`` are text, deeper ones keep their type.

    ``joint`` is what stands between the elements of a list that is one text; ``is_repeated`` says that a list of one is
    written as its element is, and ``is_json_text`` that an object or list where a text is described is JSON text.
    ``members`` are those of an object that are written in another way.
    """

    depth: int = ENDLESS
    joint: str = ""
    is_repeated: bool = False
    is_json_text: bool = False
    members: Mapping[str, Wire] = {}
    others: Wire | None = None

    def within(self, name: str | None) -> Wire:
        """Return how a member, or an element, stands."""
        if name is not None and name in self.members:
            return self.members[name]
        if name is not None and self.others is not None:
            return self.others
        return Wire(self.depth - 1, is_json_text=self.depth == 1)


EXACT: Final = Wire(-1)


def readings(value: JsonValue, schema: JsonValue, root: JsonValue, wire: Wire) -> Iterator[JsonValue]:
    """Yield the value, and the others that are written the same way, the likeliest first."""
    yield value
    if wire.depth < 0 and not wire.members and not wire.is_repeated:
        return
    seen = [value]
    guided = (_Guide(Root(root), wraps).toward(value, [schema], wire) for wraps in (False, True))
    for each in itertools.chain(guided, _combined(value, wire)):
        if not any(_is_same(each, other) for other in seen):
            seen.append(each)
            yield each


def scalar_readings(value: JsonValue) -> tuple[JsonValue, ...]:
    """Return the scalars that have the same text."""
    text = text_of(value)
    if not text:
        return (value, *(each for each in ("", None) if each != value))
    try:
        parsed = parse_json(text)
    except MalformedText:
        return (text,)
    return (text,) if parsed is None or isinstance(parsed, dict | list) or text != text.strip() else (parsed, text)


def text_of(value: JsonValue) -> str:
    """Return the text that a scalar is written as."""
    return value if isinstance(value, str) else "" if value is None else write_json(value)


def _is_same(one: JsonValue, other: JsonValue) -> bool:
    # to Python, 1 and True are equal
    return write_json(one) == write_json(other)


def _combined(value: JsonValue, wire: Wire) -> Iterator[JsonValue]:
    """Yield every combination of readings of the scalars within a small value; of a large one the two extremes."""
    choices = list(_choices(value, wire))
    count = 1
    for each in choices:
        count *= len(each)
    picked: Iterable[tuple[JsonValue, ...]] = itertools.product(*choices)
    if count > _MOST_COMBINED:
        picked = ([each[0] for each in choices], [each[-1] for each in choices])  # type: ignore[assignment]  # as good
    for each in picked:
        yield _rebuilt(value, wire, iter(each))


def _choices(value: JsonValue, wire: Wire) -> Iterator[tuple[JsonValue, ...]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _choices(each, wire.within(name))
    elif isinstance(value, list):
        for each in value:
            yield from _choices(each, wire.within(None))
    elif wire.depth >= 0:
        yield scalar_readings(value)


def _rebuilt(value: JsonValue, wire: Wire, scalars: Iterator[JsonValue]) -> JsonValue:
    if isinstance(value, dict):
        return {name: _rebuilt(each, wire.within(name), scalars) for name, each in value.items()}
    if isinstance(value, list):
        return [_rebuilt(each, wire.within(None), scalars) for each in value]
    return next(scalars) if wire.depth >= 0 else value


class _Guide(Struct, frozen=True):
    """Reads a value as the types of a schema want it; ``wraps`` prefers a list of one where both are wanted."""

    root: Root
    wraps: bool

    def toward(self, value: JsonValue, schemas: list[JsonValue], wire: Wire) -> JsonValue:
        parts = list(all_that_apply(schemas, self.root))
        types = {each for part in parts for each in _types(part)}
        is_element = not _may_be(value, types, wire) or (self.wraps and not isinstance(value, list))
        # an object that is not JSON text is spread over several names
        is_spread = isinstance(value, dict) and wire.depth >= 0
        if wire.is_repeated and "array" in types and is_element and not is_spread:
            return self._list([value], parts, types, wire)
        if isinstance(value, dict):
            return self._object(value, parts, types, wire)
        if isinstance(value, list):
            return self._list(value, parts, types, wire)
        if wire.depth < 0:
            return value
        fitting = [each for each in scalar_readings(value) if _type_of(each) & types]
        if not fitting and "array" in types and wire.joint:
            return self._list(text_of(value).split(wire.joint), parts, types, wire)
        return fitting[0] if fitting else value

    def _object(
        self, value: dict[str, JsonValue], parts: list[dict[str, JsonValue]], types: set[str], wire: Wire
    ) -> JsonValue:
        if wire.is_json_text and types and "object" not in types and "string" in types:
            return write_json(value)
        return {
            name: self.toward(each, [schema for part in parts for schema in _of_member(part, name)], wire.within(name))
            for name, each in value.items()
        }

    def _list(
        self, value: list[JsonValue], parts: list[dict[str, JsonValue]], types: set[str], wire: Wire
    ) -> JsonValue:
        is_text = not any(isinstance(each, dict | list) for each in value)
        if types and "array" not in types and is_text and value and wire.depth >= 0:
            if len(value) == 1 and (wire.is_repeated or wire.joint):
                return self.toward(value[0], list(parts), wire.within(None))
            if wire.joint:
                return wire.joint.join(map(text_of, value))
        if wire.is_json_text and types and "array" not in types and "string" in types:
            return write_json(value)
        return [
            self.toward(each, [schema for part in parts for schema in _of_element(part, index)], wire.within(None))
            for index, each in enumerate(value)
        ]


def _may_be(value: JsonValue, types: set[str], wire: Wire) -> bool:
    same = (value,) if isinstance(value, dict | list) or wire.depth < 0 else scalar_readings(value)
    return any(_type_of(each) & types for each in same)


def _types(part: dict[str, JsonValue]) -> Iterator[str]:
    written = part.get("type")
    yield from (written if isinstance(written, list) else [written] if isinstance(written, str) else ())
    if written is None:
        allowed = [*as_list(part.get("enum")), *([part["const"]] if "const" in part else ())]
        yield from (name for each in allowed for name in _type_of(each))


def _type_of(value: JsonValue) -> frozenset[str]:
    return _TYPES[type(value)]


_TYPES: Final = {
    type(None): frozenset({"null"}),
    bool: frozenset({"boolean"}),
    int: frozenset({"integer", "number"}),
    float: frozenset({"number"}),
    str: frozenset({"string"}),
    list: frozenset({"array"}),
    dict: frozenset({"object"}),
}


def _of_member(part: dict[str, JsonValue], name: str) -> Iterator[JsonValue]:
    properties = as_mapping(part.get("properties"))
    if name in properties:
        yield properties[name]
    else:
        yield from as_mapping(part.get("patternProperties")).values()
        yield part.get("additionalProperties")


def _of_element(part: dict[str, JsonValue], index: int) -> Iterator[JsonValue]:
    prefix = as_list(part.get("prefixItems"))
    yield prefix[index] if index < len(prefix) else part.get("items")
