"""What differs from a recording, at the moments where it does.

Decides the moment of a difference: that of the request for what was sent, else where the attempt is judged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.debugging.breakpoints import DIFFERENCE
from arazzo_engine.debugging.history import Found
from arazzo_engine.debugging.moments import Kind

if TYPE_CHECKING:
    from arazzo_engine.debugging.history import History
    from arazzo_engine.debugging.moments import Moment
    from arazzo_engine.recording.comparing.comparison import Comparison, Told

_OF_A_REQUEST: Final = frozenset({"method", "server", "path", "query", "header", "body"})


def note_differences(history: History, comparison: Comparison) -> None:
    """Keep what a comparison has told of the runs that were followed."""
    for row, moments in zip(comparison.rows, history.attempts(), strict=False):
        for told in row.differences:
            _note(history, _moment_of(told, moments), told)
    if history.moments:
        for told in comparison.ending:
            _note(history, history.moments[-1], told)


def _moment_of(told: Told, moments: list[Moment]) -> Moment:
    what = re.split(r"[ /]", told.difference.field, maxsplit=1)[0]
    requests = [each for each in moments if each.kind is Kind.REQUEST]
    return requests[0] if requests and what in _OF_A_REQUEST else moments[-1]


def _note(history: History, moment: Moment, told: Told) -> None:
    found = Found(DIFFERENCE, "\n".join(told.lines()))
    history.found.setdefault(moment.number, []).append(found)
