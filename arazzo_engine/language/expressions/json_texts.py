"""Where the expressions of a payload stand that is JSON as text.

Decides the place of each that is a whole value, with or without quotes around it; one within a longer text has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.language.expressions.strings import Expression, join_json
from arazzo_engine.language.messages.payloads import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.strings import ExpressionString


class Spot(Struct, frozen=True):
    """An expression, its place in the value of a text, and whether it stands in quotes there."""

    expression: Expression
    path: Pointer
    is_quoted: bool


def spots_in(template: ExpressionString) -> Iterator[Spot]:
    """Yield the expressions that are whole values; none of a text that is no object or array of JSON."""
    known: dict[str, tuple[Expression, bool]] = {}

    def mark(part: Expression, *, is_quoted: bool) -> str:
        # characters of no text that people write
        sign = f"\ue000{len(known)}\ue001"
        known[sign] = part, is_quoted
        return sign if is_quoted else f'"{sign}"'

    text = join_json(template.parts, lambda part: mark(part, is_quoted=True), lambda part: mark(part, is_quoted=False))
    try:
        value = parse_json(text) if text.lstrip()[:1] in {"{", "["} else None
    except MalformedText:
        return
    for path, leaf in _leaves(value, ()):
        if leaf in known:
            yield Spot(known[leaf][0], path, known[leaf][1])


def _leaves(value: JsonValue, path: Pointer) -> Iterator[tuple[Pointer, str]]:
    match value:
        case str():
            yield path, value
        case dict():
            for name, member in value.items():
                yield from _leaves(member, (*path, name))
        case list():
            for index, element in enumerate(value):
                yield from _leaves(element, (*path, str(index)))
        case _:
            pass
