"""What recordings have exercised, as text and as JSON.

Decides how it looks: shares first, then each operation with what was not seen of it, then what drifted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.printable import bold, in_line
from arazzo_engine.secret_names import hide_in_urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.diagnostics import Location
    from arazzo_engine.recording.covering.covered import Covered, Drift, Exercised

# of operations that nobody requested, so many are named
_MOST: Final = 20


def covered_text(covered: Covered) -> str:
    """Return it for a person."""
    return hide_in_urls("\n".join(_lines(covered)))


def summary(covered: Covered) -> str:
    """Return how much was exercised, in one line."""
    recordings = f"{covered.recordings:,} recording{'' if covered.recordings == 1 else 's'}"
    count = len(covered.drifted) + len(covered.unknown)
    drifted = f"{count:,} thing{'' if count == 1 else 's'} drifted" if count else "nothing drifted"
    differing = f", {covered.differing:,} not the same when replayed" if covered.differing else ""
    return f"{recordings}: {covered.percent:.1f} % exercised, {drifted}{differing}"


def covered_json(covered: Covered) -> dict[str, Any]:
    """Return the same for a program."""
    return {
        "api": hide_in_urls(covered.api),
        "recordings": covered.recordings,
        "percent": round(covered.percent, 2),
        **{name: {"shown": each.shown, "total": each.total} for name, each in covered.shares()},
        "exercised": [_operation_json(each) for each in covered.operations],
        "drifted": [_drift_json(each) for each in covered.drifted],
        "unchecked": [_drift_json(each) for each in covered.unchecked],
        "unknown": [{"operation": name, "requests": count} for name, count in covered.unknown.items()],
        "workflows": [{"document": each.document, **each.coverage.to_json()} for each in covered.workflows],
        "differing": covered.differing,
        "notes": [hide_in_urls(each) for each in covered.notes],
    }


def _operation_json(each: Exercised) -> dict[str, Any]:
    return {
        "operation": each.label,
        "method": each.method,
        "path": each.path,
        "location": _place(each.location),
        "requests": each.requests,
        "parameters": dict(each.parameters),
        "statuses": dict(each.statuses),
    }


def _drift_json(each: Drift) -> dict[str, Any]:
    place = None if each.location is None else _place(each.location)
    named = {"code": each.code, "message": hide_in_urls(each.message)}
    return {**named, "location": place, "times": each.times, "first": each.first}


def _place(at: Location) -> dict[str, Any]:
    return {"uri": hide_in_urls(at.uri), "line": at.line, "column": at.column, "pointer": at.pointer}


def _lines(covered: Covered) -> Iterator[str]:
    yield in_line(covered.api)
    yield from (f"  {name:<11} {share}" for name, share in covered.shares())
    seen = [each for each in covered.operations if each.requests]
    for each in seen:
        yield ""
        yield from _operation(each)
    yield from _never([each for each in covered.operations if not each.requests])
    yield from _found(bold("drifted:", "red"), covered.drifted)
    yield from _unknown(covered.unknown)
    yield from _found("not checked:", covered.unchecked)
    for walked in covered.workflows:
        yield ""
        yield f"{in_line(walked.document)}: {walked.coverage.to_text()}"
    if covered.notes:
        yield ""
        yield from map(in_line, covered.notes)


def _operation(each: Exercised) -> Iterator[str]:
    name = "" if each.label == f"{each.method} {each.path}" else f"  {in_line(each.label)}"
    yield f"{each.method} {in_line(each.path)}{name}  {_times(each.requests, 'request')}"
    for what, counts in (("statuses", each.statuses), ("parameters", each.parameters)):
        if counts:
            yield f"  {what:<11} {', '.join(_counted(counts))}"


def _counted(counts: Mapping[str, int]) -> Iterator[str]:
    yield from (f"{in_line(name)} {count:,} x" for name, count in counts.items() if count)
    never = [in_line(name) for name, count in counts.items() if not count]
    if never:
        yield f"never {', '.join(never)}"


def _never(operations: list[Exercised]) -> Iterator[str]:
    if not operations:
        return
    yield ""
    yield "never requested:"
    yield from (f"  {in_line(str(each.location))}  {in_line(each.label)}" for each in operations[:_MOST])
    if len(operations) > _MOST:
        yield f"  and {len(operations) - _MOST:,} more, which `--format json` lists"


def _found(title: str, found: Iterable[Drift]) -> Iterator[str]:
    rows = list(found)
    if rows:
        yield ""
        yield title
    for each in rows:
        at = "" if each.location is None else f"{in_line(str(each.location))}: "
        yield f"  {at}{each.code}"
        yield f"    {in_line(each.message)}"
        yield f"    {_times(each.times, 'time')}, first in {in_line(each.first)}"


def _unknown(unknown: Mapping[str, int]) -> Iterator[str]:
    if unknown:
        yield ""
        yield bold("requested, and not in the description:", "red")
        yield from (f"  {in_line(name)}  {_times(count, 'request')}" for name, count in unknown.items())


def _times(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
