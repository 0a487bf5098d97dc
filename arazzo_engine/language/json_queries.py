"""Queries of JSON values, whatever their language: judged, and explained by what they selected.

Decides when a JSONPath criterion passes, and which contexts it can be asked of. What a query selects is decided by the
module of its language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from arazzo_engine.language.comparison import EvaluationError
from arazzo_engine.language.conditions import Judgement, show_value

if TYPE_CHECKING:
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue


class NodeQuery(Protocol):
    """A compiled query of one language."""

    begins_with_filter: bool

    def nodes(self, value: JsonValue) -> tuple[tuple[Pointer, JsonValue], ...]:
        """Return the place and value of each node that the query selects."""


class JsonQuery:
    """A query of a JSON value."""

    def __init__(self, query: NodeQuery) -> None:
        self._query = query

    def judge(self, context: JsonValue) -> Judgement:
        """Judge a context.

        "A condition passes (truthy) when the JSONPath expression returns a non-empty nodelist (one or more nodes)."
        """
        found = self._nodes(context)
        return Judgement(bool(found), self._explain(context, found))

    def _nodes(self, context: JsonValue) -> tuple[tuple[Pointer, JsonValue], ...]:
        # "Invalid context (e.g., applying JSONPath to non-JSON data)"
        if isinstance(context, str):
            raise EvaluationError("the context is text, not a JSON object or array")
        return self._query.nodes(context)

    def _explain(self, context: JsonValue, found: tuple[tuple[Pointer, JsonValue], ...]) -> str:
        if len(found) == 1:
            return f"selects {show_value(found[0][1])}"
        if found:
            return f"selects {len(found)} nodes"
        explanation = f"selects nothing in {show_value(context)}"
        if self._query.begins_with_filter and isinstance(context, dict):
            explanation += " (`$[?…]` looks at the members of an object, not at the object itself)"
        return explanation
