"""What a description names and nobody can have: it is left out, as a warning where no request needs it.

Decides what is said of it. One cause is told once: of several references of a description to one document that is not
there, or to one part that it lacks, the first is told, with the lines of all. What may be left out is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.diagnostics import ArazzoError, Diagnostic

_DANGLING: Final = "reference-not-found"
_FIX: Final = "put the document there, or correct the `$ref`"
_LEFT_OUT: Final = "; the "
# so many lines are named, of more the first
_MOST: Final = 12


def left_out(what: str, error: ArazzoError) -> Iterator[Diagnostic]:
    """Yield the warnings that a part of a description is left out because of an error."""
    for each in error.diagnostics:
        message = f"{each.message}{_LEFT_OUT}{what} is left out"
        kind = each.kind or (each.message if each.code == _DANGLING else "")
        yield replace(each, message=message, fix=fix_of(each), kind=kind).as_warning()


def fix_of(problem: Diagnostic) -> str:
    """Return how to fix what keeps a part from being had."""
    return problem.fix or (_FIX if problem.code == _DANGLING else "")


def told_once(problems: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the problems, where references of one document have one cause the first of them with the lines of all."""
    causes: dict[object, list[Diagnostic]] = {}
    for index, each in enumerate(problems):
        home = each.location.uri if each.location else ""
        is_left_out = each.code == _DANGLING and not each.is_error and each.kind
        causes.setdefault((home, each.kind) if is_left_out else index, []).append(each)
    return tuple(each[0] if len(each) == 1 else _together(each) for each in causes.values())


def _together(problems: Sequence[Diagnostic]) -> Diagnostic:
    first, *others = sorted(problems, key=_line_of)
    cause, _, _ = first.message.rpartition(_LEFT_OUT)
    and_more = f"{len(others)} more `$ref`" + ("s" if len(others) > 1 else "")
    message = f"{cause}; what this and {and_more} name is left out, {_at_lines(sorted(set(map(_line_of, problems))))}"
    return replace(first, message=message, fix=next((each.fix for each in problems if each.fix), ""))


def _line_of(problem: Diagnostic) -> int:
    return problem.location.line if problem.location else 0


def _at_lines(lines: Sequence[int]) -> str:
    if len(lines) == 1:
        return f"at line {lines[0]}"
    if len(lines) > _MOST:
        return f"first at line {lines[0]}"
    *most, last = map(str, lines)
    return f"at lines {', '.join(most)} and {last}"
