"""Where in a value a path leads that has any member or element in it, or anything within.

Decides it by what is there already. What is put there, and why, is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.pointers import resolve_pointer
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.queries.jsonpath.forms import FromEnd
from arazzo_engine.simulation.queries.jsonpath import Deep, Spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue, Value

_MOST_PLACES: Final = 10_000


def value_at(value: Value, path: Pointer) -> Value:
    """Return what stands at a path."""
    return ABSENT if value is ABSENT else resolve_pointer(value, path)


def settled(value: Value, path: Pointer) -> Pointer:
    """Return a path with the name of a member in the place of any one: of one in which the path can go on."""
    found: list[str] = []
    for index, token in enumerate(path):
        following = path[index + 1 : index + 2]
        for name in _names(value, token, following):
            found.append(name)
            value = value_at(value, (name,))
    return tuple(found)


def _names(value: Value, token: str, following: Pointer) -> Pointer:
    """Return the names that a part of a path stands for."""
    match token:
        case Deep():
            return next(_places_of(value, following), ())
        case FromEnd(back=back) if isinstance(value, list):
            return (str(max(0, len(value) - back)),)
        case Spread() if isinstance(value, dict):
            return (next((each for each, member in value.items() if _can_go_on(member, following)), token),)
        case _:
            return (token,)


def _places_of(whole: Value, following: Pointer) -> Iterator[Pointer]:
    """Yield the places within a value, and its own, where there is what follows, the nearest first."""
    waiting: list[tuple[Value, Pointer]] = [(whole, ())]
    for value, path in waiting:
        if len(waiting) > _MOST_PLACES:
            return
        is_any = not following or isinstance(following[0], Spread)
        if isinstance(value, list) if is_any else value_at(value, following) is not ABSENT:
            yield path
        members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        waiting.extend((member, (*path, str(name))) for name, member in members)


def _can_go_on(value: JsonValue, following: Pointer) -> bool:
    if not following:
        return True
    return isinstance(value, list) if following[0].isdecimal() else isinstance(value, dict)
