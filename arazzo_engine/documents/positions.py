"""Where a value stands in its text: found by walking the text again, when a diagnostic needs it.

Works on texts that were read before. It never fails: what cannot be found is told as the nearest value around it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from json.decoder import scanstring
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.diagnostics import Location
from arazzo_engine.documents.malformed import MalformedText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.pointers import Pointer

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_DECODER: Final = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a text. ``is_plain`` says that they are the value itself, so that a place in it can be added."""

    start: int
    width: int
    is_plain: bool = False


def find_span(text: str, pointer: Pointer, of: str) -> Span:
    """Return where a ``"value"`` stands, or the ``"key"`` that leads to it."""
    path = _find_path(text, pointer)
    found = path[-1]
    if len(path) <= len(pointer):
        # the value is not there: the key of what should hold it says most
        return found.key or found.value
    return found.key or found.value if of == "key" else found.value


def locate_offset(text: str, offset: int, name: str) -> Location:
    """Return the location of one character of a text."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    source = text[start : len(text) if end < 0 else end].rstrip("\r")
    return Location(uri=name, line=text.count("\n", 0, offset) + 1, column=offset - start + 1, source=source)


@dataclass(frozen=True, slots=True)
class _Node:
    """A value on the way to the one looked for: its own span, and that of the key that leads to it."""

    value: Span
    key: Span | None


@lru_cache(maxsize=64)
def _find_path(text: str, pointer: Pointer) -> tuple[_Node, ...]:
    try:
        return tuple(_json_path(text, pointer))
    except (ValueError, IndexError):
        pass
    try:
        return tuple(_YamlWalk(text).path(pointer))
    except (MalformedText, StopIteration):
        return (_Node(Span(0, 1), None),)


def _json_path(text: str, pointer: Pointer) -> Iterator[_Node]:
    position = _skip(text, 0)
    if text[position] not in "{[":
        raise ValueError("not JSON")
    key: Span | None = None
    yield _Node(_json_span(text, position), key)
    for token in pointer:
        found = _json_member(text, position, token) if text[position] == "{" else _json_element(text, position, token)
        if found is None:
            return
        position, key = found
        yield _Node(_json_span(text, position), key)


def _json_member(text: str, position: int, token: str) -> tuple[int, Span | None] | None:
    position = _skip(text, position + 1)
    while text[position] == '"':
        start = position
        name, end = scanstring(text, position + 1)
        position = _skip(text, _skip(text, end) + 1)
        if name == token:
            return position, Span(start, end - start)
        _, position = _DECODER.raw_decode(text, position)
        position = _skip(text, position)
        if text[position] == ",":
            position = _skip(text, position + 1)
    return None


def _json_element(text: str, position: int, token: str) -> tuple[int, Span | None] | None:
    if text[position] != "[" or not token.isdecimal():
        return None
    position = _skip(text, position + 1)
    for _ in range(int(token)):
        if text[position] == "]":
            return None
        _, position = _DECODER.raw_decode(text, position)
        position = _skip(text, position)
        if text[position] == ",":
            position = _skip(text, position + 1)
    return None if text[position] == "]" else (position, None)


def _json_span(text: str, position: int) -> Span:
    if text[position] == '"':
        value, end = scanstring(text, position + 1)
        return Span(position + 1, max(1, end - position - 2), is_plain=text[position + 1 : end - 1] == value)
    if text[position] in "{[":
        return Span(position, _to_line_end(text, position))
    _, end = _DECODER.raw_decode(text, position)
    return Span(position, end - position, is_plain=True)


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return position if match is None else match.end()


def _to_line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return max(1, len(text[position : len(text) if end < 0 else end].rstrip()))


class _YamlWalk:
    """Walks the events of a text down to one value."""

    def __init__(self, text: str) -> None:
        from arazzo_engine.documents.yaml_text import yaml_events  # noqa: PLC0415 - a JSON text needs no YAML

        self.text = text
        self.events = yaml_events(text)

    def path(self, pointer: Pointer) -> Iterator[_Node]:
        event = self._next_node()
        yield _Node(self._span(event), None)
        for token in pointer:
            found = self._member(token) if _kind(event) == "MappingStart" else self._element(event, token)
            if found is None:
                return
            event, key = found
            yield _Node(self._span(event), key)

    def _member(self, token: str) -> tuple[Any, Span | None] | None:
        while _kind(key := self._next_node()) != "MappingEnd":
            if _kind(key) == "Scalar" and key.value == token:
                return self._next_node(), self._span(key)
            self._pass_over(key)
            self._pass_over(self._next_node())
        return None

    def _element(self, event: Any, token: str) -> tuple[Any, Span | None] | None:  # noqa: ANN401 - PyYAML's events
        if _kind(event) != "SequenceStart" or not token.isdecimal():
            return None
        for _ in range(int(token)):
            each = self._next_node()
            if _kind(each) == "SequenceEnd":
                return None
            self._pass_over(each)
        element = self._next_node()
        return None if _kind(element) == "SequenceEnd" else (element, None)

    def _pass_over(self, event: Any) -> None:  # noqa: ANN401 - the same
        depth = _LEVELS.get(_kind(event), 0)
        while depth > 0:
            depth += _LEVELS.get(_kind(next(self.events)), 0)

    def _next_node(self) -> Any:  # noqa: ANN401 - the same
        event = next(self.events)
        while _kind(event) in {"StreamStart", "DocumentStart"}:
            event = next(self.events)
        return event

    def _span(self, event: Any) -> Span:  # noqa: ANN401 - the same
        start = event.start_mark.index
        if _kind(event) != "Scalar":
            return Span(start, _to_line_end(self.text, start))
        if event.style in {"'", '"'}:
            start += 1
        plain = self.text[start : start + len(event.value)] == event.value
        end = event.end_mark.index
        width = min(_to_line_end(self.text, start), max(1, end - start - (event.style in {"'", '"'})))
        return Span(start, width, is_plain=plain)


_LEVELS: Final = {"MappingStart": 1, "SequenceStart": 1, "MappingEnd": -1, "SequenceEnd": -1}


def _kind(event: Any) -> str:  # noqa: ANN401 - the same
    return type(event).__name__.removesuffix("Event")
