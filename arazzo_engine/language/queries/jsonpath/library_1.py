"""Releases 1.x of jsonpath-rfc9535, for Python 3.11: its queries with their work counted, however they nest.

Decides which parts of the library count, and keeps `$` the root of the whole value in a filter within a filter. It
reaches into the library's own modules: pyproject.toml bounds the releases, and ``json_paths`` chooses this module.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathNode, JSONPathNodeList
from jsonpath_rfc9535.filter_expressions import (
    ComparisonExpression,
    Expression,
    FilterExpression,
    FilterQuery,
    FunctionExtension,
    LogicalExpression,
    PrefixExpression,
    RelativeFilterQuery,
)
from jsonpath_rfc9535.function_extensions import ExpressionType, FilterFunction
from jsonpath_rfc9535.selectors import FilterSelector

from arazzo_engine.language.queries.jsonpath.functions import matches
from arazzo_engine.language.queries.work import spend, spend_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.documents.values import JsonValue


@cache
def _environment() -> JSONPathEnvironment:
    # one for all queries: it costs as much as a short query does
    environment = JSONPathEnvironment()
    environment.function_extensions["match"] = _Pattern(whole=True)
    environment.function_extensions["search"] = _Pattern(whole=False)
    return environment


class CountedQuery:
    """A compiled query; raises the library's errors when the text is none."""

    def __init__(self, text: str) -> None:
        self._segments = _environment().compile(text).segments
        _count(self._segments)

    @property
    def begins_with_filter(self) -> bool:
        """Whether its first segment has a filter."""
        first = self._segments[:1]
        return any(isinstance(selector, FilterSelector) for segment in first for selector in segment.selectors)

    def nodes(self, value: JsonValue) -> Iterator[tuple[tuple[str | int, ...], JsonValue]]:
        """Yield the place and value of each node."""
        return ((node.location, node.value) for node in _resolve(self._segments, value, value))


def span_of(error: Any) -> tuple[int, int] | None:  # noqa: ANN401 - each release has its own types
    """Return which characters the library complains about."""
    token = error.token
    return None if token is None else (token.index, token.index + max(1, len(token.value)))


def _resolve(segments: Any, value: object, root: object) -> Iterable[Any]:  # noqa: ANN401 - the library's
    spend(1)
    nodes: Iterable[Any] = [_CountedNode(value=value, location=(), parent=None, root=root)]
    for segment in segments:
        nodes = segment.resolve(nodes)
    return nodes


class _Pattern(FilterFunction):
    """``match`` or ``search``."""

    arg_types = [ExpressionType.VALUE, ExpressionType.VALUE]  # noqa: RUF012 - the library's own name and type
    return_type = ExpressionType.LOGICAL

    def __init__(self, *, whole: bool) -> None:
        self._whole = whole

    def __call__(self, text: object, pattern: object) -> bool:
        return matches(text, pattern, whole=self._whole)


class _CountedNode(JSONPathNode):
    """A node whose children are counted."""

    __slots__ = ()

    def new_child(self, value: object, key: int | str, parent: Any) -> JSONPathNode:  # noqa: ANN401 - the same
        spend(1)
        return _CountedNode(value=value, location=(*self.location, key), parent=parent, root=self.root)


class _CountedExpression(Expression):
    """An expression of a filter: each evaluation is counted, and the size of what it gives to a comparison."""

    __slots__ = ("_inner", "_weigh")

    def __init__(self, inner: Expression, *, weigh: bool) -> None:
        super().__init__(inner.token)
        self._inner = inner
        self._weigh = weigh

    def evaluate(self, context: Any) -> object:  # noqa: ANN401 - the same
        spend(1)
        result = self._inner.evaluate(context)
        if self._weigh and isinstance(result, JSONPathNodeList):
            for node in result:
                spend_size(node.value)
        return result


class _CountedFilterQuery(Expression):
    """A query in a filter. The library would make `@` its root, and take `@` for false when its value is."""

    __slots__ = ("_is_relative", "_segments")

    def __init__(self, query: FilterQuery) -> None:
        super().__init__(query.token)
        self._segments = query.query.segments
        self._is_relative = isinstance(query, RelativeFilterQuery)
        _count(self._segments)

    def evaluate(self, context: Any) -> object:  # noqa: ANN401 - the same
        start = context.current if self._is_relative else context.root
        return JSONPathNodeList(_resolve(self._segments, start, context.root))


def _count(segments: Any) -> None:  # noqa: ANN401 - the same
    for segment in segments:
        for selector in segment.selectors:
            if isinstance(selector, FilterSelector):
                selector.expression = _CountedExpression(_counted(selector.expression), weigh=False)


def _counted(expression: Expression) -> Expression:
    """Return the expression with the work counted of all that is in it."""
    match expression:
        case FilterExpression():
            expression.expression = _counted(expression.expression)
        case PrefixExpression():
            expression.right = _counted(expression.right)
        case ComparisonExpression():
            expression.left = _CountedExpression(_counted(expression.left), weigh=True)
            expression.right = _counted(expression.right)
        case LogicalExpression():
            expression.left = _counted(expression.left)
            expression.right = _counted(expression.right)
        case FunctionExtension():
            expression.args = [_counted(argument) for argument in expression.args]
        case FilterQuery():
            return _CountedFilterQuery(expression)
        case _:
            pass
    return expression
