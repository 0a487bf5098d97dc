"""How a diagnostic looks on a terminal: what, where with the line itself, why, and how to fix it.

It decides the layout; every word comes from the diagnostic and the table of codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.reporting.colours import bold
from arazzo_engine.reporting.printable import in_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.diagnostics import Diagnostic, Location
    from arazzo_engine.reporting.masking import Masker

_COLOURS: Final = {"error": "red", "warning": "yellow"}
# a line longer than this is shown around the place only
_WIDEST: Final = 120


def render_diagnostics(diagnostics: Iterable[Diagnostic], masker: Masker | None = None) -> str:
    """Return the text of several diagnostics, errors first, a blank line between them."""
    ordered = sorted(diagnostics, key=lambda each: not each.is_error)
    text = "\n\n".join(render_diagnostic(each) for each in ordered)
    return text if masker is None else masker.text(text)


def render_diagnostic(diagnostic: Diagnostic) -> str:
    """Return the text of one diagnostic."""
    head = bold(f"{diagnostic.severity}[{diagnostic.code}]", _COLOURS[diagnostic.severity])
    lines = [f"{head}: {in_line(diagnostic.message)}"]
    margin = ""
    if diagnostic.location is not None:
        margin = " " * len(str(diagnostic.location.line))
        lines.extend(_excerpt(diagnostic.location, margin))
    why = diagnostic.why + (f" ({diagnostic.clause})" if diagnostic.clause else "")
    lines.append(f"{margin} = why: {why}")
    if diagnostic.fix:
        lines.append(f"{margin} = fix: {in_line(diagnostic.fix)}")
    lines.extend(
        f"{margin} = note: {in_line(each.message)}: {in_line(str(each.location))}" for each in diagnostic.related
    )
    return "\n".join(lines)


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
