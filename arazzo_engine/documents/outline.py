"""Where every node of a text stands, for diagnostics: nothing that reads a correct document comes here.

An outline is a table in the order of the text, one row for each key and each value, for JSON and YAML alike. ``after``
is the row that follows a node and all that is in it; a mapping's rows are key, value, key, value. How they are found
is not known here.
"""

from __future__ import annotations

from array import array
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.pointers import Pointer

MERGE_KEY: Final = "<<"


class Kind(IntEnum):
    """What a row is. An alias is told apart, as what it stands for is written elsewhere."""

    SCALAR = 0
    MAPPING = 1
    SEQUENCE = 2
    ALIAS = 3


class Node(Struct, frozen=True):
    """Where a key or a value stands, without quotes, and what it says if it is a scalar that is written there."""

    start: int
    end: int
    text: str | None


class Found(Struct, frozen=True):
    """What a pointer leads to: a value and its key if it has one, or what is nearest where nothing ``is_there``."""

    key: Node | None
    value: Node
    is_there: bool = True

    def as_nearest(self) -> Found:
        """Return the same as the place for something within it, which is missing."""
        near = self.key or self.value
        return Found(None, Node(near.start, near.end, None), is_there=False)


class Outline:
    """The table, column by column. ``starts`` is behind an opening quote, ``ends`` before the closing one."""

    __slots__ = ("_indexes", "afters", "ends", "kinds", "starts", "targets", "texts")

    def __init__(self) -> None:
        self.kinds = bytearray()
        self.starts = array("q")
        self.ends = array("q")
        self.afters = array("q")
        # what a scalar says; an alias says what its anchor does
        self.texts: list[str | None] = []
        # from the row of an alias to that of its anchor
        self.targets: dict[int, int] = {}
        # what a reference token names in a collection, for those that were looked into
        self._indexes: dict[int, dict[str | None, tuple[int | None, int]]] = {}

    def add(self, kind: Kind, start: int, end: int, text: str | None = None) -> int:
        """Append a row and return its number; a collection's end and ``after`` are set when it closes."""
        row = len(self.kinds)
        self.kinds.append(kind)
        self.starts.append(start)
        self.ends.append(end)
        self.afters.append(row + 1)
        self.texts.append(text)
        return row

    def close(self, row: int, end: int) -> None:
        """End a collection: what is added from now on is not in it."""
        self.ends[row] = end
        self.afters[row] = len(self.kinds)

    def find(self, pointer: Pointer) -> Found | None:
        """Return what stands at a pointer, or what is nearest to it; ``None`` where no node is known."""
        if not self.kinds:
            return None
        key: int | None = None
        row = 0
        for token in pointer:
            step = self.step(row, token)
            if step is None:
                # what an alias brings in is written elsewhere, and may be brought in more than once: the alias is the
                # place
                carrier = row if self.kinds[row] == Kind.ALIAS else self.merge(row, token)
                nearest = self._found(key, row) if carrier is None else self._found(None, carrier)
                return nearest.as_nearest()
            key, row = step
        return self._found(key, row)

    def _found(self, key: int | None, row: int) -> Found:
        return Found(None if key is None else self._node(key), self._node(row))

    def _node(self, row: int) -> Node:
        text = None if self.kinds[row] == Kind.ALIAS else self.texts[row]
        return Node(self.starts[row], self.ends[row], text)

    def members(self, row: int) -> Iterator[tuple[int, int]]:
        """Yield the rows of each key and its value in a mapping."""
        key = row + 1
        while key < self.afters[row] - 1:
            value = self.afters[key]
            yield key, value
            key = self.afters[value]

    def items(self, row: int) -> Iterator[int]:
        """Yield the rows of the items of a sequence."""
        item = row + 1
        while item < self.afters[row]:
            yield item
            item = self.afters[item]

    def step(self, row: int, token: str) -> tuple[int | None, int] | None:
        """Return the rows of the key, if any, and the value that a reference token names in a collection."""
        if row not in self._indexes:
            self._indexes[row] = self._index(row)
        return self._indexes[row].get(token)

    def _index(self, row: int) -> dict[str | None, tuple[int | None, int]]:
        found: dict[str | None, tuple[int | None, int]] = {}
        if self.kinds[row] == Kind.MAPPING:
            for key, value in self.members(row):
                found.setdefault(self.texts[key], (key, value))
        elif self.kinds[row] == Kind.SEQUENCE:
            found.update((str(index), (None, item)) for index, item in enumerate(self.items(row)))
        return found

    def merge(self, row: int, token: str) -> int | None:
        """Return the row of the ``<<`` value of a mapping that brings in the member ``token``."""
        merged = self.step(row, MERGE_KEY) if self.kinds[row] == Kind.MAPPING else None
        if merged is None:
            return None
        seen: set[int] = set()
        waiting = [merged[1]]
        while waiting:
            source = waiting.pop()
            source = self.targets.get(source, source)
            if source in seen:
                continue
            seen.add(source)
            if self.kinds[source] == Kind.SEQUENCE:
                waiting.extend(self.items(source))
            elif self.step(source, token):
                return merged[1]
            elif further := self.step(source, MERGE_KEY):
                waiting.append(further[1])
        return None

    def repeated_keys(self) -> Iterator[tuple[int, int]]:
        """Yield the row of each key that its mapping had before, and the row of the first one."""
        for row, kind in enumerate(self.kinds):
            if kind != Kind.MAPPING:
                continue
            firsts: dict[str | None, int] = {}
            for key, _ in self.members(row):
                first = firsts.setdefault(self.texts[key], key)
                if first != key:
                    yield key, first

    def pointer(self, row: int) -> Pointer:
        """Return the pointer to the member or item that a row, its key or its value, belongs to."""
        tokens: list[str] = []
        parent = 0
        while parent != row:
            if self.kinds[parent] == Kind.MAPPING:
                key, value = next(pair for pair in self.members(parent) if row < self.afters[pair[1]])
                tokens.append(self.texts[key] or "")
                parent = row if row == key else value
            else:
                index, parent = next(pair for pair in enumerate(self.items(parent)) if row < self.afters[pair[1]])
                tokens.append(str(index))
        return tuple(tokens)
