"""Where a moment stands in a document, and which step a line belongs to.

Decides the line that stands for a moment: that of the step's id before it, of what it calls before a request, of what
decided when it was judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.debugging.decisions import Fate, considered
from arazzo_engine.debugging.moments import Kind
from arazzo_engine.language.fixed_fields import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.debugging.walk import Opened
    from arazzo_engine.documents.document import Document, Place

_WHEN_JUDGED: Final = ("successCriteria", "onSuccess", "onFailure", "outputs")


class StepLines(Struct, frozen=True):
    """A step with the lines that it takes, and those of them that count when it is judged."""

    workflow: LinkedWorkflow
    step: LinkedStep
    lines: range
    judged: tuple[range, ...]

    @property
    def name(self) -> tuple[str, str]:
        """The ids of the workflow and of the step."""
        return self.workflow.key.workflow_id, self.step.step.step_id

    @property
    def document(self) -> Document:
        """The document that the step stands in."""
        return self.step.step.at.document

    def kind_at(self, line: int) -> Kind:
        """Return the moment at which a line counts."""
        return Kind.JUDGED if any(line in each for each in self.judged) else Kind.STEP


class Index(Struct):
    """The steps that a run can come to, with their lines, which are looked for once."""

    linked: LinkedDescription
    _steps: list[StepLines] = field(default_factory=list)

    @property
    def steps(self) -> list[StepLines]:
        """The steps of all documents."""
        if not self._steps:
            self._steps.extend(_steps_of(self.linked))
        return self._steps

    def at(self, document: str, line: int) -> StepLines | None:
        """Return the step that a line belongs to, or else the next one below it, in a document of that URI or name."""
        own = [each for each in self.steps if document in {each.document.uri, each.document.name}]
        below = sorted((each for each in own if line < each.lines.stop), key=lambda each: each.lines.start)
        return next(iter(below), None)


def _steps_of(linked: LinkedDescription) -> Iterator[StepLines]:
    for workflow in linked.workflows.values():
        for step in workflow.steps:
            at = step.step.at
            judged = (at.child(name).lines() for name in _WHEN_JUDGED)
            yield StepLines(workflow, step, at.lines() or range(1), tuple(each for each in judged if each is not None))


def place_of(kind: Kind, opened: Opened) -> Place | None:
    """Return the place that stands for a moment of an attempt."""
    if opened.sight is None:
        return None
    at = opened.sight.step.step.at
    match kind:
        case Kind.REQUEST | Kind.TOKEN:
            return next((at.child(name) for name in TARGETS if at.child(name).lines()), at.child("stepId"))
        case Kind.JUDGED | Kind.WAIT:
            return _decisive(opened) or at.child("stepId")
        case _:
            return at.child("stepId")


def _decisive(opened: Opened) -> Place | None:
    """Return the place of the action that was chosen, or else of the first criterion that failed."""
    for each in considered(opened):
        if each.fate is Fate.CHOSEN:
            return each.action.at
    report, sight = opened.report, opened.sight
    failed = () if report is None else (each.at for each in report.criteria if not each.passed and each.at is not None)
    found = next(iter(failed), None)
    if found is not None or sight is None:
        return found
    judged = (sight.step.step.at.child(name) for name in ("successCriteria", "outputs"))
    return next((each for each in judged if each.lines()), None)
