"""What a schema certainly refuses in a value of which only a part is known.

Decides by what is there: a member that is missing, a type, one of several values, a name that is not described. What an
expression decides is never refused, nor what only a name or a keyword of its own could tell. It knows neither
payloads nor parameters.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.schemas.conditionals import Circumstances, holding
from arazzo_engine.apis.schemas.discriminators import inheriting, told_apart
from arazzo_engine.apis.schemas.parts import (
    Parts,
    UnreadSchemaError,
    has_alternatives,
    is_closed,
    is_nullable,
    is_open,
    items,
    listed,
    properties,
)
from arazzo_engine.diagnostics import did_you_mean
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.spelling import near_name
from arazzo_engine.validation.literals import scalars
from arazzo_engine.validation.literals.known_parts import Open
from arazzo_engine.vocabulary import listed as named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue


# what a schema says of members that it does not name, itself or by what it shows
_SHOWING: Final = ("example", "examples")
_SAYS_MORE: Final = ("additionalProperties", "unevaluatedProperties", *_SHOWING)
# what says nothing of members
_PLAIN: Final = frozenset({"type", "title", "description", "nullable"})
# whoever reads so many knows what is wrong with the value
_MOST: Final = 50


class Complaint(Struct, frozen=True):
    """What is wrong with the part of a value at a path.

    ``is_refused`` when the schema does not hold, else it is a name that the schema does not have; ``is_certain`` when
    nobody could take it all the same. ``of_name`` when the name of the part is wrong, ``of_text`` when it is a text
    with expressions and should be none; ``slip`` is the member that was meant to be one that is missing, and ``lacks``
    that one.
    """

    path: tuple[str, ...]
    message: str
    schema_at: Place
    fix: str = ""
    is_refused: bool = True
    is_certain: bool = True
    of_name: bool = False
    of_text: bool = False
    slip: str = ""
    lacks: str = ""


class Stranger(Struct, frozen=True):
    """An object at a path of which a schema, which stands somewhere, names other members than those that it has."""

    path: tuple[str, ...]
    value: dict[str, JsonValue]
    described: tuple[str, ...]
    schema_at: Place


class _Spot(Struct, frozen=True):
    """Where in a value one is: the path, whether the part must be there, and the names that are known around it."""

    path: tuple[str, ...] = ()
    is_needed: bool = True
    names: frozenset[str] | None = None

    def below(self, token: str | int, *, is_needed: bool) -> _Spot:
        return _Spot((*self.path, str(token)), is_needed=is_needed)

    def knowing(self, names: frozenset[str]) -> _Spot:
        return _Spot(self.path, is_needed=self.is_needed, names=names | (self.names or frozenset()))


class Judging(Struct, frozen=True):
    """How a value is judged: in a form or a parameter every value stands ``as_text``.

    What is wrong with a value itself is certain only if it ``is_needed``; in a value that ``is_partial`` nothing is
    missing for certain.
    """

    parts: Parts
    as_text: bool = False
    is_needed: bool = True
    is_partial: bool = False

    def complaints(self, schema: Schema, value: JsonValue) -> tuple[Complaint, ...]:
        """Return what the schema refuses in a value."""
        found: list[Complaint] = []
        with suppress(UnreadSchemaError):
            found.extend(islice(self._judge((schema,), value, _Spot(is_needed=self.is_needed)), _MOST))
        return tuple(found)

    def complaints_at(self, pointer: Pointer, schema: Schema, value: JsonValue) -> tuple[Complaint, ...]:
        """Return what the schema refuses in one part of a value of which nothing else is known.

        Where it has alternatives on the way, what is beside the part would tell which counts.
        """
        found: list[Complaint] = []
        with suppress(UnreadSchemaError):
            asked, is_needed = self._down(schema, pointer)
            spot = _Spot(pointer, is_needed=is_needed)
            found.extend(islice((each for each in self._judge(asked, value, spot) if each.is_refused), _MOST))
        return tuple(found)

    def strangers(self, schema: Schema, value: JsonValue) -> Iterator[Stranger]:
        """Yield each object of a value of which a schema names no member, though it names others; none within one."""
        waiting: list[tuple[Pointer, tuple[Schema, ...], JsonValue]] = [((), (schema,), value)]
        while waiting:
            path, asked, part = waiting.pop()
            with suppress(UnreadSchemaError):
                whole = tuple(each for one in asked for each in self.parts.together(one))
                described = self._instead_of(part, whole) if isinstance(part, dict) and part else ()
                if described:
                    yield Stranger(path, part, described, whole[0].at)
                elif not has_alternatives(whole) and not _says(whole, _SHOWING):
                    waiting.extend(reversed([((*path, token), *below) for token, *below in _below(whole, part)]))

    def _is_free(self, alternative: Schema) -> bool:
        """Whether one of the alternatives of an object takes members that it does not name."""
        whole = tuple(self.parts.together(alternative))
        return is_open(whole) or _says(whole, _SAYS_MORE) or all(map(_is_any_object, whole))

    def _instead_of(self, value: dict[str, JsonValue], whole: tuple[Schema, ...]) -> tuple[str, ...]:
        """Return the members that schemas name, where they name none of a value's and say nothing of others."""
        names = self.parts.names(whole)
        is_free = is_open(whole) or _says(whole, _SAYS_MORE) or any(map(self._is_free, _alternatives(whole)))
        if is_free or not names.isdisjoint(value):
            return ()
        return tuple(each for each in sorted(names) if not any(map(self.parts.is_read_only, properties(whole, each))))

    def _down(self, schema: Schema, pointer: Pointer) -> tuple[tuple[Schema, ...], bool]:
        """Return the schemas of a part, none where they depend on others, and whether it must be there."""
        asked: tuple[Schema, ...] = (schema,)
        is_needed = self.is_needed
        for token in pointer:
            whole = tuple(part for each in asked for part in self.parts.together(each))
            if has_alternatives(whole):
                return (), False
            named = tuple(properties(whole, token))
            asked = named or (tuple(items(whole, int(token))) if token.isdecimal() else ())
            is_needed = token in self.parts.required(whole) or is_closed(whole)
        return asked, is_needed

    def _judge(self, schemas: Iterable[Schema], value: JsonValue, spot: _Spot) -> Iterator[Complaint]:
        asked = tuple(schemas)
        # what no schema is about is not looked through
        if value is Open.ANY or not asked:
            return
        try:
            whole = tuple(part for schema in asked for part in self.parts.together(schema))
            # of those that are listed, the one that is named is found among them
            whole = whole if has_alternatives(whole) else (*whole, *inheriting(whole, value, self.parts))
            names = self.parts.names(whole)
        except UnreadSchemaError:
            return
        # in a form or a parameter, null is the empty text
        takes_null = is_nullable(whole) or (self.as_text and scalars.takes_empty(whole))
        if value is None and takes_null:
            return
        refused = tuple(self._scalar(whole, value, spot))
        yield from refused
        if not refused and isinstance(value, dict):
            yield from self._object(whole, value, spot.knowing(names))
        elif not refused and isinstance(value, list):
            for index, element in enumerate(value):
                yield from self._judge(items(whole, index), element, spot.below(index, is_needed=spot.is_needed))
        elif not refused and self.as_text and _is_list(whole):
            yield from self._list_in_text(tuple(items(whole, 0)), value, spot)
        for keyword, schemas_of_it in self.parts.alternatives(whole):
            named = told_apart(whole, schemas_of_it, value, self.parts)
            tried = schemas_of_it if named is None else (named,)
            yield from self._alternatives(keyword, tried, value, spot.knowing(names))
        known = Circumstances(
            lambda schema: any(each.is_refused for each in self._judge((schema,), value, spot)),
            lambda part: not isinstance(part, Open),
        )
        for each in holding(whole, value, known):
            yield from self._judge((each,), value, spot.knowing(names))

    def _scalar(self, whole: tuple[Schema, ...], value: JsonValue, spot: _Spot) -> Iterator[Complaint]:
        for part in whole:
            if part.value is False:
                yield Complaint(spot.path, "is not allowed", part.at, "remove it", is_certain=spot.is_needed)
            for found in scalars.refusals(as_mapping(part.value), value, as_text=self.as_text):
                at = part.at.child(found.keyword)
                is_text = value is Open.TEXT
                certain = (spot.is_needed or found.is_listed) and found.is_certain and not is_text
                # a suggestion is a question
                otherwise = ", or leave it out" if not spot.is_needed and found.fix[-1:] not in {"", "?"} else ""
                fix = f"{found.fix}{otherwise}"
                yield Complaint(spot.path, found.message, at, fix, is_certain=certain, of_text=is_text)

    def _list_in_text(self, schemas: tuple[Schema, ...], value: JsonValue, spot: _Spot) -> Iterator[Complaint]:
        """Yield what is wrong with the only element of a list, or with one text in which all of them stand."""
        found = tuple(self._judge(schemas, value, spot))
        texts = scalars.elements_in(value) if isinstance(value, str) and found else ()
        if texts in ((), (value,)):
            yield from found
            return
        of_texts = [each for text in texts for each in self._judge(schemas, text, spot)]
        yield from dict.fromkeys(of_texts)
        if not of_texts:
            message, fix = "is one text, where a list is described", "write each of its values as an element of a list"
            yield Complaint(spot.path, message, schemas[0].at, fix, is_certain=False)

    def _object(self, whole: tuple[Schema, ...], value: dict[str, JsonValue], spot: _Spot) -> Iterator[Complaint]:
        names = spot.names or frozenset()
        required = self.parts.required(whole)
        unknown = [name for name in value if name not in names]
        missing = [name for name in required if name not in value]
        for name in missing:
            slip = near_name(name, unknown)
            others = {each: value[each] for each in unknown}
            fix = f"rename `{slip}` to `{name}`" if slip else self._place_of(name, whole, others)
            # of a schema that may have more than it says, a server often asks for less; a slip is none the less one
            at, certain = required[name].child("required"), not self.is_partial and (is_closed(whole) or bool(slip))
            yield Complaint(spot.path, f"lacks `{name}`", at, fix, is_certain=certain, slip=slip or "", lacks=name)
        yield from self._unknown(whole, value, spot, [each for each in unknown if near_name(each, missing) is None])
        for name, member in value.items():
            needed = name in required or is_closed(whole)
            yield from self._judge(properties(whole, name), member, spot.below(name, is_needed=needed))

    def _place_of(self, name: str, whole: tuple[Schema, ...], unknown: dict[str, JsonValue]) -> str:
        """Return where a member that is missing seems to stand: within another one, or as what should be within it."""
        around = [each for each, member in unknown.items() if name in as_mapping(member)]
        if len(around) == 1:
            return f"move `{name}` out of `{around[0]}`"
        try:
            parts = [part for each in properties(whole, name) for part in self.parts.together(each)]
            is_within = unknown and unknown.keys() <= self.parts.names(tuple(parts))
        except UnreadSchemaError:
            is_within = False
        return f"put {named(unknown)} under `{name}`" if is_within else f"add `{name}`"

    def _unknown(
        self, whole: tuple[Schema, ...], value: dict[str, JsonValue], spot: _Spot, unknown: list[str]
    ) -> Iterator[Complaint]:
        names = spot.names or frozenset()
        missing = [name for name in names if name not in value]
        for name in unknown if whole else ():
            slip = near_name(name, sorted(missing))
            path = (*spot.path, name)
            if is_closed(whole):
                fix = did_you_mean(slip or name, missing) or "remove it"
                yield Complaint(path, "is not allowed", whole[0].at, fix, of_name=True)
            elif slip and not is_open(whole):
                fix = f"did you mean `{slip}`?"
                yield Complaint(
                    path, "is not described", whole[0].at, fix, is_refused=False, is_certain=False, of_name=True
                )

    def _alternatives(
        self, keyword: str, schemas: tuple[Schema, ...], value: JsonValue, spot: _Spot
    ) -> Iterator[Complaint]:
        tried = [tuple(self._judge((schema,), value, spot)) for schema in schemas]
        tried.sort(key=lambda found: (any(each.is_refused for each in found), len(found)))
        best = tried[0]
        if not any(each.is_refused for each in best) or len(schemas) == 1:
            yield from best
            return
        first = next(each for each in best if each.is_refused)
        certain = all(any(each.is_certain for each in found) for found in tried)
        message = f"{first.message}, by the nearest of the {len(schemas)} schemas of its `{keyword}`"
        yield replace(first, message=message, is_certain=certain, of_text=False, slip="")


def _alternatives(whole: tuple[Schema, ...]) -> Iterator[Schema]:
    for keyword in ("anyOf", "oneOf"):
        yield from (each for part in whole for each in listed(part, keyword))


def _is_any_object(schema: Schema) -> bool:
    """Whether a schema says of an object no more than that it is one."""
    said = as_mapping(schema.value)
    return said.keys() <= _PLAIN and "object" in (as_list(said.get("type")) or [said.get("type", "object")])


def _says(whole: tuple[Schema, ...], keywords: tuple[str, ...]) -> bool:
    return any(each in as_mapping(part.value) for part in whole for each in keywords)


def _below(whole: tuple[Schema, ...], value: JsonValue) -> Iterator[tuple[str, tuple[Schema, ...], JsonValue]]:
    """Yield each part of a value with its token and its schemas, if it has any."""
    if isinstance(value, dict):
        parts = [(name, tuple(properties(whole, name)), each) for name, each in value.items()]
    else:
        parts = [(str(index), tuple(items(whole, index)), each) for index, each in enumerate(as_list(value))]
    yield from (each for each in parts if each[1])


def _is_list(whole: tuple[Schema, ...]) -> bool:
    return {"array"} == {str(part.value["type"]) for part in whole if "type" in as_mapping(part.value)}
