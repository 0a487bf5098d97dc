"""What can be wrong and how it is told.

A ``Diagnostic`` is data: a permanent code, what is wrong, where, why, and how to fix it. It never prints
itself and never decides an exit code; the command line does both. Its severity and its reason come from
the table in ``diagnostic_codes``, so a code means the same thing everywhere.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostic_codes import CODES

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_COMPARED: Final = 500
_LONGEST_COMPARED: Final = 300


class Severity(StrEnum):
    """How much a diagnostic weighs: an error stops the run before its first request."""

    ERROR = "error"
    WARNING = "warning"


class Location(Struct, frozen=True):
    """A place in a text: 1-based line and column, the JSON Pointer, and the line itself for the excerpt."""

    uri: str
    line: int = 1
    column: int = 1
    pointer: str = ""
    source: str = ""
    width: int = 1

    def __str__(self) -> str:
        return f"{self.uri}:{self.line}:{self.column}"


class Related(Struct, frozen=True):
    """Another place that explains a diagnostic, with one line on how."""

    message: str
    location: Location


class Diagnostic(Struct, frozen=True):
    """One thing that is wrong: code, what, where, why, how to fix it."""

    code: str
    severity: Severity
    message: str
    why: str
    fix: str = ""
    location: Location | None = None
    related: tuple[Related, ...] = ()
    clause: str = ""

    @property
    def is_error(self) -> bool:
        """Whether this diagnostic stops a run before its first request."""
        return self.severity is Severity.ERROR

    def as_error(self) -> Diagnostic:
        """Return the same finding as an error, as ``--strict`` asks."""
        return replace(self, severity=Severity.ERROR)

    def as_warning(self) -> Diagnostic:
        """Return the same finding as a warning, where it stops nothing."""
        return replace(self, severity=Severity.WARNING)


class ArazzoError(Exception):
    """The one exception of the engine: it cannot go on, and its diagnostics say why."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(f"{each.code}: {each.message}" for each in diagnostics))
        self.diagnostics = diagnostics


def diagnose(  # noqa: PLR0913 - every part of a diagnostic but those that its code fixes
    code: str,
    message: str,
    location: Location | None = None,
    *,
    fix: str = "",
    related: Iterable[Related] = (),
    clause: str = "",
) -> Diagnostic:
    """Return the diagnostic ``code`` with its severity, its reason and, unless given, its clause from the table.

    Raises ``KeyError`` when the code is not in the table: that is a bug, never a document's fault.
    """
    entry = CODES[code]
    severity = Severity(entry.severity)
    return Diagnostic(code, severity, message, entry.why, fix, location, tuple(related), clause or entry.clause)


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Return ``did you mean `x`?`` for the closest real candidate, or an empty string."""
    closest = nearest(name, candidates)
    return f"did you mean `{closest}`?" if closest else ""


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that is most like ``name``, regardless of case, or ``None``."""
    import difflib  # noqa: PLC0415 - needed only when something is misspelt

    folded = name.casefold()
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    # what differs more in length cannot be near enough; comparing texts takes long, so only so many are compared
    alike = [each for each in by_folded if 3 * len(each) >= len(folded) and len(each) <= 3 * len(folded) + 3]
    if len(alike) > _MOST_COMPARED:
        alike.sort(key=lambda each: (each[:3] != folded[:3], abs(len(each) - len(folded))))
    found = difflib.get_close_matches(folded, alike[:_MOST_COMPARED], n=1) if len(name) <= _LONGEST_COMPARED else []
    return by_folded[found[0]] if found else None
