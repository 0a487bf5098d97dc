"""Which element of a list a query asks, where several queries ask for elements that cannot be the same one.

Decides it by what is there and by what was asked before. What is put into an element is decided elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.simulation.fitting.holding import agree, holds
from arazzo_engine.simulation.fitting.places import settled, value_at
from arazzo_engine.simulation.queries.jsonpath import EXISTS, Spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import Value
    from arazzo_engine.simulation.queries.jsonpath import Demand
    from arazzo_engine.simulation.reading.reads import Read, Reads

_MOST: Final = 100


class AskedFor(Struct, frozen=True):
    """What a condition demands of a body, all of the same elements; where it ``is_denied``, of every element."""

    by: str
    demands: tuple[Demand, ...]
    is_denied: bool = False


class Elements(Struct):
    """Gives each query elements that it can have; ``asked`` is what was asked of each place so far."""

    asked: dict[Pointer, list[Demand]] = field(default_factory=dict)

    def read(self, value: Value, reads: Iterable[Read]) -> Iterator[Read]:
        """Yield what is read, of the elements that it is given; what leaves a loop must hold of all of them."""
        for each in sorted(reads, key=lambda each: _is_of_any(each.demands)):
            if each.leaves:
                yield replace(each, demands=tuple(_of_each_element(value, each.demands)))
                continue
            path, demands = self._given(value, each.path, each.demands)
            yield each if path == each.path and demands == each.demands else replace(each, path=path, demands=demands)

    def asked_for(self, value: Value, groups: Iterable[AskedFor]) -> Iterator[tuple[str, Demand]]:
        """Yield each demand of the element that it is given, with its condition, in their order."""
        given: dict[int, Iterable[Demand]] = {}
        # what names an element itself goes before what may have any
        ordered = sorted(enumerate(groups), key=lambda each: _is_of_any(each[1].demands))
        for index, group in ordered:
            is_denied, demands = group.is_denied, group.demands
            given[index] = _of_each_element(value, demands) if is_denied else self._given(value, (), demands)[1]
        for index, group in sorted(ordered, key=lambda each: each[0]):
            yield from ((group.by, each) for each in given[index])

    def _given(self, value: Value, path: Pointer, demands: tuple[Demand, ...]) -> tuple[Pointer, tuple[Demand, ...]]:
        """Return a path and demands of the same elements as those of one that they can have."""
        seen: set[Pointer] = set()
        while (container := _container(demands, seen)) is not None:
            seen.add(container)
            index = self._index(value, container, [each for each in demands if _is_in(each.path, container)])
            if index:
                path = _through(path, container, index)
                demands = tuple(replace(each, path=_through(each.path, container, index)) for each in demands)
        for each in demands:
            self.asked.setdefault(each.path, []).append(each)
        return path, demands

    def _index(self, value: Value, container: Pointer, demands: Sequence[Demand]) -> int:
        listed = value_at(value, settled(value, container))
        if isinstance(listed, dict):
            return 0
        count = len(listed) if isinstance(listed, list) else 0
        below = ([replace(each, path=_through(each.path, container, at)) for each in demands] for at in range(_MOST))
        free = [at for at, asked in enumerate(below) if self._is_free(asked)]
        there = (at for at in free if at < count and _hold(value, container, at, demands))
        return next(there, next(iter(free), 0))

    def _is_free(self, demands: Iterable[Demand]) -> bool:
        return all(agree(known, each) for each in demands for known in self.asked.get(each.path, ()))


def keeps(value: Value, reads: Reads) -> bool:
    """Whether a value holds what later steps want of it; of what may be any element, it is taken that it does."""
    demands = (demand for read in reads.body for demand in read.demands)
    wanted = (each for each in demands if each.operator != EXISTS and not _is_of_any([each]))
    return all(holds(each, value_at(value, each.path)) for each in wanted)


def _is_of_any(demands: Iterable[Demand]) -> bool:
    return any(isinstance(token, Spread) for each in demands for token in each.path)


def _through(path: Pointer, container: Pointer, index: int) -> Pointer:
    """Return a path through any element of a list as one through a certain one."""
    return (*container, str(index), *path[len(container) + 1 :]) if _is_in(path, container) else path


def _of_each_element(value: Value, demands: Iterable[Demand]) -> Iterator[Demand]:
    """Yield demands that hold of every element, where they are of any element of a list."""
    for each in demands:
        at = next((index for index, token in enumerate(each.path) if isinstance(token, Spread)), None)
        listed = None if at is None else value_at(value, settled(value, each.path[:at]))
        count = min(len(listed), _MOST) if isinstance(listed, list) else 0
        if at is None or count < 2:  # noqa: PLR2004 - of one element, there is nothing to add
            yield each
            continue
        below = (replace(each, path=(*each.path[:at], str(index), *each.path[at + 1 :])) for index in range(count))
        yield from _of_each_element(value, below)


def _container(demands: Iterable[Demand], seen: set[Pointer]) -> Pointer | None:
    paths = (each.path[:at] for each in demands for at, token in enumerate(each.path) if isinstance(token, Spread))
    return next((path for path in paths if path not in seen), None)


def _is_in(path: Pointer, container: Pointer) -> bool:
    at = len(container)
    return path[:at] == container and len(path) > at and isinstance(path[at], Spread)


def _hold(value: Value, container: Pointer, index: int, demands: Iterable[Demand]) -> bool:
    places = ((each, _through(each.path, container, index)) for each in demands)
    return all(holds(each, value_at(value, settled(value, place))) for each, place in places if each.operator != EXISTS)
