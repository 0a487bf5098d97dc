"""XML that is described: where in a value stands what is named by its elements, and what an example in XML has.

Decides which member or element of a list an element is written from, by the names that the description gives them.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.messages.payloads import is_xml
from arazzo_engine.language.messages.xml_elements import part_of_xml, read_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.descriptions.schemas import Shape
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.simulation.answers import Draft
    from arazzo_engine.simulation.queries.jsonpath import Demand
    from arazzo_engine.simulation.reading.reads import Read

_DEEPEST: Final = 8
_FIRST: Final = "0"
_MOST: Final = 200


def is_example_in_xml(draft: Draft) -> bool:
    """Whether the body of a draft is XML that the description writes out."""
    is_text = isinstance(draft.body, str) and draft.body.lstrip()[:1] == "<"
    return is_text and is_xml(draft.content_type) and not draft.is_given


def has_all(draft: Draft, reads: Iterable[Read]) -> bool:
    """Whether the XML of a draft has everything that is read of it."""
    root = read_xml(draft.body) if isinstance(draft.body, str) else None
    return root is not None and all(not each.path or part_of_xml(root, each.path) is not ABSENT for each in reads)


def read_in_value(read: Read, draft: Draft) -> Read:
    """Return what is read by the names of members in the place of those of elements."""
    if draft.shape is None or read.lone or read.queries:
        return read
    demands = tuple(demanded_in_value(each, draft) for each in read.demands)
    return replace(read, path=_place(read.path, draft.shape), demands=demands)


def demanded_in_value(demand: Demand, draft: Draft, by: str = "") -> Demand:
    """Return what is demanded by the names of members; ``by`` is an XPath, which may look anywhere."""
    if draft.shape is None:
        return demand
    return replace(demand, path=_place(demand.path, draft.shape, is_anywhere="//" in by))


def _place(path: Pointer, shape: Shape, *, is_anywhere: bool = False) -> Pointer:
    """Return where in a value the elements of a path are written from, the path itself where nobody says."""
    root = _Written((), shape.xml.name or shape.name, shape)
    # a pointer may begin with the root element
    ways = (path, path[1:]) if path[:1] == (root.name,) else (path,)
    starts = _below(root) if is_anywhere else iter([root])
    return next((place for each in starts for way in ways for place in _follow(way, each, 0)), path)


class _Written(Struct, frozen=True):
    """An element or attribute: the place in a value that it is written from, its name and its shape."""

    place: Pointer
    name: str
    shape: Shape


def _follow(path: Pointer, start: _Written, depth: int) -> Iterator[Pointer]:
    if not path or depth > _DEEPEST:
        yield from () if path else (start.place,)
        return
    for each in _within(start):
        if each.name == path[0]:
            rest, found = path[1:], each
            # one of several elements of a name
            if each.place[-1] == _FIRST and rest[:1] and rest[0].isdecimal():
                rest, found = rest[1:], replace(each, place=(*each.place[:-1], rest[0]))
            yield from _follow(rest, found, depth + 1)


def _within(above: _Written) -> Iterator[_Written]:
    """Yield what is written into an element."""
    items = above.shape.items
    if items is not None:
        yield _Written((*above.place, _FIRST), items.element_name(above.name), items)
    for name, member in above.shape.properties.items():
        place, listed = (*above.place, name), member.items
        if listed is not None and member.xml.node_type != "element":
            yield _Written((*place, _FIRST), listed.element_name(name), listed)
        else:
            yield _Written(place, member.element_name(name), member)


def _below(root: _Written) -> Iterator[_Written]:
    """Yield an element, then those within it, the nearest first."""
    nearest = [root]
    for _ in range(_DEEPEST):
        yield from nearest
        nearest = list(islice((below for each in nearest for below in _within(each)), _MOST))
