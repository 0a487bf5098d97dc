"""Findings as they are kept: their words and places, without a line of the documents that they are about.

Decides what of a finding is kept: its words and its places, never a line of a text nor a value that would be written
into one, for a document may hold whatever its author wrote. Lines are cut out of the texts again; of what would be
written, only how sure it is comes back.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.diagnostics import Diagnostic, Location, Related, Severity
from arazzo_engine.documents.byte_order_marks import split_mark
from arazzo_engine.edits import Edit  # noqa: TC001 - looked up when findings are read

if TYPE_CHECKING:
    from collections.abc import Sequence


class _KeptPlace(Struct, frozen=True, array_like=True):
    """A place without its line, and whether the line is shown."""

    at: Location
    has_line: bool


class KeptFinding(Struct, frozen=True, array_like=True):
    """A finding as it is kept."""

    code: str
    severity: Severity
    message: str
    why: str
    fix: str
    clause: str
    kind: str
    place: _KeptPlace | None
    related: tuple[tuple[str, _KeptPlace], ...]
    edits: tuple[Edit, ...]

    def restored(self, lines: Lines) -> Diagnostic:
        """Return the finding, with the lines that stand in the texts now."""
        related = tuple(Related(message, lines.written(place)) for message, place in self.related)
        location = None if self.place is None else lines.written(self.place)
        clause, edits, kind = self.clause, self.edits, self.kind
        return Diagnostic(
            self.code, self.severity, self.message, self.why, self.fix, location, related, clause, edits, kind
        )


class Lines(Struct, frozen=True):
    """The lines of texts by the names that people know these by, each text read once."""

    _texts: dict[str, Sequence[str]] = field(default_factory=dict)

    def written(self, place: _KeptPlace) -> Location:
        """Return a place with its line."""
        return replace(place.at, source=self._line(place.at)) if place.has_line else place.at

    def _line(self, at: Location) -> str:
        if at.uri not in self._texts:
            self._texts[at.uri] = _lines_of(at.uri)
        lines = self._texts[at.uri]
        return lines[at.line - 1].rstrip("\r") if at.line <= len(lines) else ""


def plain_finding(finding: Diagnostic) -> Diagnostic:
    """Return all of a finding that comes back."""
    related = tuple(Related(each.message, each.location) for each in finding.related)
    # no value is an empty text: whoever asks for it fails
    return replace(finding, related=related, edits=tuple(replace(each, json="") for each in finding.edits))


def kept_finding(plain: Diagnostic) -> KeptFinding:
    """Return what is kept of a finding of which only what comes back is left."""
    return KeptFinding(
        plain.code,
        plain.severity,
        plain.message,
        plain.why,
        plain.fix,
        plain.clause,
        plain.kind,
        None if plain.location is None else _kept_place(plain.location),
        tuple((each.message, _kept_place(each.location)) for each in plain.related),
        plain.edits,
    )


def _kept_place(at: Location) -> _KeptPlace:
    return _KeptPlace(replace(at, source=""), has_line=bool(at.source))


def _lines_of(name: str) -> Sequence[str]:
    path = Path(name)
    try:
        encoding, content = split_mark(path.read_bytes() if path.is_file() else b"")
        return content.decode(encoding or "UTF-8").split("\n")
    except (OSError, ValueError):
        return ()
