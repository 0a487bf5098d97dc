"""JSONPath of RFC 9535: the nodes that a query selects in a JSON value, each with its place.

Decides nothing that the library decides: it bounds its work, and puts its errors into our words. Where a query stands
in a document, and what its result is for, is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import jsonpath_rfc9535
from jsonpath_rfc9535 import JSONPathError, JSONPathRecursionError

from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.jsonpath.last_filters import asks_nodes
from arazzo_engine.language.queries.work import LONGEST_QUERY, bounded_work
from arazzo_engine.patterns import lazy_pattern

# the two lines of releases have nothing in common but what every user of them sees
if hasattr(jsonpath_rfc9535, "StandardParser"):
    from arazzo_engine.language.queries.jsonpath.library_2 import CountedQuery, span_of
else:
    from arazzo_engine.language.queries.jsonpath.library_1 import CountedQuery, span_of  # type: ignore[assignment]  # its twin

if TYPE_CHECKING:
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

# the older draft's own example for the last element
_FROM_THE_END: Final = lazy_pattern(r"\[\(\s*@\.length\s*-\s*([1-9]\d{0,8})\s*\)\]")


class Rfc9535:
    """A compiled query."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_QUERY:
            raise QueryError(f"the JSONPath is longer than {LONGEST_QUERY} characters")
        try:
            self._query = CountedQuery(text)
        except (JSONPathRecursionError, RecursionError) as error:
            raise QueryError("the JSONPath nests too deep") from error
        except JSONPathError as error:
            problem = f"the JSONPath is not valid: {error.args[0]}"
            raise QueryError(problem, span_of(error), _instead_of_length(text)) from error
        except (OverflowError, ValueError) as error:
            raise QueryError("the JSONPath has a number that is too large") from error
        # a filter that asks the value itself is about no member of it
        self.begins_with_filter = self._query.begins_with_filter and asks_nodes(text)

    def nodes(self, value: JsonValue) -> tuple[tuple[Pointer, JsonValue], ...]:
        """Return the place and value of each node; raises ``EvaluationError`` when there is too much to look at."""
        try:
            with bounded_work():
                found = tuple(self._query.nodes(value))
        except JSONPathRecursionError as error:
            raise EvaluationError("the value nests too deep for `..`") from error
        except (JSONPathError, RecursionError) as error:
            raise EvaluationError(f"the JSONPath cannot be evaluated: {error.args[0]}") from error
        return tuple((tuple(map(str, location)), node) for location, node in found)


def _instead_of_length(text: str) -> str:
    written = _FROM_THE_END.sub(r"[-\1]", text)
    return f"write `{written}`: a negative index counts from the end" if written != text else ""
