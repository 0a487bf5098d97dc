"""The schemas that hold because of what else a value has: `then` or `else` of an `if`, those that hang on a member.

Decides it only where the parts that are asked about are known. What the schemas refuse is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.documents.values import as_list, as_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arazzo_engine.documents.values import JsonValue


class Circumstances(Struct, frozen=True):
    """What is known of a value: whether a schema refuses it, and whether one of its parts is known."""

    is_refused: Callable[[Schema], bool]
    is_known: Callable[[JsonValue], bool]


def holding(parts: Iterable[Schema], value: JsonValue, known: Circumstances) -> Iterator[Schema]:
    """Yield the schemas that hold, as far as a value is known."""
    for part in parts:
        keywords = as_mapping(part.value)
        if "if" in keywords and (branch := _branch(part, value, known)) in keywords:
            yield Schema(part.at.child(branch), keywords[branch])
        yield from _depending(part, value)


def _branch(part: Schema, value: JsonValue, known: Circumstances) -> str:
    """Return the keyword of the schema that holds, nothing where it hangs on what is not known."""
    condition = part.value["if"]
    if known.is_refused(Schema(part.at.child("if"), condition)):
        return "else"
    members = as_mapping(value)
    is_known = all(known.is_known(members.get(name)) for name in as_mapping(as_mapping(condition).get("properties")))
    return "then" if is_known and _is_plain(condition) and isinstance(value, dict) else ""


def _is_plain(condition: JsonValue) -> bool:
    """Whether a condition asks for members alone, and for nothing that is not looked at here."""
    keywords = as_mapping(condition)
    asked = [as_mapping(each).keys() for each in as_mapping(keywords.get("properties")).values()]
    is_of_members = bool(keywords) and keywords.keys() <= {"properties", "required", "type"}
    return is_of_members and all(each and each <= {"const", "enum", "type"} for each in asked)


def _depending(part: Schema, value: JsonValue) -> Iterator[Schema]:
    keywords, given = as_mapping(part.value), as_mapping(value)
    for name, names in as_mapping(keywords.get("dependentRequired")).items():
        if name in given:
            yield Schema(part.at.child("dependentRequired"), {"required": as_list(names)})
    for name, each in as_mapping(keywords.get("dependentSchemas")).items():
        if name in given:
            yield Schema(part.at.child("dependentSchemas", name), each)
