"""What the rehearsals of all paths showed of a workflow, and what they did not: as values, as text and as JSON.

Decides how paths look. What a path is, and which there are, is decided by the simulation.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, takewhile
from typing import Any, Final

from msgspec import Struct

from arazzo_engine.diagnostics import Location
from arazzo_engine.printable import in_line, printable
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.reporting.outcomes import RunStatus

# of paths, and of what was not shown, so many are lines of the text
_MOST: Final = 20


class PathStep(Struct, frozen=True):
    """An attempt of a step on a path: what came of its request, and what followed it."""

    workflow_id: str
    step_id: str
    attempt: int
    depth: int
    succeeded: bool
    came: str = ""
    action: str = ""

    def text(self) -> str:
        """Return it in a few words: ``charge 503 ✗ retry busy``."""
        words = (self.step_id, self.came, "" if self.succeeded else "✗", f"({self.action})" if self.action else "")
        return " ".join(each for each in words if each)


class Path(Struct, frozen=True):
    """One run: how it ended, and each attempt of each step."""

    status: RunStatus
    steps: tuple[PathStep, ...]


class Share(Struct, frozen=True):
    """How many of all there are were shown; ``note`` says what some of them are."""

    shown: int
    total: int
    note: str = ""

    def __str__(self) -> str:
        return f"{self.shown} of {self.total}"


class Missed(Struct, frozen=True):
    """What was not shown, where it stands, and why."""

    what: str
    why: str
    location: Location


class Coverage(Struct, frozen=True):
    """All paths of a workflow. ``criteria`` counts each twice, true and false; ``limit`` is what ended the search."""

    workflow_id: str
    paths: tuple[Path, ...]
    steps: Share
    actions: Share
    criteria: Share
    missed: tuple[Missed, ...] = ()
    limit: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether everything was shown."""
        return not self.missed

    def to_text(self, masker: Masker | None = None) -> str:
        """Return the paths and what they show, for a person."""
        masker = (masker or Masker()).of_messages()
        return printable(masker.text("\n".join(self._lines())))

    def to_json(self, masker: Masker | None = None) -> dict[str, Any]:
        """Return the same as ``--all-paths --format json`` prints it; ``arazzo schema paths`` has its JSON Schema."""
        masker = (masker or Masker()).of_messages()
        return {
            "workflowId": self.workflow_id,
            "paths": [{"status": each.status.value, "steps": [*map(_as_json, each.steps)]} for each in self.paths],
            **{name: {"shown": each.shown, "total": each.total} for name, each in self._shares()},
            "missed": [_missed_as_json(each, masker) for each in self.missed],
            "limit": self.limit or None,
        }

    def _shares(self) -> Iterator[tuple[str, Share]]:
        yield from (("steps", self.steps), ("actions", self.actions), ("criteria", self.criteria))

    def _lines(self) -> Iterator[str]:
        yield f"{len(self.paths)} path{'' if len(self.paths) == 1 else 's'} of {self.workflow_id}:"
        before: tuple[PathStep, ...] = ()
        for number, path in enumerate(self.paths[:_MOST], start=1):
            yield f"  {number}. {_path_text(path, before)}: {path.status}"
            before = path.steps
        if len(self.paths) > _MOST:
            yield f"  and {len(self.paths) - _MOST} more, which `--format json` lists"
        yield ""
        yield from (f"{name:<9} {share}{share.note}" for name, share in self._shares())
        if self.limit:
            yield f"the search ended at its limit of {self.limit}"
        if self.missed:
            yield ""
            yield "not shown:"
            yield from (f"  {in_line(str(each.location))}  {each.what}: {each.why}" for each in self.missed[:_MOST])
            if len(self.missed) > _MOST:
                yield f"  and {len(self.missed) - _MOST} more, which `--format json` lists"


def _path_text(path: Path, before: tuple[PathStep, ...]) -> str:
    """Return the steps of a path, without those that it begins with as the one before it does."""
    pairs = zip(path.steps, before, strict=False)
    same = len([*takewhile(lambda pair: pair[0] == pair[1], pairs)])
    shown = path.steps[same:] if same < len(path.steps) else path.steps[-1:]
    texts = ((text, len([*same])) for text, same in groupby(each.text() for each in shown))
    folded = (text if count == 1 else f"{text}, {count} times" for text, count in texts)
    return " → ".join([*(["…"] if len(shown) < len(path.steps) else []), *folded])


def _as_json(step: PathStep) -> dict[str, Any]:
    return {
        "workflowId": step.workflow_id,
        "stepId": step.step_id,
        "attempt": step.attempt,
        "depth": step.depth,
        "status": "succeeded" if step.succeeded else "failed",
        "came": step.came or None,
        "action": step.action or None,
    }


def _missed_as_json(missed: Missed, masker: Masker) -> dict[str, Any]:
    at = missed.location
    return {
        "what": masker.text(missed.what),
        "why": masker.text(missed.why),
        "location": {"uri": at.uri, "line": at.line, "column": at.column, "pointer": at.pointer},
    }
