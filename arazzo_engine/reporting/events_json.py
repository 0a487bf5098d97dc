"""The events of a run as JSON lines, as ``--format jsonl`` streams them: one object a line, its kind in ``event``.

Observers of a run in another process read these; the shapes are those of the report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from arazzo_engine.machine.events import Event, RunFinished, RunStarted, StepFinished, StepStarted, Stopping, Waiting
from arazzo_engine.reporting.report_json import report_as_json, step_as_json

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.reporting.masking import Masker


def event_as_json(event: Event, masker: Masker) -> JsonValue:
    """Return one event with every secret masked."""
    match event:
        case RunStarted():
            value: JsonValue = {"event": "run-started", "runId": event.run_id, "workflowId": event.workflow_id}
        case StepStarted():
            value = {
                "event": "step-started",
                "workflowId": event.workflow_id,
                "stepId": event.step_id,
                "attempt": event.attempt,
            }
        case StepFinished():
            value = {"event": "step-finished", "step": step_as_json(event.report, masker)}
        case Waiting():
            value = {
                "event": "waiting",
                "workflowId": event.workflow_id,
                "stepId": event.step_id,
                "seconds": event.seconds,
            }
        case Stopping():
            value = {"event": "run-stopping", "runId": event.run_id, "workflowId": event.workflow_id}
        case RunFinished():
            value = {"event": "run-finished", "report": report_as_json(event.report, (), masker)}
        case _:
            assert_never(event)
    return masker.value(value)
