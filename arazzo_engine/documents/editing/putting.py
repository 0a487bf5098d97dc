"""A JSON value with other values put in at some places: what an edited text should say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue


def put(value: JsonValue, pointer: Pointer, written: JsonValue, before: str = "") -> JsonValue:
    """Return a value with another one at a place, which is there, or a member that is not; the rest is shared.

    A new member stands ``before`` another one, else behind all others. Raises ``KeyError`` or ``IndexError`` where the
    place cannot be.
    """
    if not pointer:
        return written
    token, *rest = pointer
    if isinstance(value, list):
        index = int(token)
        return [*value[:index], put(value[index], tuple(rest), written, before), *value[index + 1 :]]
    if not isinstance(value, dict):
        raise KeyError(token)
    if token in value or rest:
        return {**value, token: put(value[token], tuple(rest), written, before)}
    names = list(value)
    at = names.index(before) if before in value else len(names)
    return {name: written if name == token else value[name] for name in (*names[:at], token, *names[at:])}
