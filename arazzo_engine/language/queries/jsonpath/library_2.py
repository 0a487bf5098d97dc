"""Releases 2.x of jsonpath-rfc9535, which need Python 3.12: its queries with their work counted, however they nest.

Decides which parts of the library count, and keeps `$` the root of the whole value in a filter within a filter. It
reaches into the library's own modules: pyproject.toml bounds the releases, and ``json_paths`` chooses this module.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from jsonpath_rfc9535 import (
    LOGICAL_TYPE,
    VALUE_TYPE,
    FunctionExtension,
    JSONPathEnvironment,
    NodeList,
    StandardParser,
)
from jsonpath_rfc9535._ast import FILTER_SELECTOR
from jsonpath_rfc9535._resolve_standard import StandardResolver

from arazzo_engine.language.queries.jsonpath.functions import matches
from arazzo_engine.language.queries.work import spend, spend_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.documents.values import JsonValue

# The library counts each term of a filter as one level, so that a query of thirty terms nests too deep for it. What
# does nest too deep, Python tells.
_DEEPEST: Final = 100_000


@cache
def _environment() -> JSONPathEnvironment:
    # one for all queries: it costs as much as a short query does
    environment = JSONPathEnvironment(parser=_Parser, max_expression_depth=_DEEPEST)
    environment.functions["match"] = _Pattern(whole=True)
    environment.functions["search"] = _Pattern(whole=False)
    return environment


class CountedQuery:
    """A compiled query; raises the library's errors when the text is none."""

    def __init__(self, text: str) -> None:
        self._environment = _environment()
        self._segments = self._environment.compile(text).segments

    @property
    def begins_with_filter(self) -> bool:
        """Whether its first segment has a filter."""
        return any(kind == FILTER_SELECTOR for _, _, selectors in self._segments[:1] for kind, *_ in selectors)

    def nodes(self, value: JsonValue) -> Iterator[tuple[tuple[str | int, ...], JsonValue]]:
        """Yield the place and value of each node."""
        found = _CountedResolver(self._environment, value).resolve(self._environment, self._segments, value)
        return ((location, node) for node, location, _ in found)


def span_of(error: Any) -> tuple[int, int] | None:  # noqa: ANN401 - each release has its own types
    """Return which characters the library complains about."""
    token = getattr(error, "token", None)
    return None if token is None else (token[1], max(token[1] + 1, token[2]))


class _Parser(StandardParser):
    """Knows where the text ends: the library takes the number of its tokens for that."""

    def __init__(self, environment: JSONPathEnvironment, text: str, tokens: Any) -> None:  # noqa: ANN401 - the library's
        super().__init__(environment, text, tokens)
        self.eoi: tuple[int, int, int] = (self.eoi[0], len(text), len(text))


class _Pattern(FunctionExtension):
    """``match`` or ``search``."""

    arg_types = [VALUE_TYPE, VALUE_TYPE]  # noqa: RUF012 - the library's own name and type
    return_type = LOGICAL_TYPE

    def __init__(self, *, whole: bool) -> None:
        self._whole = whole

    def __call__(self, text: object, pattern: object) -> bool:
        return matches(text, pattern, whole=self._whole)


class _CountedResolver(StandardResolver):
    """Finds nodes, and counts each of them, each judgement and the size of what is compared."""

    __slots__ = ()

    def resolve(self, _environment: object, segments: Any, start: object) -> Iterable[Any]:  # noqa: ANN401 - the same
        # a method of the class in the library, which would make the start of each query its root
        spend(1)
        nodes: Iterable[Any] = [(start, (), None)]
        for segment in segments:
            nodes = self._resolve_segment(segment, nodes)
        return nodes

    def new_child(self, node: Any, key: str | int, value: object) -> Any:  # noqa: ANN401 - the same
        spend(1)
        return super().new_child(node, key, value)

    def truthy(self, judged: object) -> bool:
        spend(1)
        return bool(super().truthy(judged))

    def eq(self, left: object, right: object) -> bool:
        _weigh(left)
        return bool(super().eq(left, right))

    def lt(self, left: object, right: object) -> bool:
        _weigh(left)
        return bool(super().lt(left, right))


def _weigh(compared: object) -> None:
    spend(1)
    if isinstance(compared, NodeList):
        for node in compared:
            spend_size(node[0])
