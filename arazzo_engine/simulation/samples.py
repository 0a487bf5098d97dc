"""Made-up values that fit a schema: for answers in a rehearsal, and for inputs that nobody gave.

Decides the same value every time. What a description gives as an example comes first; what is left is made as small
as the schema allows.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, TypeGuard

from msgspec import Struct

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.values import ABSENT, as_list, as_mapping
from arazzo_engine.language.conditions.comparison import equals, is_number
from arazzo_engine.secret_names import is_secret_member
from arazzo_engine.simulation.examples import fitting
from arazzo_engine.simulation.pattern_samples import has_pattern, sample_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.documents.values import JsonValue, Value

_DEEPEST: Final = 12
_MOST_SCHEMAS: Final = 10_000
ALTERNATIVES: Final = ("oneOf", "anyOf")
# by these, a schema says itself what tells its values from others
_SETTLED: Final = frozenset({"const", "enum", "$ref", "example", "examples", "default"})
_LARGEST: Final = 1e300
# a longer text would help nobody
_LONGEST: Final = 10_000
# what schemas that hold together say of one place, they say together
_OF_PARTS: Final = frozenset({"items", "additionalProperties"})
# a dynamic reference leads to where it would if nothing extended the schema
_REFERENCES: Final = frozenset({"$ref", "$dynamicRef"})
_TEXT: Final = "sample"
_UUID: Final = "00000000-0000-4000-8000-000000000000"
_OTHER_UUID: Final = "5ec4e700-0000-4000-8000-000000000000"
# "sample", in base64
BYTES: Final = "c2FtcGxl"
_FORMATS: Final[dict[str, str]] = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "datetime": "2026-01-31T12:00:00Z",
    "date-time-rfc1123": "Sat, 31 Jan 2026 12:00:00 GMT",
    "date-time-rfc7231": "Sat, 31 Jan 2026 12:00:00 GMT",
    "http-date": "Sat, 31 Jan 2026 12:00:00 GMT",
    "time": "12:00:00Z",
    "duration": "P1D",
    "email": "person@example.com",
    "idn-email": "person@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/sample",
    "url": "https://example.com/sample",
    "iri": "https://example.com/sample",
    "uri-reference": "/sample",
    "iri-reference": "/sample",
    "uuid": _UUID,
    "guid": _UUID,
    "byte": BYTES,
    "binary": BYTES,
    "json-pointer": "/sample",
    "regex": ".*",
}


def sample(schema: Schema, resolver: Resolver) -> JsonValue:
    """Return a value that fits the schema, as far as one can be made without guessing at patterns."""
    return Sampler(resolver).sample(schema)


class Sampler(Struct):
    """Makes one value; ``left`` counts down the schemas that are looked at, as each may stand in many places."""

    resolver: Resolver
    left: int = _MOST_SCHEMAS

    def sample(self, schema: Schema, depth: int = 0) -> JsonValue:
        """Return a value that fits; ``depth`` counts the objects and arrays around it."""
        schema = self.whole(schema, depth)
        value = schema.value
        if not isinstance(value, dict) or depth > _DEEPEST or self.left < 0:
            return None
        given = self._given(schema)
        if given is not ABSENT:
            return given
        if as_list(value.get("enum")):
            return value["enum"][0]
        for alternative in () if "properties" in value else self.alternatives(schema, depth):
            return self.sample(alternative, depth + 1)
        return _MAKERS[_type_of(value)](self, schema, depth)

    def _given(self, schema: Schema) -> Value:
        """Return what a schema says itself: an example, the only value, or a default; ``ABSENT`` where it says none."""
        example = fitting(_examples(schema.value), schema, self.resolver)
        if example is not ABSENT:
            return example
        if "const" in schema.value:
            return schema.value["const"]
        return fitting(_defaults(schema.value), schema, self.resolver)

    def alternatives(self, schema: Schema, depth: int = 0) -> Iterator[Schema]:
        """Yield each alternative of a whole schema; of one that is told apart by a member, with that."""
        for keyword in ALTERNATIVES:
            for index, each in enumerate(as_list(schema.value.get(keyword))):
                alternative = self.whole(Schema(schema.at.child(keyword, index), each), depth + 1)
                yield _told_apart(alternative, schema.value.get("discriminator"), each)

    def make_object(self, schema: Schema, depth: int) -> JsonValue:
        """Return an object with every property; deep down with the required ones."""
        properties = as_mapping(schema.value.get("properties"))
        # what refers to itself ends where it may: at a property that is not required
        required = (name for name in as_list(schema.value.get("required")) if isinstance(name, str))
        names = properties if depth < _DEEPEST // 2 else [name for name in required if name in properties]
        made: dict[str, JsonValue] = {}
        for name in names:
            if self.left < 0:
                break
            # a property that no value fits is left out
            if properties[name] is not False:
                made[name] = self._member(
                    name, Schema(schema.at.child("properties", name), properties[name]), depth + 1
                )
        return made

    def _member(self, name: str, schema: Schema, depth: int) -> JsonValue:
        made = self.sample(schema, depth)
        is_hidden = is_secret_member(name) or as_mapping(schema.value).get("format") == "password"
        is_secret = is_hidden and made in (_TEXT, _UUID)
        return self.as_secret(made, name, schema) if is_secret else made

    def as_secret(self, value: JsonValue, name: str, schema: Schema | None) -> JsonValue:
        """Return a value whose made-up texts are its own, so that hiding them hides nothing else, where that fits."""
        made = _named(value, name)
        return value if made == value or fitting([made], schema, self.resolver) is ABSENT else made

    def make_array(self, schema: Schema, depth: int) -> JsonValue:
        """Return an array of one element, or as many as there must be, and as are described one by one."""
        least = schema.value.get("minItems", 0)
        described = [Schema(schema.at.child("prefixItems", at), each) for at, each in enumerate(_first_ones(schema))]
        items = Schema(schema.at.child("items"), schema.value.get("items", True))
        usual = max(1, len(described)) if depth < _DEEPEST // 2 else 0
        count = min(max(usual, least if isinstance(least, int) else 0), 100)
        made = [self.sample(each, depth + 1) for each in (*described, *[items] * (count - len(described)))[:count]]
        return self._told_apart(made, items) if schema.value.get("uniqueItems") is True else made

    def _told_apart(self, elements: list[JsonValue], items: Schema) -> list[JsonValue]:
        """Return elements of which no two are the same, as far as their schema takes others."""
        found: list[JsonValue] = []
        for index, each in enumerate(elements):
            others = (each, *as_list(as_mapping(self.whole(items).value).get("enum")), *_beside(each, index))
            free = (other for other in others if not any(equals(other, known) for known in found))
            made = fitting(free, items, self.resolver)
            found.append(each if made is ABSENT else made)
        return found

    def whole(self, schema: Schema, depth: int = 0) -> Schema:
        """Follow references, and join what ``allOf`` lists into one schema."""
        self.left -= 1
        if self.left < 0:
            return schema
        if isinstance(schema.value, dict) and not _REFERENCES.isdisjoint(schema.value):
            schema = self._resolve(schema, depth)
        parts = schema.value.get("allOf") if isinstance(schema.value, dict) else None
        if not isinstance(parts, list) or depth > _DEEPEST:
            return schema
        beside = {name: each for name, each in schema.value.items() if name != "allOf"}
        wholes = (
            self.whole(Schema(schema.at.child("allOf", index), part), depth + 1).value
            for index, part in enumerate(parts)
        )
        return Schema(schema.at, _joined((beside, *wholes)))

    def _resolve(self, schema: Schema, depth: int) -> Schema:
        """Follow a reference; what stands beside it goes before what it leads to."""
        beside = {name: each for name, each in schema.value.items() if name not in _REFERENCES}
        reference = next(each for name, each in schema.value.items() if name in _REFERENCES)
        if not isinstance(reference, str) or depth > _DEEPEST:
            return Schema(schema.at, beside)
        try:
            place = self.resolver.target(reference, schema.at)
            value = value_at(place)
        except ArazzoError:
            # a rehearsal makes up what it can; whether a reference leads somewhere is not for it to say
            return Schema(schema.at, beside)
        found = self.whole(Schema(place, value), depth + 1)
        return Schema(found.at, _joined((beside, found.value))) if beside else found


def _told_apart(alternative: Schema, discriminator: JsonValue, written: JsonValue) -> Schema:
    """Return an alternative whose member that tells it from others has its name, unless its own schema says which."""
    member, reference = as_mapping(discriminator).get("propertyName"), as_mapping(written).get("$ref")
    properties = as_mapping(as_mapping(alternative.value).get("properties"))
    if not isinstance(member, str) or not isinstance(reference, str) or not isinstance(properties.get(member), dict):
        return alternative
    # OpenAPI 3.0.3, Discriminator Object: "the value will correspond to the name of a schema defined in the OAS
    # document", where the mapping has no other for it
    implicit = reference.rpartition("/")[2]
    mapping = as_mapping(as_mapping(discriminator).get("mapping"))
    name = next((each for each, target in mapping.items() if target in {reference, implicit}), implicit)
    telling = as_mapping(properties[member])
    if not _SETTLED.isdisjoint(telling):
        return alternative
    told = {**properties, member: {**telling, "const": name}}
    return Schema(alternative.at, {**as_mapping(alternative.value), "properties": told})


def _named(value: JsonValue, name: str) -> JsonValue:
    match value:
        case dict():
            return {each: _named(member, each) for each, member in value.items()}
        case list():
            return [_named(element, name) for element in value]
        case str() if value == _UUID:
            return _OTHER_UUID
        case _:
            return secret_text(name) if value == _TEXT else value


def secret_text(name: str) -> str:
    """Return the text that is made up for a secret."""
    return f"secret-{name}"


def _first_ones(schema: Schema) -> list[JsonValue]:
    """Return what a schema says of the first elements, one by one."""
    return as_list(schema.value.get("prefixItems"))


def _beside(value: JsonValue, number: int) -> tuple[JsonValue, ...]:
    """Return what is like a value, and another one."""
    if isinstance(value, str):
        return (f"{value}-{number}",)
    return (value + number,) if is_number(value) else (not value,) if isinstance(value, bool) else ()


def _defaults(schema: Mapping[str, JsonValue]) -> Iterator[JsonValue]:
    """Yield the default; an empty text is what a generator writes where nobody gave one."""
    if schema.get("default", "") != "":
        yield schema["default"]


def _examples(schema: Mapping[str, JsonValue]) -> Iterator[JsonValue]:
    if "example" in schema:
        yield schema["example"]
    yield from as_list(schema.get("examples"))


def _joined(parts: Iterable[JsonValue]) -> JsonValue:
    """Return schemas as one; what the first of them says goes before what the others say."""
    joined: dict[str, JsonValue] = {}
    properties: dict[str, JsonValue] = {}
    required: dict[str, None] = {}
    for part in filter(None, map(as_mapping, parts)):
        for name, each in part.items():
            joined[name] = _both(joined[name], each) if name in joined and name in _OF_PARTS else joined.get(name, each)
        for name, each in as_mapping(part.get("properties")).items():
            properties[name] = _both(properties[name], each) if name in properties else each
        required.update(dict.fromkeys(each for each in as_list(part.get("required")) if isinstance(each, str)))
    if properties:
        joined["properties"] = properties
    if required:
        joined["required"] = [*required]
    return joined


def _both(first: JsonValue, other: JsonValue) -> JsonValue:
    """Return what two schemas say of one place."""
    if first is True or first == {}:
        return other
    is_said = isinstance(first, dict) and isinstance(other, dict) and other and first != other
    return {"allOf": [first, other]} if is_said else first


def _type_of(schema: dict[str, JsonValue]) -> str:
    type_ = schema.get("type")
    if isinstance(type_, list):
        type_ = next((each for each in type_ if each != "null"), "null")
    if isinstance(type_, str) and type_ in _MAKERS:
        return type_
    if "properties" in schema:
        return "object"
    return "array" if "items" in schema else "any"


def _make_string(sampler: Sampler, schema: Schema, _depth: int) -> JsonValue:
    is_encoded = "contentEncoding" in schema.value or "contentMediaType" in schema.value
    named = _FORMATS.get(str(schema.value.get("format")), _FORMATS["byte"] if is_encoded else None)
    text = _with_pattern(schema.value.get("pattern"), named)
    least, most = schema.value.get("minLength", 0), schema.value.get("maxLength")
    if isinstance(least, int) and len(text) < least <= _LONGEST:
        text = _long(text, schema, sampler.resolver)
    return text[:most] if isinstance(most, int) and len(text) > most >= 0 else text


def _with_pattern(pattern: JsonValue, named: str | None) -> str:
    """Return a text of a format that has the pattern too, else one that the pattern makes, as far as it is simple."""
    usual = named or _TEXT
    if not isinstance(pattern, str) or (named is not None and has_pattern(pattern, named)):
        return usual
    made = sample_of(pattern)
    # one that is found in nothing at all may be found in what says more
    return usual if made is None or (not made and has_pattern(pattern, usual)) else made


def _long(text: str, schema: Schema, resolver: Resolver) -> str:
    """Return a text that is long enough: where only some characters may follow, with those that it has."""
    least = schema.value["minLength"]
    padded = [text.ljust(least, "x"), text.ljust(least, text[-1:] or "0"), text.rjust(least, text[:1] or "0")]
    found = fitting(padded, schema, resolver)
    return found if isinstance(found, str) else padded[0]


def _make_number(_sampler: Sampler, schema: Schema, _depth: int) -> JsonValue:
    """Return 1, or the number near a bound that fits; of several bounds that none fits, one."""
    value = schema.value
    bounds = [
        each
        for each in map(value.get, ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"))
        if _is_bound(each)
    ]
    step = value.get("multipleOf")
    steps = (step, *(math.ceil(each / step) * step for each in bounds)) if _is_bound(step) and step > 0 else ()
    near = (number for each in bounds for number in (each, math.ceil(each), each + 1, each - 1))
    candidates = [1, *steps, *near, sum(bounds) / 2]
    return next((each for each in candidates if _fits(each, value)), [*bounds, 1][0])


def _fits(number: float, schema: Mapping[str, JsonValue]) -> bool:
    """Whether a number is within the bounds of a schema; those of OpenAPI 3.0 are exclusive by a word beside them."""
    least, most, step = (schema.get(name) for name in ("minimum", "maximum", "multipleOf"))
    above, below = (schema.get(name) for name in ("exclusiveMinimum", "exclusiveMaximum"))
    return not (
        (_is_bound(least) and (number < least or (above is True and number == least)))
        or (_is_bound(most) and (number > most or (below is True and number == most)))
        or (_is_bound(above) and number <= above)
        or (_is_bound(below) and number >= below)
        or (_is_bound(step) and step > 0 and math.remainder(number, step) != 0)
        or (schema.get("type") == "integer" and number != int(number))
    )


def _is_bound(value: JsonValue) -> TypeGuard[float]:
    # a description may write any number of digits
    return is_number(value) and abs(value) < _LARGEST


_MAKERS: Final[dict[str, Callable[[Sampler, Schema, int], JsonValue]]] = {
    "object": Sampler.make_object,
    "array": Sampler.make_array,
    "string": _make_string,
    "integer": _make_number,
    "number": _make_number,
    "boolean": lambda _sampler, _schema, _depth: True,
    "null": lambda _sampler, _schema, _depth: None,
    "any": lambda _sampler, _schema, _depth: {},
}
