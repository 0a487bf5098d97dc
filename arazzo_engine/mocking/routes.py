"""Which operation a request means: by its method, and its path below the prefix of an API.

Decides which of several paths fits best: the one with fewer placeholders. A server's own base path may stand before it,
as clients of the real API write it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from msgspec import Struct

from arazzo_engine.apis.descriptions.paths import split_path, tokens_of
from arazzo_engine.documents.uris import path_of
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.apis.descriptions.operations import Operation

_SEGMENT: Final = "([^/]+)"
_PLAIN: Final = lazy_pattern(r"[A-Za-z0-9._~/-]*")


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
    """The routes of all APIs; ``prefixes`` are what may stand before the path of each, by its name.

    ``fixed`` are those without a placeholder, by method and path, ``others`` are by how many segments they have.
    """

    prefixes: dict[str, tuple[str, ...]]
    fixed: dict[str, dict[str, Operation]]
    others: dict[int, tuple[Route, ...]]

    def find(self, method: str, path: str) -> Found | tuple[str, ...]:
        """Return the operation of a request; else the methods that its path has, none when nothing is there."""
        path = _spelt(path)
        fixed = self.fixed.get(path, {})
        if method in fixed:
            return Found(fixed[method], {})
        methods = [*fixed]
        for route in self.others.get(path.count("/"), ()):
            match = route.pattern.fullmatch(path)
            if match is None:
                continue
            if route.operation.method == method:
                values = map(unquote, match.groups())
                return Found(route.operation, dict(zip(route.names, values, strict=True)))
            methods.append(route.operation.method)
        return tuple(dict.fromkeys(methods))


def routes_of(operations: Iterable[Operation]) -> Routes:
    """Return the routes of operations. With one API, its name need not stand before its paths."""
    known = tuple(operations)
    names = dict.fromkeys(each.source for each in known)
    prefixes = {name: tuple(_prefixes(name, known, is_alone=len(names) == 1)) for name in names}
    fixed: dict[str, dict[str, Operation]] = {}
    others: dict[int, list[Route]] = {}
    # texts and names take turns in tokens
    tokens = {id(each): tokens_of(split_path(each.path)[0]) for each in known}
    for each in sorted(known, key=lambda each: (len(tokens[id(each)]), -len(each.path))):
        for prefix in map(_spelt, prefixes[each.source]):
            route = _route(each, prefix, tokens[id(each)])
            if route.names:
                others.setdefault(f"{prefix}{each.path}".count("/"), []).append(route)
            else:
                fixed.setdefault(f"{prefix}{_spelt(tokens[id(each)][0])}", {}).setdefault(each.method, each)
    return Routes(prefixes, fixed, {count: tuple(routes) for count, routes in others.items()})


def _spelt(path: str) -> str:
    """Return a path, or a part of one, in the one way of writing it that all others are compared in."""
    # RFC 3986, section 6.2.2.2: percent-encoded octets "should be normalized by decoding"; a slash stays one of a value
    if _PLAIN.fullmatch(path):
        return path
    return "/".join(
        quote(unquote(each, errors="surrogateescape"), safe="", errors="surrogateescape") for each in path.split("/")
    )


def _route(operation: Operation, prefix: str, tokens: Sequence[str]) -> Route:
    parts = (_SEGMENT if index % 2 else re.escape(_spelt(token)) for index, token in enumerate(tokens))
    return Route(operation, re.compile(re.escape(prefix) + "".join(parts)), tuple(tokens[1::2]))


def _prefixes(name: str, operations: Sequence[Operation], *, is_alone: bool) -> Iterator[str]:
    """Yield what may stand before the paths of an API, the longest first."""
    servers = {path_of(server.url).rstrip("/") for each in operations if each.source == name for server in each.servers}
    bases = sorted((base for base in servers if base and "{" not in base), key=len, reverse=True)
    yield from (f"/{name}{base}" for base in bases)
    yield f"/{name}"
    if is_alone:
        yield from (*bases, "")
