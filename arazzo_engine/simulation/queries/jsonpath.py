"""What a JSONPath asks of a value: the path of the first thing that it can select, and what must hold there.

Decides it from the form of the query, so that it selects something, or nothing. Of alternatives, the first is asked
for. Whether a value really is selected is for the query itself to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from msgspec import Struct

from arazzo_engine.language.queries.jsonpath.forms import (
    Anywhere,
    Compares,
    Denies,
    Exists,
    Joins,
    Matches,
    Measure,
    NotUnderstood,
    Query,
    Several,
    query_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.queries.jsonpath.forms import Test

EXISTS: Final = "exists"
LACKS: Final = "lacks"
LENGTH: Final = "length"
REGEX: Final = "regex"
NODE: Final = "node"
TRUTH: Final = "truth"
NEGATED: Final = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MOST: Final = 100


class Spread(str):
    """Any member or element, as a part of a path: ``0`` where there is none yet."""

    __slots__ = ()


class Deep(str):
    """A value or anything within it, as a part of a path: where what follows is there already, else the value."""

    __slots__ = ()


_DEEP: Final = Deep("..")


class Demand(Struct, frozen=True):
    """What must hold at a path: ``exists``, ``lacks``, or a comparison with a value.

    ``of`` says what is compared: the value itself, its ``length``, or whether a pattern does ``match`` it, or is found
    by a ``search``; ``regex`` is a search as criteria make it, ``node`` the value where it must be there, ``truth``
    whether it passes alone as a condition. With a ``header``, by its name in small letters, that is what the path is
    in, and not the body.
    """

    path: Pointer
    operator: str = EXISTS
    value: JsonValue = None
    of: str = ""
    header: str = ""


def demands_of_query(text: str) -> tuple[Demand, ...] | None:
    """Return what must hold in a value for the query to select something, ``None`` when that cannot be told.

    >>> demands_of_query("$.items[?@.state == 'ok'].id")[0]
    Demand(path=('items', '0', 'state'), operator='==', value='ok', of='', header='')
    """
    try:
        return tuple(_selecting(query_in(text), ()))
    except NotUnderstood:
        return None


def denials_of_query(text: str) -> tuple[Demand, ...]:
    """Return what must hold in a value for the query to select nothing, nothing when that cannot be told."""
    try:
        return tuple(_selecting_nothing(query_in(text), ()))
    except NotUnderstood:
        return ()


def _selecting(query: Query, element: Pointer) -> Iterator[Demand]:
    path: Pointer = _start(query, element)
    for segment in query.segments:
        path = (*path, _token(segment))
        if isinstance(segment, Several) and segment.test is not None:
            yield from _passing(segment.test, path)
    yield Demand(path)


def _selecting_nothing(query: Query, element: Pointer) -> Iterator[Demand]:
    """What a filter asks for is denied; anything else that selects several has nothing to select from."""
    path = _start(query, element)
    for segment in query.segments:
        if isinstance(segment, Anywhere):
            # it may be anywhere else, too
            return
        if isinstance(segment, Several):
            denied = () if segment.test is None else tuple(_passing(Denies(segment.test), (*path, _token(segment))))
            yield from denied or (Demand(path, "==", 0, LENGTH),)
            return
        path = (*path, segment)
    if path != _start(query, element):
        yield Demand(path, LACKS)


def _start(query: Query, element: Pointer) -> Pointer:
    return () if query.root == "$" else element


def _passing(test: Test, element: Pointer) -> Iterator[Demand]:
    match test:
        case Exists(query=query):
            yield from _selecting(query, element)
        case Compares():
            yield from _comparing(test, element)
        case Matches(name=name, query=query, pattern=pattern):
            yield Demand(_path(query, element), "==", pattern, name)
        case Joins(operator=operator, tests=tests):
            for each in tests if operator == "&&" else _easiest(tests, element):
                yield from _passing(each, element)
        case Denies(test=denied):
            yield from _failing(denied, element)
        case _:
            assert_never(test)


def _easiest(tests: tuple[Test, ...], element: Pointer) -> tuple[Test, ...]:
    """Return the first test, or one that asks the root itself where its parts may be members that are not there."""
    asks_root = (each for each in tests if isinstance(each, Compares) and _root_of(each.left) == "$")
    return tests[:1] if len(element) > 1 else (next(asks_root, tests[0]),)


def _root_of(left: Query | Measure) -> str:
    return left.query.root if isinstance(left, Measure) else left.root


def _failing(test: Test, element: Pointer) -> Iterator[Demand]:
    match test:
        case Exists(query=query):
            yield from _selecting_nothing(query, element)
        case Compares(left=left, operator=operator, right=right):
            yield from _comparing(Compares(left, NEGATED[operator], right), element)
        case Matches(name=name, query=query, pattern=pattern):
            yield Demand(_path(query, element), "!=", pattern, name)
        case Joins(operator=operator, tests=tests):
            for each in tests if operator == "||" else tests[:1]:
                yield from _failing(each, element)
        case Denies(test=denied):
            yield from _passing(denied, element)
        case _:
            assert_never(test)


def _comparing(test: Compares, element: Pointer) -> Iterator[Demand]:
    match test.left:
        case Measure(name="length", query=query):
            yield Demand(_path(query, element), test.operator, test.right, LENGTH)
        case Measure(name="count", query=query):
            yield from _counting(query, element, _count(test.operator, test.right))
        case Measure() | Query() as left:
            *before, last = _selecting(left.query if isinstance(left, Measure) else left, element)
            yield from before
            is_null = test.operator == "==" and test.right is None
            yield Demand(last.path, test.operator, test.right, NODE if is_null else "")


def _counting(query: Query, element: Pointer, count: int) -> Iterator[Demand]:
    """Yield what makes a query select so many nodes: as many elements where it selects several, each as it asks."""
    where = max((at for at, segment in enumerate(query.segments) if isinstance(segment, Several)), default=None)
    if where is None:
        yield from _selecting(query, element) if count else _selecting_nothing(query, element)
        return
    container = _path(Query(query.root, query.segments[:where]), element)
    yield Demand(container, "==", count, LENGTH)
    for index in range(count):
        for demand in _selecting(query, element):
            path = demand.path
            if path[: len(container)] == container and len(path) > len(container):
                yield Demand((*container, str(index), *path[len(container) + 1 :]), *_rest(demand))
            else:
                yield demand


def _rest(demand: Demand) -> tuple[str, JsonValue, str]:
    return demand.operator, demand.value, demand.of


def _count(operator: str, wanted: JsonValue) -> int:
    """Return how many there must be for a comparison to hold."""
    if isinstance(wanted, bool) or not isinstance(wanted, int) or wanted > _MOST:
        raise NotUnderstood
    beside = {"!=": wanted + 1, ">": wanted + 1, "<": wanted - 1}
    return max(0, beside.get(operator, wanted))


def _path(query: Query, element: Pointer) -> Pointer:
    return (*_start(query, element), *map(_token, query.segments))


def _token(segment: str | Several | Anywhere) -> str:
    match segment:
        case Several(first=first):
            return Spread(first)
        case Anywhere():
            return _DEEP
        case _:
            return segment
