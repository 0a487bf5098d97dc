"""What a run says about itself: one ``RunReport`` of ``StepReport`` s, as values.

Failed criteria, failed steps and network failures are data here, never exceptions. How a report looks on a
terminal or as JSON is decided elsewhere.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.diagnostics import Diagnostic, Location
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.criteria import CriterionResult
    from arazzo_engine.language.messages.exchange import Request, Response
    from arazzo_engine.machine.answers import NoResponse


class RunStatus(StrEnum):
    """How a run ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"
    IN_DOUBT = "in-doubt"
    PAUSED = "paused"


class StepStatus(StrEnum):
    """How an attempt of a step ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"


class ActionTaken(Struct, frozen=True):
    """The action that followed an attempt. ``name`` is empty for the default (next step, or break and return).

    ``type`` is ``next``, ``end``, ``goto`` or ``retry``; ``target`` the step or workflow id, if any;
    ``wait`` the seconds waited before the retry.
    """

    type: str
    name: str = ""
    target: str = ""
    wait: float | None = None


class StepReport(Struct, frozen=True):
    """One attempt of one step. ``started_at`` is in seconds since the epoch, ``elapsed`` in seconds.

    ``at`` is the step's own place in the document. ``notes`` say what a reader should know: an output that
    was absent, a retry that was not made, a reason for failure that is not a criterion. ``secrets`` are
    values of this attempt that must never be shown.
    """

    workflow_id: str
    step_id: str
    attempt: int
    status: StepStatus
    at: Place
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

    def __repr__(self) -> str:
        return f"StepReport({self.workflow_id}.{self.step_id}, attempt {self.attempt}: {self.status})"

    @property
    def location(self) -> Location:
        """The step's own line; found only when somebody asks."""
        return self.at.child("stepId").location()


class RunReport(Struct, frozen=True):
    """A whole run: how it ended, what it gave, each attempt of each step in order, and what is to be said.

    ``elapsed`` is in seconds, waits included.
    """

    status: RunStatus
    workflow_id: str
    run_id: str
    outputs: Mapping[str, JsonValue]
    steps: tuple[StepReport, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    elapsed: float = 0.0

    @property
    def succeeded(self) -> bool:
        """Whether the workflow ran and succeeded."""
        return self.status is RunStatus.SUCCEEDED
