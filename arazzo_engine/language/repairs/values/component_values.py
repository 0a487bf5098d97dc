"""Repairs of expressions that name the value of a reusable parameter, which no expression of Arazzo does.

What is written is the value itself, as it stands in the component.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.language.templates import VALUE

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names


def write_value(text: str, names: Names) -> JsonValue:
    """``$components.parameters.limit.value`` is ``10``, where the component has that value."""
    return names.components.get(text)


def write_output(text: str, names: Names) -> JsonValue:
    """The same where an expression must stand, by the engine's own extension."""
    found = names.components.get(text)
    return None if found is None else {VALUE: found}
