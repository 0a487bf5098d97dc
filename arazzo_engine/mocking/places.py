"""Where things are by the paths of an API: which path is one thing, which collects many, and what happens to one.

Decides it by the shape of the paths alone: `/orders/{id}` is one of `/orders`, and where nothing is below
`/orders/{id}/cancel` and nothing reads it, it is no collection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.paths import split_path
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from arazzo_engine.apis.descriptions.operations import Operation

_PLACEHOLDER: Final = lazy_pattern(r"\{([^{}]*)\}")


class Place(Struct, frozen=True):
    """A place of things: the ``path`` of the collection, and the ``name`` of one of them, none for all.

    ``named`` is the placeholder that names one of them, none where no path does; ``action`` is what happens to one.
    """

    path: str
    name: str | None = None
    named: str | None = None
    action: str | None = None


class Places(Struct, frozen=True):
    """Which paths collect things, by their source and shape, with the placeholder that names one of those, if any."""

    collections: dict[tuple[str, str], str | None]

    def of(self, operation: Operation, values: Mapping[str, str]) -> Place:
        """Return the place of a request, whose path has these values."""
        path = split_path(operation.path)[0].rstrip("/")
        above, _, last = path.rpartition("/")
        one = _PLACEHOLDER.fullmatch(last)
        if one is not None:
            return Place(self._filled(operation, above, values), values.get(one[1], ""), one[1])
        key = operation.source, _shape(path)
        further, _, before = above.rpartition("/")
        owner = _PLACEHOLDER.fullmatch(before)
        if key not in self.collections and owner is not None:
            return Place(self._filled(operation, further, values), values.get(owner[1], ""), owner[1], last)
        return Place(self._filled(operation, path, values), named=self.collections.get(key))

    def _filled(self, operation: Operation, path: str, values: Mapping[str, str]) -> str:
        # a slash in a value is none of the path
        filled = _PLACEHOLDER.sub(lambda found: values.get(found[1], "").replace("/", "%2F"), path)
        return f"{operation.source} {filled}"


def places_of(operations: Iterable[Operation]) -> Places:
    """Return the places of operations."""
    collections: dict[tuple[str, str], str | None] = {}
    for each in operations:
        path = split_path(each.path)[0].rstrip("/")
        above, _, last = path.rpartition("/")
        one = _PLACEHOLDER.fullmatch(last)
        if one is not None:
            key = each.source, _shape(above)
            collections[key] = collections.get(key) or one[1]
        elif each.method == "GET":
            collections.setdefault((each.source, _shape(path)), None)
    return Places(collections)


def _shape(path: str) -> str:
    return _PLACEHOLDER.sub("{}", path)
