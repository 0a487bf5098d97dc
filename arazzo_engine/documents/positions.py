"""From a pointer to the characters of a text, for diagnostics only: speed is no concern, and nothing is refused.

Where the pointer leads to nothing, the nearest thing above it that exists is meant: there the missing member belongs.
"""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_right
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.diagnostics import Location
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.outline import Kind, Outline
from arazzo_engine.documents.pointers import render_pointer

if TYPE_CHECKING:
    from arazzo_engine.documents.pointers import Pointer


_LINE_END: Final = re.compile("\n")


class Span(Struct, frozen=True):
    """The first line of a node: character offset and width, and whether its characters are the value's, one by one."""

    start: int
    width: int
    is_plain: bool


class Positions(Struct, frozen=True, dict=True, eq=False):
    """Where everything in one text stands. What a place costs does not grow with the text, but for the first one."""

    text: str

    @cached_property
    def _outline(self) -> Outline:
        return outline_of(self.text)

    @cached_property
    def _spans(self) -> dict[int, Span]:
        return {}

    @cached_property
    def _line_starts(self) -> array[int]:
        starts = array("q", [0])
        starts.extend(match.end() for match in _LINE_END.finditer(self.text))
        return starts

    @cached_property
    def _lines(self) -> dict[int, str]:
        return {}

    def span(self, pointer: Pointer, of: str) -> Span:
        """Return the span of the ``"value"`` at a pointer or of its ``"key"``; of what is nearest if there is none."""
        outline = self._outline
        if not outline.kinds:
            return _first_line(self.text, 0, len(self.text))
        key: int | None = None
        row = 0
        for token in pointer:
            step = outline.step(row, token)
            if step is None:
                return _nearest(self.text, outline, (key, row), token)
            key, row = step
        wanted = row if of == "value" or key is None else key
        if wanted not in self._spans:
            # a long value would be looked through again for each thing that is wrong in it
            self._spans[wanted] = _span(self.text, outline, wanted)
        return self._spans[wanted]

    def lines(self, pointer: Pointer) -> range | None:
        """Return the lines that a member or element takes with its name, ``None`` if there is none."""
        outline = self._outline
        if not outline.kinds:
            return None
        key: int | None = None
        row = 0
        for token in pointer:
            step = outline.step(row, token)
            if step is None:
                return None
            key, row = step
        start, last = outline.starts[row if key is None else key], outline.ends[row] - 1
        # what ends in a line break takes nothing of the line after it
        while last > start and self.text[last].isspace():
            last -= 1
        return range(self._line_at(start), self._line_at(max(start, last)) + 1)

    def _line_at(self, offset: int) -> int:
        return bisect_right(self._line_starts, offset)

    def locate(self, offset: int, name: str, pointer: Pointer = ()) -> Location:
        """Return the location of one character of the text, which people know as ``name``."""
        line = self._line_at(offset)
        return Location(
            uri=name,
            line=line,
            column=offset - self._line_starts[line - 1] + 1,
            pointer=render_pointer(pointer),
            source=self._line(line),
        )

    def _line(self, number: int) -> str:
        # one text for all that is found in a line: it may be the whole document
        if number not in self._lines:
            start = self._line_starts[number - 1]
            end = self._line_starts[number] - 1 if number < len(self._line_starts) else len(self.text)
            self._lines[number] = self.text[start:end].rstrip("\r")
        return self._lines[number]


def find_span(text: str, pointer: Pointer, of: str) -> Span:
    """Return the span of a value or key in a text that is asked once."""
    return Positions(text).span(pointer, of)


def locate_offset(text: str, offset: int, name: str, pointer: Pointer = ()) -> Location:
    """Return the location of a character of a text that is asked once."""
    return Positions(text).locate(offset, name, pointer)


@lru_cache(maxsize=4)
def outline_of(text: str) -> Outline:
    """Return the outline of a text, empty if it is not well-formed; several diagnostics share it."""
    if text.lstrip()[:1] in {"{", "[", '"'} and is_json(text):
        return _outline_json(text)
    return _outline_yaml(text)


def is_json(text: str) -> bool:
    """Whether the standard library reads a text as JSON."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _outline_json(text: str) -> Outline:
    from arazzo_engine.documents.json.outline import outline_json  # noqa: PLC0415 - a YAML text needs no JSON

    return outline_json(text)


def _outline_yaml(text: str) -> Outline:
    from arazzo_engine.documents.yaml.outline import outline_yaml  # noqa: PLC0415 - a JSON text needs no YAML

    try:
        return outline_yaml(text)
    except MalformedText:
        # what was open at the mistake has no end, so its rows could not be walked
        return Outline()


def _nearest(text: str, outline: Outline, found: tuple[int | None, int], missing: str) -> Span:
    key, row = found
    # what an alias brings in is written elsewhere, and may be brought in more than once: the alias is the place
    carrier = row if outline.kinds[row] == Kind.ALIAS else outline.merge(row, missing)
    if carrier is None:
        carrier = row if key is None else key
    return _first_line(text, outline.starts[carrier], outline.ends[carrier])


def _span(text: str, outline: Outline, row: int) -> Span:
    start, end = outline.starts[row], outline.ends[row]
    if outline.kinds[row] != Kind.ALIAS and text[start:end] == outline.texts[row]:
        return Span(start, _first_line(text, start, end).width, is_plain=True)
    return _first_line(text, start, end)


def _first_line(text: str, start: int, end: int) -> Span:
    line_end = text.find("\n", start, end)
    line = text[start : end if line_end < 0 else line_end]
    return Span(start, len(line.rstrip()), is_plain=False)
