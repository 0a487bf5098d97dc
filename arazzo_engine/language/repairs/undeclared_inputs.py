"""The repair of workflows that use inputs and declare none at all: each input they use is one that must be given.

An input that no schema knows could be left out silently; one that is required stops the run before its first request.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.values import JsonValue

# a name that could be one of an input or of an input's member is not decided here
_INPUT: Final = re.compile(r"\$inputs\.([A-Za-z0-9_\-]+)(?![\w.\[\-$@])")
_WHOLE: Final = re.compile(r"\$inputs\.([A-Za-z0-9_\-]+)(?:#.*)?", re.DOTALL)
_EMBEDDED: Final = re.compile(r"\{\$inputs\.([A-Za-z0-9_\-]+)(?:#[^{}]*)?\}")


def declare_inputs(workflow: JsonValue) -> dict[str, JsonValue] | None:
    """Return the schema of the inputs that a workflow without one uses, ``None`` when it has one or uses none."""
    if not isinstance(workflow, dict) or "inputs" in workflow:
        return None
    names = sorted(set(_used(workflow, "")))
    if not names:
        return None
    return {"type": "object", "required": names, "properties": {name: {} for name in names}}


def _used(value: JsonValue, name: str) -> Iterator[str]:
    match value:
        case dict():
            for key, member in value.items():
                yield from _used(member, key)
        case list():
            for element in value:
                yield from _used(element, name)
        case str() if "$inputs." in value and name not in {"description", "summary"}:
            yield from _names_in(value, name)
        case _:
            pass


def _names_in(text: str, name: str) -> Iterator[str]:
    if name == "condition":
        yield from (match[1] for match in _INPUT.finditer(text))
    elif whole := _WHOLE.fullmatch(text):
        yield whole[1]
    else:
        yield from (match[1] for match in _EMBEDDED.finditer(text))
