"""Which page of a list is asked for, and what the list says of it: of how many things, and how to come to the next.

Decides it by the usual names. The start of a page is its cursor, so that whoever follows cursors comes to an end.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from arazzo_engine.documents.values import ABSENT, as_mapping

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from arazzo_engine.documents.values import Value

_SIZES: Final = ("limit", "per_page", "perPage", "page_size", "pageSize", "size", "count", "first")
_STARTS: Final = (
    *("offset", "skip", "start", "cursor", "next", "next_cursor", "nextCursor", "after", "starting_after"),
    *("page_token", "pageToken", "next_token", "nextToken", "continuation", "marker"),
)
_PAGES: Final = ("page", "page_number", "pageNumber")
_USUAL: Final = 20
_LARGEST: Final = 100
_DIGITS: Final = 10
# what a list says of itself
_TOTALS: Final = frozenset(("total", "total_count", "totalCount", "total_items", "totalItems", "total_results"))
_MORE: Final = frozenset(("has_more", "hasMore", "has_next", "hasNext", "has_next_page", "hasNextPage"))
_NEXT: Final = frozenset(
    ("next", "next_cursor", "nextCursor", "next_page_token", "nextPageToken", "next_token", "nextToken")
)


class Page(Struct, frozen=True):
    """The things of a page, where it starts, and of how many they are."""

    things: tuple[dict[str, Any], ...]
    start: int
    total: int

    @property
    def next(self) -> int | None:
        """Where the next page starts, none when there is no more, or nothing was asked for."""
        end = self.start + len(self.things)
        return end if self.things and end < self.total else None

    def listed(self, body: Value) -> Any:  # noqa: ANN401 - a JSON value
        """Return a body whose list has the things in it, each as an element of the simulated one is."""
        if isinstance(body, list):
            sample = body[0] if body and isinstance(body[0], dict) else {}
            return [_as_listed({**sample, **thing}) for thing in self.things]
        members = as_mapping(body)
        name = next(_lists(members), None)
        if name is None:
            return body
        told = {each: self._said(each, value) for each, value in members.items() if not self._is_past(each)}
        return {**told, name: self.listed(members[name])}

    def _said(self, name: str, value: Any) -> Any:  # noqa: ANN401 - a JSON value
        if name in _TOTALS and isinstance(value, int):
            return self.total
        if name in _MORE and isinstance(value, bool):
            return self.next is not None
        # a whole URL is somebody's example
        return str(self.next) if name in _NEXT and isinstance(value, str) and "/" not in value else value

    def _is_past(self, name: str) -> bool:
        return name in _NEXT and self.next is None


def _as_listed(thing: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in thing.items() if value is not ABSENT}


def page_of(things: Collection[dict[str, Any]], query: Mapping[str, list[str]]) -> Page:
    """Return the page that a query asks for, at most so many things as a page has."""
    size = min(_number(query, _SIZES, _USUAL), _LARGEST)
    start = _number(query, _STARTS, 0) or size * max(_number(query, _PAGES, 1) - 1, 0)
    return Page(tuple(islice(things, start, start + size)), start, len(things))


def _number(query: Mapping[str, list[str]], names: tuple[str, ...], usual: int) -> int:
    given = (query[name][0] for name in names if name in query)
    return next((int(each) for each in given if each.isdecimal() and len(each) < _DIGITS), usual)


def _lists(members: Mapping[str, Any]) -> Iterator[str]:
    return (name for name, value in members.items() if isinstance(value, list))
