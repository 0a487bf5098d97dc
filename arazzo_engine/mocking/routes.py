"""Which operation a request means: by its method, and its path below the prefix of an API.

Decides which of several paths fits best: the one with fewer placeholders. A server's own base path may stand before it,
as clients of the real API write it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from msgspec import Struct

from arazzo_engine.apis.descriptions.paths import split_path, tokens_of
from arazzo_engine.documents.uris import path_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.apis.descriptions.operations import Operation

_SEGMENT: Final = "([^/]+)"


class Route(Struct, frozen=True):
    """An operation, and the pattern of its path."""

    operation: Operation
    pattern: re.Pattern[str]
    names: tuple[str, ...]


class Found(Struct, frozen=True):
    """An operation that a request means, and the values of the placeholders in its path."""

    operation: Operation
    values: dict[str, str]


class Routes(Struct, frozen=True):
    """The routes of all APIs; ``prefixes`` are what may stand before the path of each, by its name."""

    routes: tuple[Route, ...]
    prefixes: dict[str, tuple[str, ...]]

    def find(self, method: str, path: str) -> Found | tuple[str, ...]:
        """Return the operation of a request; else the methods that its path has, none when nothing is there."""
        methods: list[str] = []
        for route in self.routes:
            for prefix in self.prefixes[route.operation.source]:
                match = route.pattern.fullmatch(path.removeprefix(prefix)) if path.startswith(prefix) else None
                if match is not None and route.operation.method == method:
                    values = map(unquote, match.groups())
                    return Found(route.operation, dict(zip(route.names, values, strict=True)))
                methods += [route.operation.method] if match is not None else []
        return tuple(dict.fromkeys(methods))


def routes_of(operations: Iterable[Operation]) -> Routes:
    """Return the routes of operations. With one API, its name need not stand before its paths."""
    known = tuple(operations)
    names = dict.fromkeys(each.source for each in known)
    prefixes = {name: tuple(_prefixes(name, known, is_alone=len(names) == 1)) for name in names}
    routes = sorted(map(_route, known), key=lambda each: (len(each.names), -len(each.pattern.pattern)))
    return Routes(tuple(routes), prefixes)


def _route(operation: Operation) -> Route:
    # texts and names take turns
    tokens = tokens_of(split_path(operation.path)[0])
    parts = (_SEGMENT if index % 2 else re.escape(token) for index, token in enumerate(tokens))
    return Route(operation, re.compile("".join(parts)), tuple(tokens[1::2]))


def _prefixes(name: str, operations: Sequence[Operation], *, is_alone: bool) -> Iterator[str]:
    """Yield what may stand before the paths of an API, the longest first."""
    servers = {path_of(server.url).rstrip("/") for each in operations if each.source == name for server in each.servers}
    bases = sorted((base for base in servers if base and "{" not in base), key=len, reverse=True)
    yield from (f"/{name}{base}" for base in bases)
    yield f"/{name}"
    if is_alone:
        yield from (*bases, "")
