"""Where a JSON Pointer leads in a value of which the schemas are known: on, nowhere, or to what no schema says.

Decides it token by token. A member that no schema describes may be there all the same, unless a schema forbids it; a
list has no member of a name, and a text no parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.schemas.alternatives import ALL_TYPES, Way
from arazzo_engine.apis.schemas.parts import is_closed, items, properties
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.apis.schemas.alternatives import Alternative, Alternatives, Known
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer

# RFC 6901, section 4: "array-index = %x30 / ( %x31-39 *(%x30-39) )", and "-" beyond the last
_INDEX: Final = lazy_pattern(r"0|[1-9][0-9]*|-")
_BEYOND: Final = "-"
_NULL: Final = frozenset({"null"})

# of several alternatives, the first of these is what becomes of it
_FIRST: Final = tuple(Way)


class Lead(Struct, frozen=True):
    """Where a pointer leads: after ``depth`` of its tokens it goes the ``way``; ``known`` is what is there.

    ``before`` is what is known of the value that the last token was looked for in.
    """

    way: Way
    depth: int
    known: Known
    before: Known = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names that are described where the last token was looked for."""
        return tuple(dict.fromkeys(name for each in self.before for name in each.names))

    @property
    def at(self) -> Place:
        """The place of the schema in which the last token was looked for."""
        return self.before[0].at


def follow(known: Known, pointer: Pointer, schemas: Alternatives) -> Lead:
    """Return where a pointer leads from a value of which something is known."""
    before: Known = ()
    for depth, token in enumerate(pointer):
        if not known:
            return Lead(Way.UNKNOWN, depth, ())
        way, below = _step(known, token, schemas)
        if way is not Way.ON:
            return Lead(way, depth, (), known)
        before, known = known, below
    return Lead(Way.ON if known else Way.UNKNOWN, len(pointer), known, before)


def _step(known: Known, token: str, schemas: Alternatives) -> tuple[Way, Known]:
    if len(known) == 1 and known[0].types != _NULL:
        return _within(known[0], token, schemas)
    found = [_within(each, token, schemas) for each in known if each.types != _NULL]
    if not found:
        return Way.INTO_A_SCALAR, ()
    way = min((way for way, _ in found), key=_FIRST.index)
    below = [known for way, known in found if way is Way.ON]
    if way is Way.ON and (not all(below) or any(each is Way.UNKNOWN for each, _ in found)):
        return Way.ON, ()
    return way, tuple(alternative for each in below for alternative in each)


def _within(alternative: Alternative, token: str, schemas: Alternatives) -> tuple[Way, Known]:
    if token not in alternative.steps:
        alternative.steps[token] = _looked_for(alternative, token, schemas)
    return alternative.steps[token]


def _looked_for(alternative: Alternative, token: str, schemas: Alternatives) -> tuple[Way, Known]:
    if alternative.members is not None or alternative.elements is not None:
        return _within_written(alternative, token)
    tried = [_TRIED[kind](alternative, token, schemas) for kind in sorted(alternative.containers)]
    return min(tried, key=lambda found: _FIRST.index(found[0]), default=(Way.INTO_A_SCALAR, ()))


def _within_written(alternative: Alternative, token: str) -> tuple[Way, Known]:
    # of an example, others may differ
    is_example = alternative.types == ALL_TYPES
    if alternative.members is not None:
        found = alternative.members.get(token)
        lacking = Way.ALLOWED if is_example else Way.FORBIDDEN
        return (lacking, ()) if found is None else (Way.ON, found)
    elements = alternative.elements or ()
    if not _INDEX.fullmatch(token):
        return (Way.UNKNOWN if is_example else Way.INTO_A_LIST), ()
    index = int(token[:9]) if token != _BEYOND else len(elements)
    if is_example:
        return Way.ON, elements[0]
    return (Way.ON, elements[index]) if index < len(elements) else (Way.FORBIDDEN, ())


def _in_object(alternative: Alternative, name: str, schemas: Alternatives) -> tuple[Way, Known]:
    parts = alternative.parts
    named = tuple(properties(parts, name))
    if named:
        return Way.ON, schemas.of(named)
    if alternative.is_loose or (not alternative.names and not is_closed(parts)):
        return Way.UNKNOWN, ()
    if is_closed(parts):
        return Way.FORBIDDEN, ()
    return (Way.ALLOWED if _invites(parts) else Way.UNDESCRIBED), ()


def _in_array(alternative: Alternative, token: str, schemas: Alternatives) -> tuple[Way, Known]:
    if not _INDEX.fullmatch(token):
        return (Way.INTO_A_LIST if alternative.types != ALL_TYPES else Way.UNKNOWN), ()
    elements = tuple(items(alternative.parts, 0 if token == _BEYOND else int(token[:9])))
    return Way.ON, schemas.of(elements) if elements else ()


def _invites(parts: Iterable[Schema]) -> bool:
    """Whether a schema says itself that it has members which it does not name."""
    return any(as_mapping(part.value).get("additionalProperties") is True for part in parts)


_TRIED: Final = {"array": _in_array, "object": _in_object}
