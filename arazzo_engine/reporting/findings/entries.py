"""Findings as the entries of a list: each by itself, or those of one kind counted.

Decides what is of one kind, in which order entries stand, and what the line of each says. How many of them are shown,
and how large, is for ``screen``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.edits import Applicability
from arazzo_engine.printable import bold, in_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from arazzo_engine.diagnostics import Diagnostic

_COLOURS: Final = {"error": "red", "warning": "yellow"}
_TIMES: Final = "\u00d7"
# so many lines are named, of more the first
_FEW: Final = 4
_WIDTH: Final = max(map(len, _COLOURS))


class Entry(Struct, frozen=True):
    """What stands on one line of a list: a finding, or several of one kind in one document, the first one first.

    ``is_rest`` when another one of the kind is told above the list.
    """

    findings: tuple[Diagnostic, ...]
    is_rest: bool = False

    @property
    def first(self) -> Diagnostic:
        """The finding that stands for all."""
        return self.findings[0]

    def rest(self) -> Entry:
        """Return what is left of several when the first one is told by itself."""
        return Entry(self.findings[1:], is_rest=True)

    @property
    def is_error(self) -> bool:
        """Whether it keeps the document from being run."""
        return self.first.is_error

    @property
    def home(self) -> str:
        """The document that it is about, empty if it is about none."""
        return self.first.location.uri if self.first.location else ""

    def line(self, margin: int) -> str:
        """Return the line of the list, the number of its line in front, right-aligned in a margin."""
        number = str(self.first.location.line) if self.first.location else ""
        severity = bold(self.first.severity.ljust(_WIDTH), _COLOURS[self.first.severity])
        return f"{number.rjust(margin)}  {severity}  {self.first.code}: {self._told()}"

    def _told(self) -> str:
        first = self.first
        if len(self.findings) == 1:
            return in_line(first.message)
        messages = {finding.message for finding in self.findings}
        told = first.kind or (first.message if len(messages) == 1 else CODES[first.code].summary)
        more = " more" if self.is_rest else ""
        return f"{len(self.findings)}{more} {_TIMES} {in_line(told)}{self._places()}{self._written()}"

    def _written(self) -> str:
        edits = [edit for finding in self.findings for edit in finding.edits]
        found = {each.applicability for each in edits} if all(finding.edits for finding in self.findings) else set()
        if not found or Applicability.SHOWN in found:
            return ""
        return f"; `arazzo fix{' --unsafe' if Applicability.UNSAFE in found else ''}` writes them"

    def _places(self) -> str:
        lines = sorted({finding.location.line for finding in self.findings if finding.location})
        if not 1 < len(lines) <= _FEW:
            return f", first at line {lines[0]}" if lines else ""
        *most, last = map(str, lines)
        return f", at lines {', '.join(most)} and {last}"


def by_line(finding: Diagnostic) -> tuple[int, int, bool]:
    """Return what findings of one document are ordered by: of one place the errors come first."""
    line, column = (finding.location.line, finding.location.column) if finding.location else (0, 0)
    return line, column, not finding.is_error


def entries_of(findings: Iterable[Diagnostic], is_counted: Callable[[Diagnostic], bool]) -> list[Entry]:
    """Return the entries, document by document in the order in which they are met, each by its line.

    Of what has no place the errors stand before all others, and the warnings behind them.
    """
    kinds: dict[object, list[Diagnostic]] = {}
    for index, finding in enumerate(findings):
        home = finding.location.uri if finding.location else ""
        told = (finding.severity, finding.code, finding.kind) if is_counted(finding) else index
        kinds.setdefault((home, told), []).append(finding)
    entries = [Entry(tuple(sorted(kind, key=by_line))) for kind in kinds.values()]
    homes = {home: index for index, home in enumerate(dict.fromkeys(entry.home for entry in entries))}
    return sorted(entries, key=lambda entry: (_without_a_place(entry.first), homes[entry.home], by_line(entry.first)))


def _without_a_place(finding: Diagnostic) -> int:
    if finding.location is not None:
        return 0
    return -1 if finding.is_error else 1


def in_order(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return findings document by document, in the order in which these are met, each by its line."""
    return tuple(entry.first for entry in entries_of(findings, lambda _: False))


def count(findings: Sequence[Diagnostic]) -> str:
    """Return how many errors and warnings there are, in words; empty when there are none."""
    errors = sum(finding.is_error for finding in findings)
    warnings = len(findings) - errors
    told = ((errors, "error"), (warnings, "warning"))
    return ", ".join(f"{each:,} {name}{'' if each == 1 else 's'}" for each, name in told) if findings else ""
