"""Repairs of Reusable Objects that name their component as OpenAPI would: by ``$ref`` or a JSON Pointer.

What another document holds cannot be referred to, and an object that has fields of its own beside the reference has two
readings: neither is repaired.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

_POINTER: Final = lazy_pattern(
    r"(?:#/|\$|/)?components[./](parameters|successActions|failureActions)[./]([A-Za-z0-9.\-_]+)"
)
_BESIDE: Final = frozenset({"$ref", "reference", "value", "description", "summary"})


def named_component(value: dict[str, JsonValue]) -> Iterator[tuple[str, str]]:
    """Yield the shelf and the name of the component that an object refers to, in any of the forms."""
    for name in ("reference", "$ref"):
        if match := _POINTER.fullmatch(str(value.get(name))):
            yield match[1], match[2]


def name_component(value: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$ref: '#/components/parameters/item'`` is ``reference: $components.parameters.item``."""
    given = [value[name] for name in ("$ref", "reference") if name in value]
    if len(given) != 1 or not isinstance(given[0], str) or not value.keys() <= _BESIDE:
        return None
    match = _POINTER.fullmatch(given[0])
    if match is None:
        return None
    written = f"$components.{match[1]}.{match[2]}"
    if value.get("reference") == written:
        return None
    kept = {name: each for name, each in value.items() if name == "value"}
    return {"reference": written, **kept}
