"""What has to be written so that one value becomes another: as little as there is.

Decides which members and elements are the same, which are written anew, which come and which go. Of a mapping, a
member that goes and one that comes are one that is renamed, so that it keeps its place. A mapping that becomes a list
of its members, or of itself, keeps what stands in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue


class Written(Struct, frozen=True):
    """The value at a place is another one."""

    pointer: Pointer
    value: JsonValue


class Renamed(Struct, frozen=True):
    """The member at a place has another name."""

    pointer: Pointer
    name: str


class Added(Struct, frozen=True):
    """A mapping or sequence has one more member, behind those of its members, before all if there is none of them."""

    pointer: Pointer
    value: JsonValue
    behind: tuple[str, ...]


class Removed(Struct, frozen=True):
    """Members or elements of one mapping or sequence are gone."""

    pointer: Pointer
    tokens: tuple[str, ...]


class Listed(Struct, frozen=True):
    """A mapping is a list of its members, each of which says by a member of that name what it was called."""

    pointer: Pointer
    name: str


class Wrapped(Struct, frozen=True):
    """A mapping is the only element of a list."""

    pointer: Pointer


Change: TypeAlias = Written | Renamed | Added | Removed | Listed | Wrapped


def differences(before: JsonValue, after: JsonValue, at: Pointer = ()) -> Iterator[Change]:
    """Yield what makes one value of another, each change by its place in the first."""
    match before, after:
        case (dict(), dict()) if before and after:
            yield from _of_mappings(before, after, at)
        case (list(), list()) if before and after:
            yield from _of_sequences(before, after, at)
        case (dict(), list()) if name := _name_of_keys(before, after):
            yield Listed(at, name)
            for (key, value), entry in zip(before.items(), after, strict=True):
                own = entry if name in value else {each: entry[each] for each in entry if each != name}
                yield from differences(value, own, (*at, key))
        case (dict(), [dict() as entry]) if not before.keys().isdisjoint(entry):
            yield Wrapped(at)
            yield from differences(before, entry, at)
        case _ if not same(before, after):
            yield Written(at, after)
        case _:
            pass


def _name_of_keys(before: dict[str, JsonValue], after: list[JsonValue]) -> str | None:
    """Return the member by which each element of a list says what it was called in a mapping, if there is one."""
    if (
        not before
        or len(before) != len(after)
        or not all(isinstance(each, dict) for each in (*before.values(), *after))
    ):
        return None
    names = (name for name in after[0] if all(each.get(name) == key for key, each in zip(before, after, strict=True)))
    return next(names, None)


def same(one: JsonValue, other: JsonValue) -> bool:
    """Whether two values are the same one to JSON, to which `1` is no `true`."""
    match one, other:
        case (dict(), dict()):
            return one.keys() == other.keys() and all(same(each, other[name]) for name, each in one.items())
        case (list(), list()):
            return len(one) == len(other) and all(map(same, one, other))
        case _:
            return type(one) is type(other) and bool(one == other)


def _of_mappings(before: dict[str, JsonValue], after: dict[str, JsonValue], at: Pointer) -> Iterator[Change]:
    gone = [name for name in before if name not in after]
    come = [name for name in after if name not in before]
    renamed = dict(zip(gone, come, strict=False))
    for name, value in before.items():
        if name in after:
            yield from differences(value, after[name], (*at, name))
    for old, new in renamed.items():
        yield Renamed((*at, old), new)
        yield from differences(before[old], after[new], (*at, old))
    if rest := tuple(gone[len(renamed) :]):
        yield Removed(at, rest)
    names = {new: old for old, new in renamed.items()}
    for name in come[len(renamed) :]:
        order = list(after)
        earlier = (names.get(each, each) for each in reversed(order[: order.index(name)]))
        yield Added((*at, name), after[name], tuple(each for each in earlier if each in before))


def _of_sequences(before: list[JsonValue], after: list[JsonValue], at: Pointer) -> Iterator[Change]:
    shorter = min(len(before), len(after))
    first = next((index for index in range(shorter) if not same(before[index], after[index])), shorter)
    last = next((index for index in range(shorter - first) if not same(before[-1 - index], after[-1 - index])), None)
    kept = shorter - first if last is None else last
    old, new = before[first : len(before) - kept], after[first : len(after) - kept]
    for index in range(min(len(old), len(new))):
        yield from differences(old[index], new[index], (*at, str(first + index)))
    if gone := old[len(new) :]:
        yield Removed(at, tuple(str(first + len(new) + index) for index in range(len(gone))))
    for index, value in enumerate(new[len(old) :], first + len(old)):
        yield Added((*at, str(index)), value, (str(first + len(old) - 1),) if first + len(old) else ())
