"""JSONPath of RFC 9535: the nodes that a query selects in a JSON value, each with its place.

Decides nothing that the library decides: it counts its work, and gives ``match`` and ``search`` patterns that cannot
hang. Where a query stands in a document, and what its result is for, is not known here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import iregexp_check
from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathNode
from jsonpath_rfc9535.exceptions import JSONPathError, JSONPathRecursionError
from jsonpath_rfc9535.filter_expressions import (
    ComparisonExpression,
    Expression,
    FilterExpression,
    FilterQuery,
    FunctionExtension,
    LogicalExpression,
    PrefixExpression,
)
from jsonpath_rfc9535.function_extensions import ExpressionType, FilterFunction
from jsonpath_rfc9535.query import JSONPathQuery
from jsonpath_rfc9535.selectors import FilterSelector

from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.regexes import compile_pattern
from arazzo_engine.language.queries.work import LONGEST_QUERY, bounded_work, spend, spend_size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jsonpath_rfc9535.filter_expressions import FilterContext

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

# a hundred characters of a text are searched in the time that one node takes
_CHARACTERS: Final = 100
_DOT: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|(\.)", re.DOTALL)


class Rfc9535:
    """A compiled query."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_QUERY:
            raise QueryError(f"the JSONPath is longer than {LONGEST_QUERY} characters")
        try:
            parsed = _Environment().compile(text)
        except JSONPathError as error:
            raise _not_valid(error) from error
        except RecursionError as error:
            raise QueryError("the JSONPath nests too deep") from error
        except (OverflowError, ValueError) as error:
            raise QueryError("the JSONPath has a number that is too large") from error
        self._query = _counted(parsed)
        self.begins_with_filter = bool(parsed.segments) and any(
            isinstance(selector, FilterSelector) for selector in parsed.segments[0].selectors
        )

    def nodes(self, value: JsonValue) -> tuple[tuple[Pointer, JsonValue], ...]:
        """Return the place and value of each node; raises ``EvaluationError`` when there is too much to look at."""
        try:
            with bounded_work():
                found = tuple(self._query.finditer(value))
        except JSONPathRecursionError as error:
            raise EvaluationError("the value nests too deep for `..`") from error
        except (JSONPathError, RecursionError) as error:
            raise EvaluationError(f"the JSONPath cannot be evaluated: {error.args[0]}") from error
        return tuple((tuple(map(str, node.location)), node.value) for node in found)


def _not_valid(error: JSONPathError) -> QueryError:
    span = None if error.token is None else (error.token.index, error.token.index + max(1, len(error.token.value)))
    return QueryError(f"the JSONPath is not valid: {error.args[0]}", span)


class _Environment(JSONPathEnvironment):
    def setup_function_extensions(self) -> None:
        super().setup_function_extensions()
        self.function_extensions["match"] = _Matches(whole=True)
        self.function_extensions["search"] = _Matches(whole=False)


class _Matches(FilterFunction):
    """``match`` and ``search``: RFC 9535 gives them patterns of I-Regexp (RFC 9485)."""

    arg_types = [ExpressionType.VALUE, ExpressionType.VALUE]  # noqa: RUF012 - the library's own name and type
    return_type = ExpressionType.LOGICAL

    def __init__(self, *, whole: bool) -> None:
        self._whole = whole

    def __call__(self, text: object, pattern: object) -> bool:
        # "If the arguments are not strings or the second does not conform to I-Regexp, the result is LogicalFalse"
        if not isinstance(text, str) or not isinstance(pattern, str) or not iregexp_check.check(pattern):
            return False
        spend(1 + (len(text) + len(pattern)) // _CHARACTERS)
        # RFC 9485, section 5.3: "replace the dot with [^\n\r]"
        written = _DOT.sub(lambda found: r"[^\n\r]" if found[1] else found[0], pattern)
        return compile_pattern(f"^(?:{written})$" if self._whole else written).search(text)


class _CountedNode(JSONPathNode):
    """A node whose children are counted."""

    __slots__ = ()

    def new_child(self, value: object, key: int | str, parent: JSONPathNode | None) -> JSONPathNode:
        spend(1)
        return _CountedNode(value=value, location=(*self.location, key), parent=parent, root=self.root)


class _CountedQuery(JSONPathQuery):
    """A query, of the whole or within a filter, whose nodes are counted."""

    __slots__ = ()

    def finditer(self, value: Any) -> Iterable[JSONPathNode]:  # noqa: ANN401 - a JSON value
        spend(1)
        nodes: Iterable[JSONPathNode] = [_CountedNode(value=value, location=(), parent=None, root=value)]
        for segment in self.segments:
            nodes = segment.resolve(nodes)
        return nodes


class _Counted(Expression):
    """An expression of a filter: each evaluation is counted, and the size of what it gives to a comparison."""

    __slots__ = ("_inner", "_weigh")

    def __init__(self, inner: Expression, *, weigh: bool) -> None:
        super().__init__(inner.token)
        self._inner = inner
        self._weigh = weigh

    def evaluate(self, context: FilterContext) -> object:
        spend(1)
        result = self._inner.evaluate(context)
        if self._weigh and isinstance(result, list):
            for node in result:
                spend_size(node.value)
        return result


def _counted(query: JSONPathQuery) -> JSONPathQuery:
    """Return the query with its work counted, the queries in its filters too."""
    for segment in query.segments:
        for selector in segment.selectors:
            if isinstance(selector, FilterSelector):
                _count_within(selector.expression)
                counted: Any = _Counted(selector.expression, weigh=False)
                selector.expression = counted
    return _CountedQuery(env=query.env, segments=query.segments)


def _count_within(expression: Expression) -> None:
    match expression:
        case FilterExpression():
            _count_within(expression.expression)
        case PrefixExpression():
            _count_within(expression.right)
        case ComparisonExpression():
            _count_within(expression.left)
            _count_within(expression.right)
            expression.left = _Counted(expression.left, weigh=True)
        case LogicalExpression():
            _count_within(expression.left)
            _count_within(expression.right)
        case FunctionExtension():
            for argument in expression.args:
                _count_within(argument)
        case FilterQuery():
            expression.query = _counted(expression.query)
        case _:
            pass
