"""What can be wrong and how it is told.

A ``Diagnostic`` is data: a permanent code, what is wrong, where, why, and how to fix it. It never prints
itself and never decides an exit code; the command line does both. Its severity and its reason come from
the table in ``diagnostic_codes``, so a code means the same thing everywhere.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from functools import cached_property
from heapq import nlargest
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostic_codes import CODES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

# comparing two names takes long: of many candidates only those are compared that share most with a name
_FEW: Final = 30
_MOST_COMPARED: Final = 12
_MOST_LOOKED_AT: Final = 200
_LONGEST_COMPARED: Final = 300
_MOST_LISTED: Final = 30


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


def listed(names: Collection[str]) -> str:
    """Return names as a sentence shows them; of very many the first, and how many more there are.

    >>> listed(["a", "b"])
    '`a`, `b`'
    """
    shown = ", ".join(f"`{each}`" for each in islice(names, _MOST_LISTED))
    return shown if len(names) <= _MOST_LISTED else f"{shown} and {len(names) - _MOST_LISTED:,} more"


class Vocabulary(Struct, frozen=True, dict=True, eq=False):
    """Names among which others are looked for: what a search needs is made once, however many there are."""

    names: tuple[str, ...]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self._known

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.names)

    @cached_property
    def folded(self) -> dict[str, str]:
        """The names, by themselves without their case."""
        return {name.casefold(): name for name in self.names if len(name) <= _LONGEST_COMPARED}

    @cached_property
    def _with_pair(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self.folded:
            for pair in _pairs(name):
                found.setdefault(pair, []).append(name)
        return found

    def alike(self, name: str) -> list[str]:
        """Return the few names without their case that are worth comparing with one."""
        if len(self.folded) <= _FEW:
            return list(self.folded)
        # what few names have tells more of them than what many have
        rare = sorted((self._with_pair.get(pair, []) for pair in _pairs(name)), key=len)
        shared = Counter(islice(chain.from_iterable(rare), _MOST_LOOKED_AT))
        return nlargest(_MOST_COMPARED, shared, key=lambda each: 2 * shared[each] - len(each))


def _pairs(name: str) -> set[str]:
    return {one + other for one, other in pairwise(f" {name} ")}


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Return ``did you mean `x`?`` for the closest real candidate, or an empty string."""
    closest = nearest(name, candidates)
    return f"did you mean `{closest}`?" if closest else ""


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that is most like ``name``, regardless of case, or ``None``.

    Whoever asks often among many candidates gives them as a ``Vocabulary``.
    """
    import difflib  # noqa: PLC0415 - needed only when something is misspelt

    if len(name) > _LONGEST_COMPARED:
        return None
    names = candidates if isinstance(candidates, Vocabulary) else Vocabulary(tuple(candidates))
    folded = name.casefold()
    if folded in names.folded:
        return names.folded[folded]
    # what differs more in length cannot be near enough
    alike = [each for each in names.alike(folded) if 3 * len(each) >= len(folded) and len(each) <= 3 * len(folded) + 3]
    found = difflib.get_close_matches(folded, alike, n=1)
    return names.folded[found[0]] if found else None
