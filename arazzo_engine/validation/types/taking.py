"""Whether a place takes what an expression yields: by type, by the values that are listed, and part by part.

Decides what no value of the expression could change. What stands in a URL, a header or a form is read as text: a text
may hold a number or be the JSON of an object, and a value may be the only element of a list. Which values there are and
where they go is for others to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.schemas.alternatives import all_types, all_values, types_of, words_of_types
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.conditions.judgements import write_literal
from arazzo_engine.language.expressions.strings import text_of
from arazzo_engine.language.messages.payloads import parse_json
from arazzo_engine.validation.inputs.complaints import GIVE_FILE
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.apis.schemas.alternatives import Alternatives, Known
    from arazzo_engine.documents.values import JsonValue

_CONTAINERS: Final = frozenset({"array", "object"})
_LIST: Final = frozenset({"array"})
_OBJECT: Final = frozenset({"object"})
# where another form of a value may be understood all the same: the text of an object, an object as its text
_LENIENT: Final = frozenset({"object", "string"})
# ... but a parameter is no place for the text of an object: its members are written, by name or without
_LENIENT_OF_PARAMETERS: Final = frozenset({"object"})
_MOST_LISTED: Final = 12
_DEEPEST: Final = 4


class Goal(Struct, frozen=True):
    """Where a value goes: what it is called, what it can take, and whether whatever is refused there is certain.

    ``fix`` says what to do about one that is refused, where that is known, ``name`` is its own name alone, where it has
    one, and ``location`` where a parameter stands. ``in_json`` is one within JSON as text, outside its quotes.
    ``schema`` is its own where that is one, else ``within`` is what is known of that of which it is a part.
    """

    what: str
    known: Known
    is_needed: bool
    as_text: bool = False
    fix: str = ""
    location: str = ""
    name: str = ""
    in_json: bool = False
    schema: Schema | None = None
    within: Known = ()

    @property
    def is_parameter(self) -> bool:
        """Whether it is a parameter as a whole."""
        return bool(self.location)

    def below(self, token: str, schemas: Alternatives, *, is_needed: bool) -> Goal:
        """Return a part of the place."""
        known = follow(self.known, (token,), schemas).known
        needed = is_needed and self.is_needed
        return Goal(
            f"`{token}` of {self.what}", known, is_needed=needed, as_text=self.as_text, name=token, within=self.known
        )


class Refusal(Struct, frozen=True):
    """Why a value is refused and what to give instead; ``is_certain`` when nobody takes it all the same."""

    why: str
    fix: str
    is_certain: bool


def refusal(given: Known, goal: Goal, schemas: Alternatives, depth: int = 0) -> Refusal | None:
    """Return why a value is refused, ``None`` when it may be taken."""
    if not given or not goal.known or depth > _DEEPEST:
        return None
    types, taken = all_types(given) - {"null"}, all_types(goal.known)
    # a text becomes a part of the JSON that it is put into, as whatever value it writes
    if not types or (goal.in_json and "string" in types):
        return None
    values, taken_values = all_values(given), all_values(goal.known)
    if not (_is_readable if goal.as_text else _is_common)(types, taken, values):
        lenient = _LENIENT_OF_PARAMETERS if goal.is_parameter else _LENIENT
        may_be_one = "array" in types and not (goal.is_parameter and _has_structures(given, schemas))
        is_certain = goal.is_needed and not (goal.as_text and (may_be_one or taken & lenient))
        return Refusal(f"is {words_of_types(types)}", _fix(goal), is_certain)
    if values is not None and taken_values is not None and not _any_common(values, taken_values, goal):
        why = f"is one of {_shown(values)}" if len(values) > 1 else f"is {_shown(values)}"
        return Refusal(why, _fix(goal), goal.is_needed)
    return _of_parts(given, goal, schemas, depth + 1)


def _has_structures(given: Known, schemas: Alternatives) -> bool:
    """Whether a list has objects or lists alone as its elements, of which none is a text in a URL."""
    types = all_types(follow(given, ("0",), schemas).known) - {"null"}
    return bool(types) and types <= _CONTAINERS


def _of_parts(given: Known, goal: Goal, schemas: Alternatives, depth: int) -> Refusal | None:
    """Return why a part of a value is refused. A list may be empty, and a member is seldom all that is read."""
    types, taken = all_types(given) - {"null"}, all_types(goal.known) - {"null"}
    if goal.as_text and taken == _LIST and types.isdisjoint(_CONTAINERS):
        found = refusal(given, goal.below("0", schemas, is_needed=True), schemas, depth)
        return found and Refusal(found.why, f"{found.fix} as each element", is_certain=False)
    for token, has, gives in _parts(types, taken, goal):
        part = follow(given, (token,), schemas).known
        found = refusal(part, goal.below(token, schemas, is_needed=False), schemas, depth)
        if found is not None:
            return Refusal(f"has {has} {found.why}", f"{found.fix} as {gives}", is_certain=False)
    return None


def _parts(types: frozenset[str], taken: frozenset[str], goal: Goal) -> Iterator[tuple[str, str, str]]:
    """Yield the token of each part that is looked at, and what it is called in what is told and in its fix."""
    if types == taken == _LIST:
        yield "0", "elements of which each", "each element"
    if types == taken == _OBJECT:
        for name in sorted(frozenset.intersection(*(each.required for each in goal.known))):
            yield name, f"a member `{name}` that", f"`{name}`"


def may_be_null(given: Known, goal: Goal) -> bool:
    """Whether a value may be null where one is required; of one that is always null nothing is told."""
    if not given or not goal.known or not goal.is_needed:
        return False
    types = all_types(given)
    return "null" in types and types != {"null"} and "null" not in all_types(goal.known)


def share_a_value(one: Goal, other: Goal) -> bool:
    """Whether there may be a value that both of two places take, by those that they list."""
    values, others = all_values(one.known), all_values(other.known)
    if values is None or others is None:
        return True
    return _any_common(values, others, other if other.as_text else one)


def listed_values(known: Known) -> str:
    """Return the values that a place lists, as a sentence has them."""
    values = all_values(known) or ()
    return f"one of {_shown(values)}" if len(values) > 1 else _shown(values)


def _is_common(types: frozenset[str], taken: frozenset[str], _values: tuple[JsonValue, ...] | None) -> bool:
    return not types.isdisjoint(taken)


def _is_readable(types: frozenset[str], taken: frozenset[str], values: tuple[JsonValue, ...] | None) -> bool:
    """Whether a value that is written as text can be read as what is taken."""
    plain = types - _CONTAINERS
    if not types.isdisjoint(taken) or (plain and not taken.isdisjoint({"array", "string"})):
        return True
    if plain == {"string"}:
        # a text may be that of a number
        return values is None or any(_reads_as(text_of(value), taken) for value in values)
    return False


def _reads_as(text: str, taken: frozenset[str]) -> bool:
    try:
        value = parse_json(text)
    except MalformedText:
        return False
    return not taken.isdisjoint(types_of(value))


def _any_common(values: tuple[JsonValue, ...], taken: tuple[JsonValue, ...], goal: Goal) -> bool:
    if goal.as_text:
        return not {text_of(each) for each in values}.isdisjoint(text_of(each) for each in taken)
    return any(value in taken for value in values)


def _shown(values: tuple[JsonValue, ...]) -> str:
    return listed([write_literal(each) for each in values[:_MOST_LISTED] if not isinstance(each, dict | list)])


def _is_file(schema: Schema) -> bool:
    said = as_mapping(schema.value)
    return said.get("format") == "binary" or said.get("type") == "file"


def _fix(goal: Goal) -> str:
    if goal.fix:
        return goal.fix
    if all(_is_file(part) for each in goal.known for part in each.parts):
        return GIVE_FILE
    values = all_values(goal.known)
    taken = f"one of {_shown(values)}" if values else words_of_types(all_types(goal.known))
    return f"give {taken}"
