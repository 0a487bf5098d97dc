"""What one attempt of a step says about itself. Values only.

Failed criteria and network failures are data here, never exceptions. How an attempt looks on a terminal or as JSON is
decided beside this file.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import field

from arazzo_engine.diagnostics import Diagnostic, Location
from arazzo_engine.documents.document import Place
from arazzo_engine.documents.values import JsonValue
from arazzo_engine.language.criteria import CriterionResult
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.reporting.messages.json_forms import Told
from arazzo_engine.reporting.messages.named_secrets import named_secrets
from arazzo_engine.reporting.outcomes import ActionTaken, StepStatus
from arazzo_engine.typed import Reticent


class StepReport(Reticent, frozen=True):
    """One attempt of one step. ``started_at`` is in seconds since the epoch, ``elapsed`` in seconds.

    ``at`` is the step's own place in the document, or where that was when the report was written down. ``notes`` say
    what a reader should know: an output that was absent, a retry that was not made, a reason for failure that is not a
    criterion. ``secrets`` are values of this attempt that must never be shown. ``sent_before`` counts how often its
    request was sent already, or may have been, without an answer. ``told`` is what it was read back from.
    """

    workflow_id: str
    step_id: str
    attempt: int
    status: StepStatus
    at: Place | Location | None = None
    depth: int = 0
    request: Request | None = None
    response: Response | NoResponse | None = None
    criteria: tuple[CriterionResult, ...] = ()
    outputs: Mapping[str, JsonValue] = field(default_factory=dict)
    action: ActionTaken | None = None
    notes: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    started_at: float = 0.0
    elapsed: float = 0.0
    secrets: tuple[str, ...] = ()
    sent_before: int = 0
    told: Told = Told()

    def _shown(self) -> str:
        came = f" with {self.response.status}" if isinstance(self.response, Response) else ""
        return f"{self.workflow_id}.{self.step_id}, attempt {self.attempt}: {self.status}{came}"

    @property
    def location(self) -> Location | None:
        """The step's own line, if it is known; found only when somebody asks."""
        return self.at.child("stepId").location() if isinstance(self.at, Place) else self.at

    @property
    def named_secrets(self) -> tuple[str, ...]:
        """The texts that the names in its messages, and in what is kept of them, say to be secret."""
        return named_secrets(self.request, self.response, self.outputs)
