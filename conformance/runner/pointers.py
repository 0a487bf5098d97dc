"""JSON Pointers (RFC 6901): a place in a document, and a document that is changed there.

It changes copies only, and knows nothing of what a document means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from runner.yaml_subset import Json

_NOTHING: Final = object()


def edited(value: Json, pointer: str, new: Json | object = _NOTHING) -> Json:
    """Return the value with ``new`` at the pointer, in an element that is replaced or appended, or without it."""
    first, _, rest = pointer.removeprefix("/").partition("/")
    name = first.replace("~1", "/").replace("~0", "~")
    changed: Json = list(value) if isinstance(value, list) else dict(value)
    key = int(name) if isinstance(changed, list) else name
    if rest:
        changed[key] = edited(changed[key], f"/{rest}", new)
    elif new is _NOTHING:
        del changed[key]
    elif isinstance(changed, list) and key == len(changed):
        changed.append(new)
    else:
        changed[key] = new
    return changed


def parent(pointer: str) -> str:
    """Return the pointer to what holds a place."""
    return pointer.rpartition("/")[0]
