"""Whether a member of an object can have a member of a name itself, by the schemas of the object.

Decides what a filter over an object can select, and whether the object itself was meant: it is described to have what
the filter asks for, and nothing in it is.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.schemas.alternatives import Way, all_types
from arazzo_engine.apis.schemas.leads import follow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.schemas.alternatives import Alternatives, Known

# the name of no member, for what holds for the members that no schema names
_ANY_OTHER: Final = "\ue000other\ue001"


class Meant(Enum):
    """Of what a filter over a value can have been meant."""

    MEMBERS = "its elements, or its members, of which one can have what is asked for"
    ITSELF = "the object itself, which has what is asked for, and no member of it can"
    EITHER = "the object itself or one of its members, which both can have what is asked for"
    OPEN = "an object, and nobody knows of its members"
    NOTHING = "a value without parts, of which a filter selects none"


def meant_by_filter(names: Iterable[str], known: Known, schemas: Alternatives) -> Meant:
    """Return of what a filter over a value can have been meant that asks for members of these names."""
    if known and not any(each.containers for each in known):
        return Meant.NOTHING
    if not known or all_types(known) - {"null"} != {"object"}:
        return Meant.MEMBERS
    asked = tuple(names)
    ways = {_held(name, known, asked, schemas) for name in asked}
    if Way.ON in ways:
        return Meant.EITHER if all(name in each.names for name in asked for each in known) else Meant.MEMBERS
    is_described = all(follow(known, (name,), schemas).way in {Way.ON, Way.UNKNOWN} for name in asked)
    is_named = any(name in each.names for name in asked for each in known)
    return Meant.ITSELF if ways == {Way.UNDESCRIBED} and is_described and is_named else Meant.OPEN


def is_list(known: Known) -> bool:
    """Whether a value is a list, if it is anything."""
    return bool(known) and all_types(known) - {"null"} == {"array"}


def parts_of(known: Known, schemas: Alternatives) -> Known:
    """Return what is known of each part of a value, nothing when that is not known of one."""
    if is_list(known):
        return follow(known, ("0",), schemas).known
    if not known or all_types(known) - {"null"} != {"object"} or not _members(known):
        return ()
    leads = [follow(known, (name,), schemas) for name in (*_members(known), _ANY_OTHER)]
    *named, other = leads
    if not all(each.known for each in named) or (other.way in {Way.ON, Way.UNKNOWN} and not other.known):
        return ()
    return tuple(alternative for each in leads for alternative in each.known)


def _held(name: str, known: Known, asked: tuple[str, ...], schemas: Alternatives) -> Way:
    """Return whether a member of the object is described to have one of that name: on, undescribed, or unknown.

    What is asked for is the member, whatever it is, and does not hold itself where no schema says so.
    """
    members = {each: follow(known, (each,), schemas).known for each in _members(known)}
    found = {_within(member, name, schemas) for each, member in members.items() if member or each not in asked}
    other = follow(known, (_ANY_OTHER,), schemas)
    found.add(_within(other.known, name, schemas) if other.way is Way.ON else _of_others(other.way))
    return next((way for way in (Way.ON, Way.UNKNOWN) if way in found), Way.UNDESCRIBED)


def _members(known: Known) -> set[str]:
    return {name for each in known for name in each.names}


def _of_others(way: Way) -> Way:
    return Way.UNKNOWN if way in {Way.ON, Way.UNKNOWN, Way.ALLOWED} else Way.UNDESCRIBED


def _within(member: Known, name: str, schemas: Alternatives) -> Way:
    if not member:
        return Way.UNKNOWN
    objects = tuple(each for each in member if "object" in each.containers)
    if not objects:
        return Way.UNDESCRIBED
    is_named = any(name in each.names for each in objects)
    return Way.ON if is_named else _of_others(follow(objects, (name,), schemas).way)
