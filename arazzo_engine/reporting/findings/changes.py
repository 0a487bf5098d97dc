"""What a new version of an API breaks, as text and as JSON.

Decides how it looks: what belongs to one step stands together, below its name and its operation.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.printable import in_line
from arazzo_engine.secret_names import hide_in_urls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.validation.changes.changes import Change


class Compared(Struct, frozen=True):
    """A document with two versions of one of its APIs: what breaks, and how many steps call that API."""

    document: str
    source: str
    against: str
    changes: tuple[Change, ...]
    steps: int

    @property
    def broken(self) -> tuple[tuple[str, str], ...]:
        """The workflow and the step of everything that breaks, each once."""
        return tuple(dict.fromkeys((each.workflow_id, each.step_id) for each in self.changes if each.step_id))


def changes_text(compared: Compared) -> str:
    """Return what breaks, for a person."""
    return hide_in_urls("\n".join(_lines(compared)))


def summary(compared: Compared) -> str:
    """Return how much breaks, in one line."""
    calling = f"{compared.steps:,} step{'' if compared.steps == 1 else 's'} call{'s' * (compared.steps == 1)}"
    if not compared.changes:
        return f"nothing breaks: {calling} `{compared.source}`"
    broken, count = len(compared.broken), len(compared.changes)
    steps = f"{broken:,} step{'' if broken == 1 else 's'} break{'s' * (broken == 1)}"
    return f"{steps}: {count:,} change{'' if count == 1 else 's'}; {calling} `{compared.source}`"


def changes_json(compared: Compared) -> dict[str, JsonValue]:
    """Return the same as JSON."""
    return {
        "document": compared.document,
        "source": compared.source,
        "against": hide_in_urls(compared.against),
        "breaks": bool(compared.changes),
        "steps": compared.steps,
        "changes": [_change(each) for each in compared.changes],
    }


def _lines(compared: Compared) -> Iterator[str]:
    for number, (place, changes) in enumerate(groupby(compared.changes, key=_of)):
        if number:
            yield ""
        yield place
        for each in changes:
            at = "" if each.location is None else f"{in_line(str(each.location))}: "
            yield f"  {at}{each.code}"
            yield f"    {in_line(each.message)}"
            if each.fix:
                yield f"    fix: {in_line(each.fix)}"


def _of(change: Change) -> str:
    if not change.workflow_id:
        return "the API"
    step = f", step {in_line(change.step_id)}" if change.step_id else ""
    return f"workflow {in_line(change.workflow_id)}{step}"


def _change(change: Change) -> dict[str, JsonValue]:
    at = change.location
    place: JsonValue = (
        None
        if at is None
        else {"uri": hide_in_urls(at.uri), "line": at.line, "column": at.column, "pointer": at.pointer}
    )
    return {
        "workflowId": change.workflow_id or None,
        "stepId": change.step_id or None,
        "code": change.code,
        "message": hide_in_urls(change.message),
        "fix": hide_in_urls(change.fix),
        "location": place,
    }
