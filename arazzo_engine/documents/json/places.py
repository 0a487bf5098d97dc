"""Where the nodes of a JSON text stand, looked up along a pointer: what is not on the way is stepped over in one go.

Decides where a value ends by reading it with the standard library. What the nodes mean is not known here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.documents.outline import Found, Node
from arazzo_engine.documents.watch import go_on
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.pointers import Pointer

# RFC 8259, section 2: "Insignificant whitespace is allowed before or after any of the six structural characters."
_SPACE: Final = lazy_pattern(r"[ \t\n\r]*")
# only where a value ends is asked, not which number it is
_VALUES: Final = json.JSONDecoder(parse_int=str, parse_float=str)
_AT_ONCE: Final = 1_000
# what is within so many collections is read so often: of a large text that nests deeper, what is around is found
_MOST_READINGS: Final = 50
_SMALL: Final = 1_000_000


class JsonPlaces(Struct):
    """The nodes of a text, from its root. A collection is looked through once, when something in it is asked for."""

    text: str
    root: Node
    _known: dict[int, dict[str, Found]] = field(default_factory=dict)
    _read: int = 0

    def find(self, pointer: Pointer) -> Found:
        """Return what stands at a pointer, or what is nearest to it."""
        found = Found(None, self.root)
        for token in pointer:
            inner = self._inner(found.value).get(token)
            if inner is None:
                return found.as_nearest()
            found = inner
        return found

    def _inner(self, node: Node) -> dict[str, Found]:
        if node.start not in self._known:
            self._read += node.end - node.start
            is_read = node.text is None and self._read <= _MOST_READINGS * max(len(self.text), _SMALL)
            self._known[node.start] = self._look_through(node) if is_read else {}
        return self._known[node.start]

    def _look_through(self, node: Node) -> dict[str, Found]:
        found: dict[str, Found] = {}
        members = _members if self.text[node.start] == "{" else _items
        for number, (name, each) in enumerate(members(self.text, node.start + 1)):
            if number % _AT_ONCE == 0:
                go_on()
            found.setdefault(name, each)
        return found


def json_places(text: str) -> JsonPlaces | None:
    """Return the nodes of a text, ``None`` if it is no JSON."""
    try:
        root, end = _value(text, _next(text, 0))
    except (ValueError, RecursionError):
        return None
    return JsonPlaces(text, root) if end == len(text) else None


def _members(text: str, at: int) -> Iterator[tuple[str, Found]]:
    at = _next(text, at)
    while text[at] != "}":
        key, colon = _value(text, at)
        value, at = _value(text, _next(text, colon + 1))
        yield key.text or "", Found(key, value)
        at = _next(text, at + 1) if text[at] == "," else at


def _items(text: str, at: int) -> Iterator[tuple[str, Found]]:
    at, index = _next(text, at), 0
    while text[at] != "]":
        value, at = _value(text, at)
        yield str(index), Found(None, value)
        at, index = _next(text, at + 1) if text[at] == "," else at, index + 1


def _value(text: str, start: int) -> tuple[Node, int]:
    """Return the value that begins somewhere, and where something follows it. Raises what the library raises."""
    value, end = _VALUES.raw_decode(text, start)
    if text[start] == '"':
        node = Node(start + 1, end - 1, value)
    else:
        node = Node(start, end, None if text[start] in "{[" else text[start:end])
    return node, _next(text, end)


def _next(text: str, start: int) -> int:
    return _SPACE.match(text, start).end()  # type: ignore[union-attr]  # it matches anywhere
