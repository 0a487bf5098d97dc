"""The breakpoints that a client sets: each time all of a kind anew, for a document, for steps, or for what happens.

Decides what is said of one that can never be met: it is not verified, and the client shows why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from arazzo_engine.debugging.breakpoints import DIFFERENCE, FAILURE, FINDING, Breakpoint
from arazzo_engine.debugging.evaluating import NotUnderstoodError

if TYPE_CHECKING:
    from arazzo_engine.cli.adapter.arguments import (
        Initialize,
        SetBreakpoints,
        SetExceptionBreakpoints,
        SetFunctionBreakpoints,
        SourceBreakpoint,
    )
    from arazzo_engine.cli.adapter.sources import Sources
    from arazzo_engine.debugging.breakpoints import Breakpoints
    from arazzo_engine.documents.document import Document

FILTERS: Final = (
    {"filter": FAILURE, "label": "A step fails", "default": False},
    {"filter": FINDING, "label": "A finding is told", "default": False},
    {"filter": DIFFERENCE, "label": "A replay differs from its recording", "default": True},
)
_STEPS: Final = "steps"
_CAUGHT: Final = "caught"


class Points(Struct):
    """The numbers of the breakpoints that a client has set, by what they were set for."""

    breakpoints: Breakpoints
    sources: Sources
    counts: Initialize
    numbers: dict[str, list[int]] = field(default_factory=dict)

    def set_lines(self, asked: SetBreakpoints) -> dict[str, Any]:
        """Set all breakpoints of a document."""
        document = self.sources.meant(asked.source)
        if document is None:
            told = {"verified": False, "message": "nothing that runs here comes to this document"}
            return {"breakpoints": [told] * len(asked.breakpoints)}
        self._clear(document.uri)
        return {"breakpoints": [self._set_line(document, each) for each in asked.breakpoints]}

    def _set_line(self, document: Document, asked: SourceBreakpoint) -> dict[str, Any]:
        line = asked.line + (not self.counts.lines_start_at1)
        step = self.breakpoints.index.at(document.uri, line)
        if step is None:
            return {"verified": False, "message": "no step stands here, or below"}
        try:
            added = self.breakpoints.add_at(step, step.kind_at(line), asked.condition)
        except NotUnderstoodError as misunderstood:
            return {"verified": False, "message": str(misunderstood)}
        shown = max(line, step.lines.start) - (not self.counts.lines_start_at1)
        return self._told(document.uri, added) | {"line": shown, "source": self.sources.written(document)}

    def set_steps(self, asked: SetFunctionBreakpoints) -> dict[str, Any]:
        """Set all breakpoints at steps that are named."""
        self._clear(_STEPS)
        return {"breakpoints": [self._set_step(each.name, each.condition) for each in asked.breakpoints]}

    def _set_step(self, name: str, condition: str) -> dict[str, Any]:
        try:
            return self._told(_STEPS, self.breakpoints.add(f"{name} if {condition}" if condition.strip() else name))
        except NotUnderstoodError as misunderstood:
            return {"verified": False, "message": str(misunderstood)}

    def set_caught(self, asked: SetExceptionBreakpoints) -> dict[str, Any]:
        """Set what is stopped at wherever it happens."""
        self._clear(_CAUGHT)
        known = [each["filter"] for each in FILTERS]
        return {
            "breakpoints": [
                self._told(_CAUGHT, self.breakpoints.catch(each))
                if each in known
                else {"verified": False, "message": f"there is no filter `{each}`"}
                for each in asked.filters
            ]
        }

    def _clear(self, name: str) -> None:
        for number in self.numbers.pop(name, []):
            self.breakpoints.remove(number)

    def _told(self, name: str, added: Breakpoint) -> dict[str, Any]:
        self.numbers.setdefault(name, []).append(added.number)
        return {"id": added.number, "verified": True}
