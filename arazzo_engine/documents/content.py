"""What a document holds: its text and its value, which is there as a whole, or a part at a time.

Whoever wants one part of a large value asks for that part by its pointer; where it comes from is not known outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from arazzo_engine.documents.pointers import resolve_pointer

if TYPE_CHECKING:
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue, Value


class Content(Protocol):
    """A text with its value."""

    @property
    def text(self) -> str:
        """The text, for positions."""
        ...

    def at(self, pointer: Pointer) -> Value:
        """Return the part of the value that a pointer names, ``ABSENT`` when it names none."""
        ...

    def derived(self, name: str) -> JsonValue:
        """Return what was once computed of the value and kept with it by that name, ``None`` when nothing was."""
        ...


class Whole(Struct, frozen=True, eq=False):
    """A value that is there as a whole."""

    text: str
    value: JsonValue

    def at(self, pointer: Pointer) -> Value:
        """Return a part of the value."""
        return resolve_pointer(self.value, pointer)

    def derived(self, name: str) -> JsonValue:
        """Return nothing: nothing is kept with a value that was just read."""
        del name
