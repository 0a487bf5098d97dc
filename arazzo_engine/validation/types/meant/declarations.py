"""How an input is to be declared that goes where an object or a list is taken, and is declared as something else.

Decides it from the places that the input goes to: where one of them takes nothing of the kind, no declaration fits all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.schemas.alternatives import all_types
from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.templates import template_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.schemas.alternatives import Alternatives, Known
    from arazzo_engine.language.templates import Template
    from arazzo_engine.validation.types.taking import Goal

_MAY_BE_WRONG: Final = frozenset({"string", "object", "array", "null"})
_KINDS: Final = {frozenset({"object"}): "object", frozenset({"array"}): "array"}


def declaration_meant(template: Template, given: Known, goals: Iterable[Goal], schemas: Alternatives) -> str:
    """Return how to declare the input that a value is, for all places that it goes to; nothing for what is none."""
    if not isinstance(template, Expression) or template.expression.root is not Root.INPUTS:
        return ""
    known = [each.known for each in goals]
    kinds = {_KINDS.get(all_types(each) - {"null"}) for each in known}
    kind = kinds.pop() if len(kinds) == 1 else None
    # a number is declared on purpose, and a part of the place may be meant for it
    if kind is None or kind in all_types(given) or not all_types(given) <= _MAY_BE_WRONG:
        return ""
    names = dict.fromkeys(name for each in known for name in _required(each, schemas))
    written = ", ".join(write_scalar(name, in_flow=True) for name in names)
    schema = f"{{type: {kind}, required: [{written}]}}" if names and kind == "object" else f"{{type: {kind}}}"
    of = {"object": "an object", "array": "a list"}[kind]
    return f"give {of}: declare `{template_text(template)}` with `{schema}` in the workflow's `inputs`"


def _required(known: Known, schemas: Alternatives) -> tuple[str, ...]:
    """Return the members that all alternatives require of what is sent."""
    first, *rest = (schemas.parts.required(each.parts) for each in known)
    return tuple(name for name in first if all(name in each for each in rest))
