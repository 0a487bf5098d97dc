"""Queries of JSON values, whatever their language: judged, selected with, and replaced at.

Decides when a JSONPath criterion passes, and which contexts can be asked. What a query selects is decided by the
module of its language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from arazzo_engine.documents.pointers import Pointer, parse_pointer, resolve_pointer
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.conditions.judgements import Judgement, show_value
from arazzo_engine.language.expressions.mistakes import as_pointer
from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.spelling import near_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.documents.values import JsonValue

# the names of a pointer that lacks its first stroke
_NAMES: Final = lazy_pattern(r"[\w\-~@$]+(?:/[\w\-~@$]+)*")
_OF_JSONPATH: Final = (
    "a JSON Pointer is written as `/list/0`; of a JSONPath, the type of the query has to say that it is one"
)


class NodeQuery(Protocol):
    """A compiled query of one language."""

    begins_with_filter: bool

    def nodes(self, value: JsonValue) -> tuple[tuple[Pointer, JsonValue], ...]:
        """Return the place and value of each node that the query selects."""


class PointerQuery:
    """A JSON Pointer (RFC 6901), which selects one node or none."""

    begins_with_filter = False

    def __init__(self, text: str) -> None:
        try:
            self._pointer = parse_pointer(text)
        except ValueError as error:
            raise QueryError(f"the JSON Pointer is not valid: {error}", fix=_fix_pointer(text)) from error

    def nodes(self, value: JsonValue) -> tuple[tuple[Pointer, JsonValue], ...]:
        """Return the one node, or none."""
        # RFC 6901, section 4: "-" is "the (nonexistent) member after the last array element", so it selects nothing
        found = resolve_pointer(value, self._pointer)
        return () if found is ABSENT else ((self._pointer, found),)

    def new_places(self, value: JsonValue) -> list[Pointer]:
        """Return the place of a member that is not there, where the object is that it would stand in.

        A name that is nearly one of its members is a slip, and no new member.
        """
        *above, name = self._pointer or ("",)
        around = resolve_pointer(value, above) if self._pointer else ABSENT
        return [self._pointer] if isinstance(around, dict) and meant_member(name, around) is None else []


def _fix_pointer(text: str) -> str:
    """Return how the JSON Pointer is written that a text means: one of a body, without its first stroke, or a JSONPath.

    >>> [_fix_pointer(each) for each in ("$request.body#/list/0", "#/list", "list/0", "$.list[0]")]
    ['write `/list/0`', 'write `/list`', 'write `/list/0`', 'write `/list/0`']
    """
    _, sign, pointer = text.partition("#")
    if not pointer.startswith("/"):
        pointer = as_pointer(text[1:]) if text.startswith("$") else f"/{text}" if _NAMES.fullmatch(text) else ""
    is_jsonpath = text.startswith(("$.", "$[")) and not sign
    return f"write `{pointer}`" if pointer else _OF_JSONPATH if is_jsonpath else ""


def meant_member(name: str, members: Iterable[str]) -> str | None:
    """Return the member that a name is nearly; one that differs in a number is another.

    >>> meant_member("nte", ["note"]), meant_member("line2", ["line1"])
    ('note', None)
    """
    return near_name(name, (each for each in members if _without_digits(each) != _without_digits(name)))


def _without_digits(name: str) -> str:
    return "".join(each for each in name if not each.isdigit())


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

    def select(self, context: JsonValue) -> tuple[JsonValue, ...]:
        """Return the values of the nodes that are selected."""
        return tuple(value for _, value in self._nodes(context))

    def replace(self, payload: JsonValue, value: JsonValue) -> JsonValue:
        """Return the payload with the value in every place that is selected, in the outermost where one is in another.

        A JSON Pointer to a member that is not there adds it, where the object is that it would stand in.
        Raises ``EvaluationError`` when nothing is selected.
        """
        places = [place for place, _ in self._nodes(payload)]
        if not places and isinstance(self._query, PointerQuery):
            places = self._query.new_places(payload)
        if not places:
            raise EvaluationError(f"selects nothing in {show_value(payload)}")
        return _replaced(payload, places, value)

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


def _replaced(value: JsonValue, places: list[Pointer], replacement: JsonValue) -> JsonValue:
    """Return a value with another one in some places; each object and list is copied once, however many there are."""
    if () in places:
        return replacement
    within: dict[str, list[Pointer]] = {}
    for token, *rest in places:
        within.setdefault(token, []).append(tuple(rest))
    copy = value.copy()
    for token, inner in within.items():
        key = int(token) if isinstance(value, list) else token
        copy[key] = replacement if () in inner else _replaced(value[key], inner, replacement)
    return copy
