"""Typed access to the objects of an API description, for whatever reads them.

A value of the wrong type where it matters ends in ``api-malformed`` with its place; what does not matter to a request
is left alone. What the fields mean is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.reading.nodes import type_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue


def object_at(at: Place) -> dict[str, JsonValue]:
    """Return the object at a place; raises ``ArazzoError`` (``api-malformed``) when it is none."""
    value = value_at(at)
    if not isinstance(value, dict):
        name = at.pointer[-1] if at.pointer else "the description"
        found = "missing" if value is ABSENT else type_name(value)
        raise ArazzoError(malformed(f"`{name}` must be an object, not {found}", at))
    return value


def elements(owner: Place, name: str) -> Iterator[Place]:
    """Yield the places of the elements of a list, none when there is no list."""
    at = owner.child(name)
    value = value_at(at)
    if value is ABSENT or value is None:
        return
    if not isinstance(value, list):
        raise ArazzoError(malformed(f"`{name}` must be a list, not {type_name(value)}", at))
    for index in range(len(value)):
        yield at.child(index)


def members(owner: Place, name: str) -> Iterator[tuple[str, Place]]:
    """Yield the names and places of the members of an object, none when there is no object."""
    at = owner.child(name)
    value = value_at(at)
    for key in value if isinstance(value, dict) else ():
        yield key, at.child(key)


def member(value: JsonValue, name: str) -> JsonValue:
    """Return a member of an object, ``None`` when there is none."""
    return value.get(name) if isinstance(value, dict) else None


def text(value: Mapping[str, JsonValue], name: str) -> str:
    """Return a member that is a string, ``""`` when it is none."""
    found = value.get(name)
    return found if isinstance(found, str) else ""


def flag(value: Mapping[str, JsonValue], name: str, *, default: bool) -> bool:
    """Return a member that is a boolean, the default when it is none."""
    found = value.get(name)
    return found if isinstance(found, bool) else default


def texts(value: JsonValue) -> tuple[str, ...]:
    """Return the elements of a list as texts, none when it is no list."""
    return tuple(map(str, value)) if isinstance(value, list) else ()


def malformed(message: str, at: Place) -> Diagnostic:
    """Return the diagnostic for a value that cannot be what it must be."""
    return diagnose("api-malformed", message, at.location())
