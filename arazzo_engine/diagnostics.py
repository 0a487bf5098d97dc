"""What can be wrong and how it is told.

A ``Diagnostic`` is data: a permanent code, what is wrong, where, why, and how to fix it, and the text that says so.
It never prints itself and never decides an exit code; the command line does both. Its severity and its reason come
from the table in ``diagnostic_codes``, so a code means the same thing everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.edits import Edit
from arazzo_engine.printable import bold, in_line, plain, printable
from arazzo_engine.secret_names import hide_in_urls
from arazzo_engine.spelling import is_unlike
from arazzo_engine.typed import Reticent
from arazzo_engine.vocabulary import Vocabulary

_COLOURS: Final = {"error": "red", "warning": "yellow"}
_LINE: Final = "\n"
# a line longer than this is shown around the place only
_WIDEST: Final = 120
# what is shown of a line of the text that is longer than both
_BEGINNING: Final = 2_000
_ENDING: Final = 400


class Severity(StrEnum):
    """How much a diagnostic weighs: an error stops the run before its first request."""

    ERROR = "error"
    WARNING = "warning"


class Location(Reticent, frozen=True):
    """A place in a text: 1-based line and column, the JSON Pointer, and the line itself for the excerpt."""

    uri: str
    line: int = 1
    column: int = 1
    pointer: str = ""
    source: str = ""
    width: int = 1

    def __str__(self) -> str:
        return f"{self.uri}:{self.line}:{self.column}"

    def _shown(self) -> str:
        return str(self)


class Located(Protocol):
    """Something that stands at a place, which is looked up when it is asked for."""

    def location(self) -> Location:
        """Return the place."""


class Related(Struct, frozen=True):
    """Another place that explains a diagnostic, with one line on how. Its line is looked up when it is to be shown."""

    message: str
    at: Location | Located

    @property
    def location(self) -> Location:
        """The place."""
        return self.at if isinstance(self.at, Location) else self.at.location()

    def __reduce__(self) -> tuple[type, tuple[str, Location]]:
        # another process gets the place alone, not the document that it is in
        return Related, (self.message, self.location)


class Diagnostic(Reticent, frozen=True):
    """One thing that is wrong: code, what, where, why, how to fix it. ``str`` is what ``arazzo validate`` prints.

    ``kind`` is what several of one code have in common, where the code alone does not say it.
    ``edits`` do what ``fix`` says, where that is only a matter of writing: ``arazzo fix`` writes them.
    """

    code: str
    severity: Severity
    message: str
    why: str
    fix: str = ""
    location: Location | None = None
    related: tuple[Related, ...] = ()
    clause: str = ""
    edits: tuple[Edit, ...] = ()
    kind: str = ""

    def __str__(self) -> str:
        return plain(render_diagnostic(self))

    def _shown(self) -> str:
        where = "" if self.location is None else f" at {self.location}"
        return f"{self.severity}[{self.code}]{where}"

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
    """The one exception of the engine: it cannot go on, and its diagnostics say why.

    ``str`` is what ``arazzo validate`` prints of them.
    """

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return plain(render_all(self.diagnostics))


def diagnose(  # noqa: PLR0913 - every part of a diagnostic but those that its code fixes
    code: str,
    message: str,
    location: Location | None = None,
    *,
    fix: str = "",
    related: Iterable[Related] = (),
    clause: str = "",
    edits: Iterable[Edit] = (),
    kind: str = "",
) -> Diagnostic:
    """Return the diagnostic ``code`` with its severity, its reason and, unless given, its clause from the table.

    Raises ``KeyError`` when the code is not in the table: that is a bug, never a document's fault.
    """
    from arazzo_engine.diagnostic_codes import CODES  # noqa: PLC0415 - 5 ms that no findings do not pay

    entry = CODES[code]
    severity = Severity(entry.severity)
    clause = clause or entry.clause
    return Diagnostic(code, severity, message, entry.why, fix, location, tuple(related), clause, tuple(edits), kind)


def _as_it_is(text: str) -> str:
    return text


def render_all(diagnostics: Iterable[Diagnostic], mask: Callable[[str], str] = _as_it_is) -> str:
    """Return the text of several diagnostics for a terminal, errors first, a blank line between them."""
    ordered = sorted(diagnostics, key=lambda each: not each.is_error)
    return hide_in_urls("\n\n".join(render_diagnostic(each, mask) for each in ordered))


def render_diagnostic(diagnostic: Diagnostic, mask: Callable[[str], str] = _as_it_is) -> str:
    """Return the text of one diagnostic for a terminal: what, where with the line itself, why, how to fix it.

    ``mask`` hides secrets in what may have one: code and reason are the engine's own words, whatever a run is given.
    """
    head = bold(f"{diagnostic.severity}[{diagnostic.code}]", _COLOURS[diagnostic.severity])
    said, margin = [in_line(diagnostic.message)], ""
    if diagnostic.location is not None:
        margin = " " * len(str(diagnostic.location.line))
        said.extend(_excerpt(diagnostic.location, margin))
    why = diagnostic.why + (f" ({diagnostic.clause})" if diagnostic.clause else "")
    lines = [f"{head}: {mask(_LINE.join(said))}", f"{margin} = why: {why}"]
    if diagnostic.fix:
        lines.append(f"{margin} = fix: {mask(in_line(diagnostic.fix))}")
    related = (mask(f"{in_line(each.message)}: {in_line(str(each.location))}") for each in diagnostic.related)
    lines.extend(f"{margin} = note: {each}" for each in related)
    return _LINE.join(map(_within_reason, _LINE.join(lines).split(_LINE)))


def _within_reason(line: str) -> str:
    """Return a line without the middle of what nobody reads; it is cut when secrets are hidden, so that none is."""
    if len(line) <= _BEGINNING + _ENDING:
        return line
    hidden = hide_in_urls(line)
    return f"{hidden[:_BEGINNING]}…{hidden[-_ENDING:]}"


def _excerpt(location: Location, margin: str) -> Iterator[str]:
    pointer = f"  (#{in_line(location.pointer)})" if location.pointer else ""
    yield f"{margin}--> {in_line(str(location))}{pointer}"
    if not location.source or location.source.isspace():
        return
    start = max(0, location.column - 1 - _WIDEST // 2) if len(location.source) > _WIDEST else 0
    shown = location.source[start : start + _WIDEST]
    source = printable(shown)
    if len(source) > 2 * len(shown):
        return  # a line of control characters shows nothing that anybody could read
    before = printable(location.source[start : location.column - 1])
    width = max(1, min(location.width, len(source) - len(before)))
    yield f"{margin} |"
    yield f"{location.line} | {source.rstrip()}"
    yield f"{margin} | {' ' * len(before)}{bold('^' * width)}"


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Return ``did you mean `x`?`` for the closest real candidate, or those as close, else an empty string.

    What is said to a person is surer than what is compared further: no opposite is named, and nothing unlike it.

    >>> did_you_mean("waitShrt", ["waitShort", "waitLong"]), did_you_mean("wait", ["waitShort", "waitLong"])
    ('did you mean `waitShort`?', 'did you mean `waitLong` or `waitShort`?')
    """
    found = [each for each in _vocabulary(candidates).equally_near(name) if not is_unlike(name, each)]
    return f"did you mean {' or '.join(f'`{each}`' for each in found)}?" if found else ""


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that is most like ``name``, regardless of case, or ``None``.

    Whoever asks often among many candidates gives them as a ``Vocabulary``.
    """
    return _vocabulary(candidates).nearest(name)


def likeliest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that a person is told of, ``None`` where the nearest one is an opposite, or unlike."""
    found = nearest(name, candidates)
    return None if found is None or is_unlike(name, found) else found


def _vocabulary(candidates: Iterable[str]) -> Vocabulary:
    return candidates if isinstance(candidates, Vocabulary) else Vocabulary(tuple(candidates))
