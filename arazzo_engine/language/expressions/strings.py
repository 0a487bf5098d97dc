"""Strings with runtime expressions in braces: what is text, what an expression, how a value stands in one.

Decides where an embedded expression begins and ends. What the whole is for, a value or a query, is not known here, and
nothing is looked up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from msgspec import Struct

from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.json.writing import json_text
from arazzo_engine.documents.watch import go_on
from arazzo_engine.language.expressions.grammar import (
    ExpressionError,
    RuntimeExpression,
    looks_like_expression,
    read_expression,
)
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.sizes import Room
    from arazzo_engine.documents.values import JsonValue

Span: TypeAlias = tuple[int, int]
_Read = TypeVar("_Read")
_JSON_QUOTES: Final = lazy_pattern(r'"|\\.', re.DOTALL)


class Expression(Struct, frozen=True):
    """A value that is one expression and keeps its type; ``span`` is its characters in the string at its place.

    One that ``sends_text`` stands where bytes are sent, and those are the bytes of its text; of an object so are those
    of its ``text_members``. One that ``comes_later`` is an output of the step that sends it: its place is left out
    until the step has succeeded once.
    """

    expression: RuntimeExpression
    at: Place
    span: Span
    sends_text: bool = False
    text_members: frozenset[str] = frozenset()
    comes_later: bool = False


class ExpressionString(Struct, frozen=True):
    """A string with expressions in braces: the parts in order, text and expressions."""

    parts: tuple[str | Expression, ...]
    at: Place


def split_expressions(text: str, at: Place, problems: list[Diagnostic]) -> Iterator[str | Expression]:
    """Yield the parts of a string: "embedded-expression = "{" expression "}"", everything else is text."""
    done = 0
    for start, end in embedded_spans(text):
        part = parse_part(text, (start, end), at, problems)
        if part is not None:
            if done < start - 1:
                yield text[done : start - 1]
            yield part
            done = end + 1
    if done < len(text):
        yield text[done:]


def embedded_spans(text: str) -> Iterator[Span]:
    """Yield where something stands in braces that is meant as an expression, without the braces."""
    start = text.find("{$")
    while start >= 0:
        end = text.find("}", start)
        if end < 0:
            break
        go_on()
        if looks_like_expression(text[start + 1 : end]):
            yield start + 1, end
        start = text.find("{$", end)


def parse_part(text: str, span: Span, at: Place, problems: list[Diagnostic]) -> Expression | None:
    """Return the expression that some characters of a string are, or ``None`` and a problem more."""
    try:
        return Expression(read_expression(text[span[0] : span[1]]), at, span)
    except ExpressionError as error:
        location = at.location((span[0] + error.start, span[0] + error.end))
        problems.append(diagnose("invalid-expression", error.message, location, fix=error.fix))
        return None


def unquoted(value: JsonValue) -> str | None:
    """Return the text that an object was meant to be, ``None`` when it is an object.

    ``{$inputs.a}`` without quotes is a mapping in YAML, whose only key has no value.

    >>> unquoted({"$inputs.a": None}), unquoted({"$inputs.a": 1}), unquoted({"a": None})
    ('{$inputs.a}', None, None)
    """
    if not isinstance(value, dict) or not value or any(member is not None for member in value.values()):
        return None
    return f"{{{', '.join(value)}}}" if all(map(looks_like_expression, value)) else None


def unquoted_problem(text: str, at: Place) -> Diagnostic:
    """Return the problem of an object that was meant to be a text."""
    inner = text[1:-1]
    if ", " in inner:
        message = f"`{text}` without quotes is an object whose members are named so, and holds no expression"
        fix = f"write `[{inner}]` for a list of the values, or a name and a `:` before each"
        return diagnose("invalid-expression", message, at.location(), fix=fix)
    message = f"`{text}` without quotes is an object whose member is named `{inner}`, and no expression"
    fix = f"write `'{text}'` for a text, or `{inner}` for the value as it is"
    return diagnose("invalid-expression", message, at.location(), fix=fix)


def join_parts(
    parts: tuple[str | Expression, ...],
    write: Callable[[Expression, _Read], str],
    read: Callable[[_Read, str], _Read],
    nothing: _Read,
) -> str:
    """Return the parts as one text; ``write`` gets an expression and what ``read`` made of the text before it.

    Each part is read once: ``read`` goes on from what it made of those before, at first from ``nothing``.
    """
    known = nothing
    joined = []
    for part in parts:
        if isinstance(part, str):
            known = read(known, part)
            joined.append(part)
        else:
            joined.append(write(part, known))
    return "".join(joined)


def join_json(
    parts: tuple[str | Expression, ...], in_string: Callable[[Expression], str], outside: Callable[[Expression], str]
) -> str:
    """Return the parts of a JSON text as one, its expressions written as they stand in a string of it or outside."""
    return join_parts(parts, lambda part, quotes: (in_string if quotes % 2 else outside)(part), count_quotes, 0)


def count_quotes(before: int, text: str) -> int:
    """Return how many quotes of strings a part of a JSON text has, and those before it."""
    return before + sum(each[0] == '"' for each in _JSON_QUOTES.finditer(text))


def text_within(value: JsonValue, room: Room) -> str:
    """Return a value as it stands inside a longer string; raises ``TooLarge`` where there is no room for it."""
    room.take_value(value)
    return text_of(value)


def text_of(value: JsonValue) -> str:
    """Return a value as it stands inside a longer string.

    "Scalar values (string, number, boolean, null) are converted to their string representation"; an object or an
    array "MUST be serialized as JSON per RFC 8259".

    >>> text_of(True), text_of(1.5), text_of(10.0), text_of([1, "a"])
    ('true', '1.5', '10', '[1,"a"]')
    """
    return value if isinstance(value, str) else json_text(value)
