"""Repairs of what a simple condition names: parts that no pointer has, and the step's own outputs.

Each function takes a Criterion Object as it is written and gives it as it should have been, or ``None``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.language.expressions.grammar import is_expression
from arazzo_engine.language.repairs.criteria.conditions import REFERENCE, quoted_condition, simple_condition
from arazzo_engine.language.repairs.parts import name_part, names_oddly
from arazzo_engine.language.repairs.values.own_outputs import name_judged, name_taken, written_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names


def name_parts(criterion: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """``$response.body#/items[0].id`` and ``$response.body.$.id`` name parts by a JSON Pointer."""

    def named(text: str) -> str:
        is_odd = names_oddly(text) or ".$." in text or ("#" in text and not is_expression(text))
        return (name_part(text, names) or text) if is_odd else text

    return _replaced(criterion, named)


def read_own_outputs(criterion: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """``$steps.own.outputs.id`` in a criterion of the step ``own`` is what the output reads: it is not taken yet."""
    return _with_own(criterion, names, name_judged)


def name_own_outputs(criterion: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """``$outputs.page`` in a criterion of an action of the step ``own`` is the output that this step has given."""
    return _with_own(criterion, names, name_taken)


def _with_own(
    criterion: dict[str, JsonValue], names: Names, name: Callable[[str, Names], str | None]
) -> dict[str, JsonValue] | None:
    """Return a criterion with what one finds instead of own outputs: in its context, in braces, in its condition."""
    texts = ((each, criterion.get(each)) for each in ("context", "condition"))
    found = {each: written_in(text, names, name) for each, text in texts if isinstance(text, str)}
    changed = {**criterion, **{each: written for each, written in found.items() if written is not None}}
    replaced = _replaced(changed, lambda text: name(text, names) or text)
    return replaced or (None if changed == criterion else changed)


def _replaced(criterion: dict[str, JsonValue], correct: Callable[[str], str]) -> dict[str, JsonValue] | None:
    text = simple_condition(criterion)
    if text is None or "context" in criterion:
        return None
    changed = REFERENCE.sub(lambda each: each[1] or correct(each[0]), text)
    # what is written in another way beside it is for other repairs
    return None if changed == text else {**criterion, "condition": quoted_condition(changed) or changed}
