"""Schemas that no value fits by all that holds with them: what they refer to, their alternatives, what must be in them.

Decides only what is certain. What leads where nobody follows, or is too much to look at, may be fit by some value; so
may what null fits, and listed values of another type, which are often those of a text that is written without quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field

from arazzo_engine.apis.schemas.alternatives import Alternative
from arazzo_engine.apis.schemas.impossible import as_number, why_nothing_fits
from arazzo_engine.apis.schemas.parts import UnreadSchemaError, is_nullable, items, properties
from arazzo_engine.documents.values import as_list, as_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.apis.schemas.parts import Parts
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue

_Key: TypeAlias = tuple["Place", ...]

_DEEPEST: Final = 24
_MOST: Final = 10_000
_WITHOUT_END: Final = "it would have to hold itself without end"
# of several bounds on the same side, the one that counts
_TIGHTEST: Final = {
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
}


class Emptiness(Struct):
    """Tells why no value fits schemas that hold together, each once; ``left`` counts down those that are looked at."""

    parts: Parts
    found: dict[_Key, str] = field(default_factory=dict)
    left: int = _MOST

    def why(self, schemas: Iterable[Schema]) -> str:
        """Return why no value fits, empty where one may."""
        try:
            return self._why(tuple(schemas), ())
        except UnreadSchemaError:
            return ""

    def _why(self, schemas: tuple[Schema, ...], around: tuple[_Key, ...]) -> str:
        whole = tuple(part for each in schemas for part in self.parts.together(each))
        key = _key(whole)
        if key in self.found:
            return self.found[key]
        if key in around:
            return _WITHOUT_END
        self.left -= 1
        if self.left < 0 or len(around) > _DEEPEST:
            raise UnreadSchemaError
        reasons = () if is_nullable(whole) else self._reasons(whole, (*around, key))
        why = next((each for each in reasons if each), "")
        # what was found around it was not yet known to be fit by some value
        if not why or not around:
            self.found[key] = why
        return why

    def _reasons(self, whole: tuple[Schema, ...], around: tuple[_Key, ...]) -> Iterator[str]:
        for part in whole:
            yield "its schema is `false`" if part.value is False else why_nothing_fits(as_mapping(part.value))[1]
            yield _closed_to_its_own(part)
        yield why_nothing_fits(_merged(whole))[1]
        yield self._within_what_it_is(whole, around)
        for keyword, listed in self.parts.alternatives(whole):
            reasons = [self._why((each,), around) for each in listed]
            yield f"each of its `{keyword}`, of which the first: {reasons[0]}" if all(reasons) else ""

    def _within_what_it_is(self, whole: tuple[Schema, ...], around: tuple[_Key, ...]) -> str:
        """Return why a member that must be there, or the first element of a list that has one, is fit by no value."""
        alternative = Alternative(whole)
        containers = alternative.containers if alternative.types else frozenset()
        if containers == {"object"}:
            members = ((name, tuple(properties(whole, name))) for name in self.parts.required(whole))
            found = ((name, self._why(schemas, around)) for name, schemas in members if schemas)
            return next((f"its member `{name}`: {why}" for name, why in found if why), "")
        first = tuple(items(whole, 0)) if containers == {"array"} and _has_an_element(whole) else ()
        why = self._why(first, around) if first else ""
        return f"its elements: {why}" if why else ""


def _key(whole: tuple[Schema, ...]) -> _Key:
    # what is nothing but a reference is what it leads to
    return tuple(each.at for each in whole if as_mapping(each.value).keys() != {"$ref"})


def _has_an_element(whole: tuple[Schema, ...]) -> bool:
    counts = [as_mapping(part.value).get("minItems") for part in whole]
    return any(isinstance(each, int) and each > 0 for each in counts)


def _closed_to_its_own(part: Schema) -> str:
    """Return which member a schema requires and does not allow, where it can be nothing but an object."""
    schema = as_mapping(part.value)
    if schema.get("type") != "object" or schema.get("additionalProperties") is not False:
        return ""
    if "patternProperties" in schema:
        return ""
    named = as_mapping(schema.get("properties"))
    missing = [name for name in as_list(schema.get("required")) if isinstance(name, str) and name not in named]
    return f"its member `{missing[0]}` must be there, and is not allowed" if missing else ""


def _merged(whole: tuple[Schema, ...]) -> dict[str, JsonValue]:
    """Return the types and the tightest bounds of schemas that hold together, as one schema."""
    values = [as_mapping(part.value) for part in whole]
    merged: dict[str, JsonValue] = {"allOf": [{"type": each["type"]} for each in values if "type" in each]}
    for keyword, tightest in _TIGHTEST.items():
        bounds = [each for value in values if (each := as_number(value.get(keyword))) is not None]
        merged |= {keyword: tightest(bounds)} if bounds else {}
    types = {each["type"] for each in values if isinstance(each.get("type"), str)}
    return {**merged, "type": types.pop()} if len(types) == 1 else merged
