"""JSONPath of the draft `draft-goessner-dispatch-jsonpath-00`: the nodes that a query selects, each with its place.

Decides which of the library's many extensions are part of the draft: those that are not are refused, above all the
ones that hand patterns to Python's own engine. Its work is counted like that of any query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jsonpath_ng.exceptions import JSONPathError
from jsonpath_ng.ext import parse  # type: ignore[attr-defined]  # documented, and in no `__all__`
from jsonpath_ng.ext.filter import And, Expression, Filter, Or
from jsonpath_ng.ext.string import DefintionInvalid
from jsonpath_ng.jsonpath import (
    Child,
    DatumInContext,
    Descendants,
    Fields,
    Index,
    JSONPath,
    Root,
    Slice,
    This,
    Wildcard,
)

from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.work import LONGEST_QUERY, bounded_work, spend, spend_size
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

# `$..book[(@.length-1)]`, the last book in order: of the draft's script expressions, the one with an example in it
_FROM_THE_END: Final = lazy_pattern(
    r"""('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|\[\(\s*@(?:\.length|\['length'\]|\["length"\])\s*-\s*([1-9]\d{0,8})\s*\)\]"""
)
_DRAFT: Final = (Root, This, Child, Descendants, Fields, Wildcard, Index, Slice, Filter, Expression, And, Or)


class GoessnerDraft:
    """A compiled query."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_QUERY:
            raise QueryError(f"the JSONPath is longer than {LONGEST_QUERY} characters")
        if not text.startswith("$"):
            raise QueryError("the JSONPath is not valid: it does not begin with `$`", (0, 1))
        try:
            self._query = parse(_FROM_THE_END.sub(_as_slice, text))
            parts = tuple(_parts(self._query))
        except (JSONPathError, DefintionInvalid, ValueError, Warning) as error:
            fix = "of script expressions, write `[(@.length-1)]` or a filter `[?(@.a > 1)]`" if "[(" in text else ""
            raise QueryError(f"the JSONPath is not valid: {error}", fix=fix) from error
        except RecursionError as error:
            raise QueryError("the JSONPath nests too deep") from error
        _check(parts)
        _count(parts)
        self.begins_with_filter = any(isinstance(part, Child) and _is_filter_of_root(part) for part in parts)

    def nodes(self, value: JsonValue) -> tuple[tuple[Pointer, JsonValue], ...]:
        """Return the place and value of each node; raises ``EvaluationError`` when there is too much to look at."""
        try:
            with bounded_work():
                return tuple((_place(node), node.value) for node in self._query.find(value))
        except (TypeError, RecursionError) as error:
            raise EvaluationError(f"the JSONPath cannot be evaluated: {error}") from error


def _as_slice(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[1]
    last = int(found[2])
    return f"[-{last}:]" if last == 1 else f"[-{last}:-{last - 1}]"


def _parts(part: object) -> Iterator[JSONPath]:
    """Yield a query and every query within it."""
    if not isinstance(part, JSONPath):
        return
    yield part
    for name in ("left", "right", "target", "value"):
        yield from _parts(getattr(part, name, None))
    for each in (*getattr(part, "expressions", ()), *getattr(part, "operands", ())):
        yield from _parts(each)


def _check(parts: tuple[JSONPath, ...]) -> None:
    for part in parts:
        # the extensions are subclasses of parts of the draft
        if type(part) not in _DRAFT:
            raise QueryError(f"the JSONPath is not valid: `{part}` is no part of the draft")
        if isinstance(part, Expression) and part.op == "=~":
            fix = "use a criterion of type `regex`, or `match` of RFC 9535"
            raise QueryError("the JSONPath is not valid: `=~` is no part of the draft", fix=fix)
        if isinstance(part, Expression) and not isinstance(_first(part.target), This | Root):
            fix = f"write `@.{part.target}`, or `$.{part.target}` for what stands at the root"
            raise QueryError(f"the JSONPath is not valid: `{part.target}` in a filter begins with no `@`", fix=fix)


def _first(part: object) -> object:
    """Return what a query begins with."""
    while isinstance(part, Child | Descendants):
        part = part.left
    return part


def _count(parts: tuple[JSONPath, ...]) -> None:
    weighed = {id(part.target) for part in parts if isinstance(part, Expression) and isinstance(part.value, JSONPath)}
    filters = (part for part in parts if isinstance(part, Expression))
    lengths = {id(each) for part in filters for side in (part.target, part.value) for each in _parts(side)}
    for part in parts:
        find = _length_of(part.find) if id(part) in lengths and _is_length(part) else part.find
        counted: Any = _counted(find, weigh=id(part) in weighed)
        part.find = counted  # type: ignore[method-assign]  # the library has no other place to count its work at


def _is_length(part: JSONPath) -> bool:
    return isinstance(part, Fields) and part.fields == ("length",)


def _length_of(find: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a search for a member `length`, which a list and a text have in the scripts of the draft's filters."""

    def found(datum: Any) -> Any:  # noqa: ANN401 - the library's data
        value = DatumInContext.wrap(datum).value
        return [DatumInContext.wrap(len(value))] if isinstance(value, list | str) else find(datum)

    return found


def _counted(find: Callable[[Any], Any], *, weigh: bool) -> Callable[[Any], Any]:
    def counted(datum: Any) -> Any:  # noqa: ANN401 - the library's data
        spend(1)
        found = find(datum)
        spend(len(found))
        if weigh:
            for node in found:
                spend_size(node.value)
        return found

    return counted


def _is_filter_of_root(part: Child) -> bool:
    return isinstance(part.left, Root) and isinstance(part.right, Filter)


def _place(node: Any) -> Pointer:  # noqa: ANN401 - the library's data
    tokens: list[str] = []
    while node.context is not None:
        path = node.path
        if not isinstance(path, This | Root):
            tokens.append(_token(path, node.context.value))
        node = node.context
    return tuple(reversed(tokens))


def _token(path: Any, around: Any) -> str:  # noqa: ANN401 - the library's data
    if not isinstance(path, Index):
        return str(path.fields[0])
    index = path.indices[0]
    return str(index + len(around) if index < 0 else index)
