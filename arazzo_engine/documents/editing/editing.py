"""The door: a document, the edits of its value, and the text that says them with nothing else changed.

What was edited is read again and compared with the value that was wanted. An edit that does not come out as it should
is tried in the other ways there are, and left undone if none of them is right: it is never guessed.
"""

from __future__ import annotations

from itertools import count, pairwise, takewhile
from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.editing.differences import Added, Change, differences, same
from arazzo_engine.documents.editing.json_nodes import json_nodes
from arazzo_engine.documents.editing.putting import put
from arazzo_engine.documents.editing.splicing import Text, Way
from arazzo_engine.documents.editing.writing import Writer
from arazzo_engine.documents.editing.yaml_nodes import yaml_nodes
from arazzo_engine.documents.json.text import is_json
from arazzo_engine.documents.pointers import resolve_pointer
from arazzo_engine.documents.reading import read_document
from arazzo_engine.documents.values import ABSENT, as_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.editing.patching import Splice
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.edits import Edit


class Edited(Struct, frozen=True):
    """What came of edits: the text, and which of them are not in it, as they cannot be written by position."""

    text: str
    refused: tuple[Edit, ...]


class _Unit(Struct, frozen=True):
    """Edits that can only be made together, and the ways to write them; ``parts`` wrote the same characters."""

    edits: tuple[Edit, ...]
    ways: tuple[Way, ...]
    parts: tuple[_Unit, ...] = ()


def edit_text(document: Document, edits: Iterable[Edit]) -> Edited:
    """Return the text of a document with edits of its value in it, later ones over earlier ones."""
    wanted = tuple(edits)
    editor = _Editor(document)
    units = list(editor.units(wanted))
    done = editor.fitting(editor.accepted(_joined([unit for unit in units if unit.ways])))
    asked = [edit for unit in units for edit in unit.edits]
    made = {id(edit) for unit in done for edit in unit.edits}
    return Edited(editor.text_with(done), tuple(edit for edit in asked if id(edit) not in made))


class _Editor(Struct, frozen=True):
    document: Document

    def units(self, edits: Sequence[Edit]) -> Iterator[_Unit]:
        """Yield the edits, those of one part of the value together."""
        text = _text_of(self.document)
        for group in _groups(edits):
            if not self._has_places(group):
                yield _Unit(tuple(group), ())
                continue
            changes = tuple(self._changes(group))
            ways = [] if text is None else [list(text.ways(change)) for change in changes]
            if changes:
                yield _Unit(tuple(group), tuple(_together(ways)) if all(ways) else ())

    def _has_places(self, group: Sequence[Edit]) -> bool:
        """Whether there is a place for each edit: one within what another one writes has none without it."""
        try:
            _with(self.document.value, group)
        except (KeyError, IndexError):
            return False
        return True

    def _changes(self, group: Sequence[Edit]) -> Iterator[Change]:
        # what is written instead of another member changes the mapping that has both
        top = min((edit.pointer[:-1] if edit.instead_of else edit.pointer for edit in group), key=len)
        before = resolve_pointer(self.document.value, top)
        after = resolve_pointer(_with(self.document.value, group), top)
        if before is not ABSENT:
            yield from differences(before, after, top)
            return
        names = list(as_mapping(resolve_pointer(_with(self.document.value, group), top[:-1])))
        yield Added(top, after, tuple(reversed(names[: names.index(top[-1])])))

    def accepted(self, units: list[_Unit]) -> list[_Unit]:
        """Return the units that come out right, each with the way that does."""
        if not units or self.is_right(units):
            return units
        if len(units) > 1:
            half = len(units) // 2
            return self.accepted(units[:half]) + self.accepted(units[half:])
        (unit,) = units
        others = (_Unit(unit.edits, (way,)) for way in unit.ways[1:])
        right = next(([other] for other in others if self.is_right([other])), [])
        return right or [each for part in unit.parts for each in self.accepted([part])]

    def fitting(self, units: list[_Unit]) -> list[_Unit]:
        """Return the units that are right together."""
        if self.is_right(units):
            return units
        found: list[_Unit] = []
        for unit in units:
            found = [*found, unit] if self.is_right([*found, unit]) else found
        return found

    def is_right(self, units: Sequence[_Unit]) -> bool:
        """Whether the text says what is wanted when it is read again."""
        splices = _splices(units)
        if splices is None:
            return False
        document = self.document
        try:
            found = read_document(_spliced(document.text, splices), document.uri, document.name).value
        except ArazzoError:
            return False
        return same(found, _with(document.value, [edit for unit in units for edit in unit.edits]))

    def text_with(self, units: Sequence[_Unit]) -> str:
        return _spliced(self.document.text, _splices(units) or [])


def _text_of(document: Document) -> Text | None:
    text = document.text
    is_json_text = text.lstrip()[:1] in {"{", "["} and is_json(text)
    root = json_nodes(text) if is_json_text else yaml_nodes(text)
    first = text.find("\n")
    line_end = "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"
    return None if root is None else Text(text, root, Writer(is_json_text, line_end))


def _groups(edits: Sequence[Edit]) -> Iterator[list[Edit]]:
    """Yield edits of places that contain each other together, in their order."""
    tops = {edit.pointer for edit in edits}
    found: dict[tuple[str, ...], list[Edit]] = {}
    for edit in edits:
        lengths = takewhile(lambda length: length <= len(edit.pointer), count())  # noqa: B023 - it is used up here
        top = next(edit.pointer[:length] for length in lengths if edit.pointer[:length] in tops)
        found.setdefault(top, []).append(edit)
    # what is written within a place is written over what is written there
    yield from (sorted(group, key=lambda edit: len(edit.pointer)) for group in found.values())


def _with(value: JsonValue, edits: Iterable[Edit]) -> JsonValue:
    for edit in edits:
        value = _renamed(value, edit) if edit.instead_of else put(value, edit.pointer, edit.value, edit.before)
    return value


def _renamed(value: JsonValue, edit: Edit) -> JsonValue:
    *above, name = edit.pointer
    members = as_mapping(resolve_pointer(value, tuple(above)))
    renamed = {name if old == edit.instead_of else old: each for old, each in members.items()}
    return put(value, tuple(above), {**renamed, name: edit.value})


def _together(ways: Sequence[list[Way]]) -> Iterator[Way]:
    """Yield the first way of each change together, then each with another way of one, then the further ones of all."""
    first = [of_change[0] for of_change in ways]
    yield _flat(first)
    for index, of_change in enumerate(ways):
        yield from (_flat([*first[:index], way, *first[index + 1 :]]) for way in of_change[1:])
    for number in range(1, max(map(len, ways))):
        yield _flat([of_change[min(number, len(of_change) - 1)] for of_change in ways])


def _flat(ways: Iterable[Way]) -> Way:
    return tuple(splice for way in ways for splice in way)


def _joined(units: Sequence[_Unit]) -> list[_Unit]:
    """Return the units, those that write the very same characters as one: what has an anchor is written once."""
    found: dict[frozenset[Splice], _Unit] = {}
    for unit in units:
        if not unit.ways:
            continue
        key = frozenset(unit.ways[0])
        known = found.get(key)
        if known is None:
            found[key] = unit
        else:
            found[key] = _Unit(known.edits + unit.edits, known.ways, (*(known.parts or (known,)), unit))
    return list(found.values())


def _splices(units: Sequence[_Unit]) -> list[Splice] | None:
    """Return what is written, in its order in the text, ``None`` when two of it would be at one place."""
    splices = list(dict.fromkeys(splice for unit in units for splice in (unit.ways[0] if unit.ways else ())))
    splices.sort(key=lambda splice: (splice.start, splice.end))
    overlap = any(one.end > other.start for one, other in pairwise(splices))
    return None if overlap or not all(unit.ways for unit in units) else splices


def _spliced(text: str, splices: Sequence[Splice]) -> str:
    parts: list[str] = []
    at = 0
    for splice in splices:
        parts += [text[at : splice.start], splice.text]
        at = splice.end
    return "".join([*parts, text[at:]])
