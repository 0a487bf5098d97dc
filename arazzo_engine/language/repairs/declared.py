"""Where that is declared which a repaired value names: the name may be right, and the declaration misspelt.

Decides which steps, workflows, sources and schemas of inputs those are: those that the value names since the repair,
and did not name before. Why the value was repaired, this must not know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import Related
from arazzo_engine.documents.json.writing import json_text
from arazzo_engine.language.repairs.names import entries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.document import Document, Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

_INPUTS: Final = "#/components/inputs/"
# what has its name in a field
_WHAT: Final = {"stepId": "step", "workflowId": "workflow", "name": "source"}


def declarations_named(
    document: Document, pointer: Pointer, found: JsonValue, written: JsonValue
) -> tuple[Related, ...]:
    """Return the places of what the value at a pointer names as it is written now, and not as it was found."""
    before, after = json_text(found), json_text(written)
    return tuple(
        Related(f"`{name}` is this {_WHAT[at.pointer[-1]]}", at)
        for expression, name, at in _declared(document, pointer)
        if not _begins(before, expression, name)
        and (_begins(after, expression, name) or (after == json_text(name) and _is_field_of(at, pointer)))
    )


def input_schema_named(document: Document, reference: str) -> tuple[Related, ...]:
    """Return the place of the schema among the components that a reference names, nothing where it is no such one."""
    name = reference.removeprefix(_INPUTS)
    at = document.root().child("components", "inputs", name)
    is_there = name != reference and document.content.at(at.pointer) is not None
    return (Related(f"`{name}` is this schema", at.key_location()),) if is_there else ()


def _declared(document: Document, pointer: Pointer) -> Iterator[tuple[str, str, Place]]:
    """Yield what an expression begins with that names something, its name, and where that is declared."""
    root = document.root()
    lists: tuple[tuple[str, Pointer, str], ...] = (
        ("$steps", (*pointer[:2], "steps"), "stepId"),
        ("$workflows", ("workflows",), "workflowId"),
        ("$sourceDescriptions", ("sourceDescriptions",), "name"),
    )
    for expression, path, field in lists:
        owner = document.content.at(path[:-1])
        for index, each in enumerate(entries(owner, path[-1])):
            name = each.get(field) if isinstance(each, dict) else None
            if isinstance(name, str):
                yield expression, name, root.child(*path, index, field)


def _is_field_of(declared: Place, pointer: Pointer) -> bool:
    """Whether a value that is an id by itself can be the id that is declared at a place."""
    return pointer[-1] == declared.pointer[-1] or pointer[-1] not in _WHAT


def _begins(text: str, expression: str, name: str) -> bool:
    return f"{expression}.{name}." in text
