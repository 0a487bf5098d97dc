"""The events of a run as JSON lines, as ``--format jsonl`` streams them: one object a line, its kind in ``event``.

Observers of a run in another process read these; the shapes are those of the report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from arazzo_engine.reporting.events import Event, RunFinished, RunStarted, StepFinished, StepStarted, Stopping, Waiting
from arazzo_engine.reporting.report_json import masked, step_as_json

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.reporting.masking import Masker


def event_as_json(event: Event, masker: Masker) -> JsonValue:
    """Return one event with every secret masked."""
    match event:
        case StepFinished():
            return {"event": "step-finished", "step": step_as_json(event.report, masker)}
        case RunFinished():
            return {"event": "run-finished", "report": event.report.to_json(masker)}
        case _:
            return masked(_beginning(event), masker)


def _beginning(event: RunStarted | StepStarted | Waiting | Stopping) -> JsonValue:
    match event:
        case RunStarted():
            return {"event": "run-started", "runId": event.run_id, "workflowId": event.workflow_id}
        case StepStarted():
            return {
                "event": "step-started",
                "workflowId": event.workflow_id,
                "stepId": event.step_id,
                "attempt": event.attempt,
            }
        case Waiting():
            return {
                "event": "waiting",
                "workflowId": event.workflow_id,
                "stepId": event.step_id,
                "seconds": event.seconds,
            }
        case Stopping():
            return {"event": "run-stopping", "runId": event.run_id, "workflowId": event.workflow_id}
        case _:
            assert_never(event)
