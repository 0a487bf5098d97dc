"""A document: a text, the JSON value in it, and the places of that value.

Positions are computed when a diagnostic needs them, from the text again: a run without a diagnostic never pays for
them.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.documents.positions import Positions
from arazzo_engine.edits import Applicability, Edit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.diagnostics import Diagnostic, Location
    from arazzo_engine.documents.content import Content
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue


class Document(Struct, frozen=True, eq=False, dict=True):
    """One text that was read: its absolute URI, the name a person knows it by, and what it holds.

    Of a text that ``is_secret`` the locations show no part. ``renamed`` has the names in the text of members that have
    another one in the value, ``moved`` where in the text stands what is elsewhere in the value. ``flaws`` are what is
    wrong with a text that is looked into all the same.
    """

    uri: str
    name: str
    content: Content
    is_secret: bool = False
    renamed: Mapping[Pointer, str] = {}
    moved: Mapping[Pointer, Pointer] = {}
    flaws: tuple[Diagnostic, ...] = ()

    @property
    def text(self) -> str:
        """The text."""
        return self.content.text

    @property
    def value(self) -> JsonValue:
        """The whole value; ask ``content`` for a part of one that may be large."""
        return self.content.at(())

    @cached_property
    def positions(self) -> Positions:
        """Where everything in the text stands."""
        return Positions(self.text)

    def root(self) -> Place:
        """Return the place of the whole document."""
        return Place(self)

    def as_written(self, pointer: Pointer) -> Pointer:
        """Return where something stands in the text that is at a pointer of the value."""
        if not self.renamed:
            return pointer
        return tuple(self.renamed.get(pointer[: index + 1], token) for index, token in enumerate(pointer))

    def in_text(self, pointer: Pointer) -> Pointer:
        """Return where a person reads what is at a pointer of the value."""
        for end in range(len(pointer), 0, -1) if self.moved else ():
            if pointer[:end] in self.moved:
                return (*self.moved[pointer[:end]], *pointer[end:])
        return self.as_written(pointer)


class Place(Struct, frozen=True):
    """A value's place in its document, as a pointer. ``location()`` finds the line, for people."""

    document: Document
    pointer: Pointer = ()

    def child(self, *tokens: str | int) -> Place:
        """Return the place of a member or element below this one."""
        return Place(self.document, (*self.pointer, *map(str, tokens)))

    def written(self, value: JsonValue, applicability: Applicability = Applicability.SAFE, before: str = "") -> Edit:
        """Return the edit that writes a value here; a new member stands ``before`` another one."""
        pointer = self.document.as_written(self.pointer)
        return Edit(self.document.uri, pointer, json.dumps(value, ensure_ascii=False), applicability, before)

    def renamed(self, name: str, value: JsonValue) -> Edit:
        """Return the edit that gives this member another name and a value."""
        *above, old = self.document.as_written(self.pointer)
        return Edit(self.document.uri, (*above, name), json.dumps(value, ensure_ascii=False), instead_of=old)

    def location(self, span: tuple[int, int] | None = None) -> Location:
        """Return the location of the value; ``span`` narrows it to characters [start, end) of a string."""
        return self._located(of="value", span=span)

    def lines(self) -> range | None:
        """Return the numbers of the lines that this takes in the text, or ``None`` if nothing is written here."""
        return self.document.positions.lines(self.document.in_text(self.pointer))

    def key_location(self) -> Location:
        """Return the location of the member's name rather than of its value."""
        return self._located(of="key", span=None)

    def _located(self, of: str, span: tuple[int, int] | None) -> Location:
        positions = self.document.positions
        pointer = self.document.in_text(self.pointer)
        found = positions.span(pointer, of)
        start, width = found.start, found.width
        # of a text that was repaired, a part may lie beyond what is written
        if span is not None and found.is_plain and span[1] <= found.width:
            start, width = start + span[0], max(1, span[1] - span[0])
        elif span is not None and of == "value" and (inner := positions.in_block(pointer, span[0])) is not None:
            start, width = inner, max(1, span[1] - span[0])
        location = positions.locate(start, self.document.name, pointer)
        if self.document.is_secret:
            return replace(location, source="")
        return replace(location, width=max(1, min(width, len(location.source) - location.column + 1)))
