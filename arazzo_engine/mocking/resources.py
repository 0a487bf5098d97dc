"""What was made by requests before: created, changed and deleted, so that it can be read and listed.

Decides it by the shape of paths: POST on a path makes a thing there, `/{id}` below it is that thing. Of a thing only
what clients said of it is kept, with its id; the rest of an answer is simulated each time. The oldest are forgotten.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from arazzo_engine.documents.values import as_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.documents.values import Value

_MOST: Final = 10_000
_IDS: Final = ("id", "uuid", "_id", "key", "slug", "name")
# which page of a list is asked for, by the usual names
_SIZES: Final = ("limit", "per_page", "perPage", "page_size", "pageSize", "size", "count")
_STARTS: Final = ("offset", "skip", "start")
_PAGES: Final = ("page", "page_number", "pageNumber")
_PAGE: Final = 20
_LARGEST_PAGE: Final = 100
_DIGITS: Final = 10
GONE: Final = object()


class Wanted(Struct, frozen=True):
    """What a request is about: its operation, its path, its body, and its query, which may say which page of a list."""

    operation: Operation
    path: str
    sent: Value
    query: Mapping[str, list[str]] = {}

    def page_of(self, things: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the things of a page, at most so many as a page has."""
        size = min(self._number(_SIZES, _PAGE), _LARGEST_PAGE)
        start = self._number(_STARTS, 0) or size * max(self._number(_PAGES, 1) - 1, 0)
        return [*islice(things.values(), start, start + size)]

    def _number(self, names: tuple[str, ...], usual: int) -> int:
        given = (self.query[name][0] for name in names if name in self.query)
        return next((int(each) for each in given if each.isdecimal() and len(each) < _DIGITS), usual)


class Collection(Struct):
    """The things at one path, by their ids; ``is_used`` when something was ever made there."""

    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_used: bool = False
    made: int = 0


class Resources(Struct):
    """Everything that was made, by the path of its collection."""

    collections: dict[str, Collection] = field(default_factory=dict)

    def answer(self, asked: Wanted, body: Value) -> Any:  # noqa: ANN401 - a JSON value
        """Return a simulated body with what is known of the thing that a request is about; ``GONE`` for none there."""
        operation, path, sent = asked.operation, asked.path, asked.sent
        if not _is_of_one(operation):
            return self._of_many(asked, body)
        above, _, name = path.rpartition("/")
        collection = self.collections.get(above)
        if collection is None or not collection.is_used:
            return body
        thing = collection.things.get(name)
        if thing is None:
            return GONE
        match operation.method:
            case "DELETE":
                del collection.things[name]
            case "PUT":
                thing = collection.things[name] = {**_identity(thing), **as_mapping(sent)}
            case "PATCH":
                thing = collection.things[name] = {**thing, **as_mapping(sent)}
            case _:
                pass
        return _with(body, thing)

    def _of_many(self, asked: Wanted, body: Value) -> Any:  # noqa: ANN401 - a JSON value
        if asked.operation.method == "POST" and isinstance(body, dict):
            return self._make(asked.path, asked.sent, body)
        collection = self.collections.get(asked.path)
        if asked.operation.method == "GET" and collection is not None and collection.is_used:
            return _listed(body, asked.page_of(collection.things))
        return body

    def _make(self, path: str, sent: Value, body: dict[str, Any]) -> dict[str, Any]:
        name = next((each for each in _IDS if isinstance(body.get(each), str | int)), None)
        if name is None or isinstance(body[name], bool):
            return body
        collection = self.collections.setdefault(path, Collection())
        collection.is_used = True
        collection.made += 1
        said = {key: value for key, value in as_mapping(sent).items() if key in body}
        thing = {**said, name: _new_id(body[name], path, collection.made)}
        collection.things[str(thing[name])] = thing
        if len(collection.things) > _MOST:
            del collection.things[next(iter(collection.things))]
        return {**body, **thing}


def _is_of_one(operation: Operation) -> bool:
    return operation.path.rstrip("/").endswith("}")


def _identity(thing: dict[str, Any]) -> dict[str, Any]:
    return {name: thing[name] for name in _IDS[:3] if name in thing}


def _new_id(sample: str | int, path: str, number: int) -> str | int:
    if isinstance(sample, int):
        return number
    if len(sample) == 36 and sample.count("-") == 4:  # noqa: PLR2004 - a UUID
        return f"00000000-0000-4000-8000-{number:012}"
    stem = path.rstrip("/").rpartition("/")[2].removesuffix("s") or "thing"
    return f"{stem}-{number}"


def _with(body: Value, thing: dict[str, Any]) -> Any:  # noqa: ANN401 - a JSON value
    """Return a body with what is known of a thing, in the body itself or in the member that holds it."""
    if not isinstance(body, dict):
        return body
    if any(name in body for name in thing):
        return {**body, **{name: value for name, value in thing.items() if name in body or name in _IDS}}
    held = next((name for name, value in body.items() if isinstance(value, dict) and thing.keys() & value.keys()), None)
    return body if held is None else {**body, held: _with(body[held], thing)}


def _listed(body: Value, things: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - a JSON value
    """Return a body whose list has the things in it, each as an element of the simulated one is."""
    if isinstance(body, list):
        sample = body[0] if body and isinstance(body[0], dict) else {}
        return [{**sample, **thing} for thing in things]
    name = next(_lists(body), None)
    return {**as_mapping(body), name: _listed(as_mapping(body)[name], things)} if name is not None else body


def _lists(body: Value) -> Iterator[str]:
    return (name for name, value in as_mapping(body).items() if isinstance(value, list))
