"""Two runs beside each other, as they were recorded or reported: attempt by attempt, with how long each took.

Decides which attempts are compared: those of the same number of the same step, in the order in which they came.
"""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from arazzo_engine.recording.comparing.comparison import Comparison, Row, Told
from arazzo_engine.recording.comparing.differences import (
    ABSENT,
    Difference,
    answers_differ,
    decisions_differ,
    endings_differ,
    requests_differ,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.recording.comparing.attempts import Attempt, Seen


def compare(name: str, first: Seen, second: Seen) -> Comparison:
    """Return what differs between two runs."""
    comparison = Comparison(name, cut="; ".join(f"{each.name}: {each.cut}" for each in (first, second) if each.cut))
    comparison.rows.extend(_rows(first, second))
    for then, now in zip_longest(first.endings, second.endings):
        comparison.ending.extend(map(Told, _endings(then, now)))
    return comparison


def _rows(first: Seen, second: Seen) -> Iterator[Row]:
    others = dict(_numbered(second.attempts))
    for key, then in _numbered(first.attempts):
        yield _row(then, others.pop(key, None))
    # what only the second has
    yield from (_row(None, now) for now in others.values())


def _numbered(attempts: Iterable[Attempt]) -> Iterator[tuple[tuple[Any, ...], Attempt]]:
    """Yield attempts by what names them: a step may be visited again, and its attempts are counted anew."""
    seen: Counter[tuple[str, str, int]] = Counter()
    for each in attempts:
        seen[each.key] += 1
        yield (*each.key, seen[each.key]), each


def _row(then: Attempt | None, now: Attempt | None) -> Row:
    named = then or now
    assert named is not None  # noqa: S101 - one of the two is there
    took = (None if then is None else then.elapsed, None if now is None else now.elapsed)
    row = Row(*named.key, took=took, pair=(then, now))
    if then is None or now is None:
        row.differences.append(Told(Difference("attempt", *("run" if each else "not run" for each in (then, now)))))
        return row
    row.differences.extend(map(Told, _differing(then, now)))
    return row


def _differing(then: Attempt, now: Attempt) -> Iterator[Difference]:
    for what, differ in (("request", requests_differ), ("answer", answers_differ)):
        old, new = getattr(then, what), getattr(now, what)
        if old is not None and new is not None:
            yield from (_named(what, each) for each in differ(old, new))
        elif old is not new:
            yield Difference(what, *(ABSENT if each is None else "there" for each in (old, new)))
    yield from decisions_differ(then.decision, now.decision, in_words=False)


def _named(what: str, difference: Difference) -> Difference:
    return Difference(f"{what} {difference.field}", difference.then, difference.now)


def _endings(then: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> Iterator[Difference]:
    if then is None or now is None:
        yield Difference("end", *(ABSENT if each is None else each["status"] for each in (then, now)))
    else:
        yield from endings_differ(then, now, in_words=False)
