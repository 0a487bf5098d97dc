"""Findings for a person: in full when there are few, a line each when there are many, and never more than a screen.

Decides what is left out when there is too much: first what surrounds a finding, then one of each line of those of one
kind, last whole warnings; an error is never left out while a warning is shown. What a finding says is not decided here.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.printable import in_line, plain
from arazzo_engine.reporting.diagnostics_text import render_diagnostics
from arazzo_engine.reporting.findings.entries import Entry, by_line, count, entries_of, in_order
from arazzo_engine.reporting.masking import Masker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from arazzo_engine.diagnostics import Diagnostic

# with the line that counts and the one for the next command, what the smallest usual terminal shows
SCREEN: Final = 23
_MARGIN: Final = 2


class Room(Struct, frozen=True):
    """How much can be shown: so many ``lines``, all when ``None``, as they are after ``lay_out`` broke them.

    The line of a list is cut at ``columns``, if there is a last one; what is longer all the same takes several.
    """

    lines: int | None = SCREEN
    columns: int | None = None
    lay_out: Callable[[str], str] = str

    def may_hold(self, findings: Sequence[Diagnostic]) -> bool:
        """Whether each of several findings could have a line, which is known before any of them is written."""
        return self.lines is None or len(findings) <= self.lines

    def holds(self, text: str) -> bool:
        """Whether a text is no longer than there is room."""
        return self.lines is None or sum(map(self._height, self.lay_out(text).split("\n"))) <= self.lines

    def _height(self, line: str) -> int:
        return 1 if self.columns is None else max(1, -(-len(plain(line)) // self.columns))


class Shown(Struct, frozen=True):
    """What a person sees, and whether it is everything that there is to say."""

    text: str
    is_whole: bool


class _Size(IntEnum):
    LINE = 0
    WITH_FIX = 1
    FULL = 2


# what is read as it is meant, and is written the same way in each place
_ALIKE: Final = frozenset({"repaired", "operation-unqualified"})
# which findings of one kind are counted, from the most that can be shown to the least
_COUNTED: Final[tuple[Callable[[Diagnostic], bool], ...]] = (
    lambda finding: finding.code in _ALIKE,
    lambda finding: not finding.is_error,
    lambda _: True,
)
# what is enlarged while there is room, one after the other
_GROWTH: Final[tuple[tuple[_Size, Callable[[Entry], bool]], ...]] = (
    (_Size.WITH_FIX, lambda entry: entry.is_error and len(entry.findings) == 1),
    (_Size.FULL, lambda entry: entry.is_error),
    (_Size.WITH_FIX, lambda entry: len(entry.findings) == 1),
    (_Size.FULL, lambda _: True),
)


def show_findings(findings: Iterable[Diagnostic], room: Room, masker: Masker | None = None) -> Shown:
    """Return the findings as large as there is room for them."""
    findings = in_order(findings)
    if room.may_hold(findings) and room.holds(whole := _in_full(findings, masker)):
        return Shown(whole, is_whole=True)
    masker = masker or Masker()
    for is_counted in _COUNTED:
        table = _List(entries_of(findings, is_counted), room, masker)
        if room.holds(table.text()):
            table.grow()
            return Shown(table.text(), is_whole=False)
    return Shown("\n".join(_Overview(findings, room, masker).lines()), is_whole=False)


def _in_full(findings: Iterable[Diagnostic], masker: Masker | None) -> str:
    return "\n\n".join(render_diagnostics((each,), masker) for each in findings)


class _List(Struct):
    """Entries in a list below the name of their document, and above it those that there is room for in full."""

    entries: list[Entry]
    room: Room
    masker: Masker
    sizes: dict[int, _Size] = field(default_factory=dict)

    def grow(self) -> None:
        """Enlarge entries while there is room, errors first."""
        for size, is_meant in _GROWTH:
            small = (index for index, entry in enumerate(self.entries) if is_meant(entry))
            all(self._fits(index, size) for index in small)

    def _fits(self, index: int, size: _Size) -> bool:
        before = self.sizes.get(index, _Size.LINE)
        self.sizes[index] = max(before, size)
        if self.room.holds(self.text()):
            return True
        self.sizes[index] = before
        return False

    def text(self) -> str:
        """Return the text."""
        full = [entry.first for index, entry in enumerate(self.entries) if self._is_full(index)]
        blocks = [_in_full(full, self.masker)] if full else []
        listed = "\n".join(self._listed())
        return "\n\n".join([*blocks, *([listed] if listed else [])])

    def _is_full(self, index: int) -> bool:
        return self.sizes.get(index) is _Size.FULL

    def _listed(self) -> Iterator[str]:
        rest = [
            # of those that are counted, the first is in full above, as an example
            (index, entry.rest() if self._is_full(index) else entry)
            for index, entry in enumerate(self.entries)
            if len(entry.findings) > 1 or not self._is_full(index)
        ]
        margin = _margin_of(entry for _, entry in rest)
        home = ""
        for index, entry in rest:
            if entry.home != home:
                home = entry.home
                yield in_line(self.masker.text(home))
            yield _cut(self.masker.text(entry.line(margin)), self.room)
            if self.sizes.get(index) is _Size.WITH_FIX and entry.first.fix:
                fix = self.masker.text(in_line(entry.first.fix))
                yield _cut(f"{' ' * margin}  fix: {fix}", self.room)


class _Overview(Struct):
    """A line for each kind of finding in a document, or for each document when there are several; errors stay."""

    findings: Sequence[Diagnostic]
    room: Room
    masker: Masker

    def lines(self) -> Iterator[str]:
        """Yield the lines that there is room for, and one that counts the findings of the others."""
        entries = entries_of(self.findings, lambda _: True)
        homes = list(dict.fromkeys(entry.home for entry in entries))
        several = len(homes) > 1
        if several:
            entries = [Entry(tuple(each for each in self.findings if _home(each) == home)) for home in homes]
        else:
            yield in_line(self.masker.text(homes[0]))
        kept = self._kept(entries, (self.room.lines or len(entries)) - 2)
        margin = _margin_of(kept)
        for entry in kept:
            line = _of_document(entry) if several else entry.line(margin)
            yield _cut(self.masker.text(line), self.room)
        left = [each for entry in entries if entry not in kept for each in entry.findings]
        if left:
            yield f"… and {count(left)} more"

    @staticmethod
    def _kept(entries: list[Entry], most: int) -> list[Entry]:
        ranked = sorted(range(len(entries)), key=lambda index: not _has_error(entries[index]))
        return [entries[index] for index in sorted(ranked[:most])]


def _home(finding: Diagnostic) -> str:
    return finding.location.uri if finding.location else ""


def _has_error(entry: Entry) -> bool:
    return any(finding.is_error for finding in entry.findings)


def _of_document(entry: Entry) -> str:
    first = min(entry.findings, key=lambda finding: (not finding.is_error, by_line(finding)))
    line = f" at line {first.location.line}" if first.location else ""
    return f"{in_line(entry.home)}: {count(entry.findings)}; first {first.code}{line}: {in_line(first.message)}"


def _margin_of(entries: Iterable[Entry]) -> int:
    numbers = (len(str(entry.first.location.line)) for entry in entries if entry.first.location)
    return _MARGIN + max(numbers, default=0)


def _cut(line: str, room: Room) -> str:
    too_long = 0 if room.columns is None else len(plain(line)) - room.columns
    return line if too_long <= 0 else f"{line[: -too_long - 1]}…"
