"""From a pointer to the characters of a text, for diagnostics only: speed is no concern, and nothing is refused.

Where the pointer leads to nothing, the nearest thing above it that exists is meant: there the missing member belongs.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.diagnostics import Location
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.outline import Outline
from arazzo_engine.documents.pointers import render_pointer

if TYPE_CHECKING:
    from arazzo_engine.documents.json.places import JsonPlaces
    from arazzo_engine.documents.outline import Node
    from arazzo_engine.documents.pointers import Pointer


class Span(Struct, frozen=True):
    """The first line of a node: character offset and width, and whether its characters are the value's, one by one."""

    start: int
    width: int
    is_plain: bool


class Positions(Struct, frozen=True, dict=True, eq=False):
    """Where everything in one text stands. What a place costs does not grow with the text, but for the first one."""

    text: str

    @cached_property
    def _nodes(self) -> JsonPlaces | Outline:
        return nodes_of(self.text)

    @cached_property
    def _spans(self) -> dict[Node, Span]:
        return {}

    @cached_property
    def _line_starts(self) -> array[int]:
        lengths = (len(line) + 1 for line in self.text.split("\n")[:-1])
        return array("q", accumulate(lengths, initial=0))

    @cached_property
    def _lines(self) -> dict[int, str]:
        return {}

    def span(self, pointer: Pointer, of: str) -> Span:
        """Return the span of the ``"value"`` at a pointer or of its ``"key"``; of what is nearest if there is none."""
        found = self._nodes.find(pointer)
        if found is None:
            return _first_line(self.text, 0, len(self.text))
        wanted = found.value if of == "value" or found.key is None else found.key
        if wanted not in self._spans:
            # a long value would be looked through again for each thing that is wrong in it
            self._spans[wanted] = _span(self.text, wanted)
        return self._spans[wanted]

    def in_block(self, pointer: Pointer, offset: int) -> int | None:
        """Return where a character of a value stands that is written as lines below a ``|``, ``None`` elsewhere."""
        found = self._nodes.find(pointer)
        if found is None or not found.is_there or found.value.text is None or self.text[found.value.start] != "|":
            return None
        before = found.value.text[:offset]
        number, column = before.count("\n"), offset - (before.rfind("\n") + 1)
        lines = self.text[found.value.start : found.value.end].split("\n")
        said = found.value.text.split("\n")[number]
        # the header takes the first line, and what is before the words of a line is its indentation
        written = lines[number + 1].rstrip("\r") if number + 1 < len(lines) else ""
        if not said or not written.endswith(said):
            return None
        above = sum(len(each) + 1 for each in lines[: number + 1])
        return found.value.start + above + len(written) - len(said) + column

    def lines(self, pointer: Pointer) -> range | None:
        """Return the lines that a member or element takes with its name, ``None`` if there is none."""
        found = self._nodes.find(pointer)
        if found is None or not found.is_there:
            return None
        start, last = (found.key or found.value).start, found.value.end - 1
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


def locate_offset(text: str, offset: int, name: str, pointer: Pointer = ()) -> Location:
    """Return the location of a character of a text that is asked once."""
    return Positions(text).locate(offset, name, pointer)


@lru_cache(maxsize=4)
def nodes_of(text: str) -> JsonPlaces | Outline:
    """Return where the nodes of a text stand; several diagnostics share it."""
    return _json_places(text) or _outline_yaml(text)


@lru_cache(maxsize=4)
def outline_of(text: str) -> Outline:
    """Return the outline of a text, empty if it is not well-formed."""
    nodes = nodes_of(text)
    return nodes if isinstance(nodes, Outline) else _outline_json(text)


def _json_places(text: str) -> JsonPlaces | None:
    if text.lstrip()[:1] not in {"{", "[", '"'}:
        return None
    from arazzo_engine.documents.json.places import json_places  # noqa: PLC0415 - a YAML text needs no JSON

    return json_places(text)


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


def _span(text: str, node: Node) -> Span:
    first = _first_line(text, node.start, node.end)
    return Span(node.start, first.width, is_plain=text[node.start : node.end] == node.text)


def _first_line(text: str, start: int, end: int) -> Span:
    line_end = text.find("\n", start, end)
    line = text[start : end if line_end < 0 else line_end]
    return Span(start, len(line.rstrip()), is_plain=False)
