"""A run as JSON: the object that ``--format json`` prints. Its shape is fixed by ``report.schema.json``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.report import StepStatus
from arazzo_engine.reporting.report_text import body_excerpt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.diagnostics import Diagnostic, Location
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.machine.answers import NoResponse
    from arazzo_engine.machine.report import ActionTaken, RunReport, StepReport
    from arazzo_engine.reporting.masking import Masker


def report_as_json(report: RunReport, warnings: Iterable[Diagnostic], masker: Masker) -> JsonValue:
    """Return the report as a JSON value with every secret masked."""
    diagnostics = [*warnings, *report.diagnostics, *(each for step in report.steps for each in step.diagnostics)]
    return masker.value(
        {
            "status": report.status.value,
            "workflowId": report.workflow_id,
            "runId": report.run_id,
            "outputs": dict(report.outputs),
            "steps": [step_as_json(step, masker) for step in report.steps],
            "diagnostics": [diagnostic_as_json(each) for each in diagnostics],
        }
    )


def refusal_as_json(diagnostics: Iterable[Diagnostic], masker: Masker) -> JsonValue:
    """Return the JSON of a run that was refused before its first request: it stopped, and these are the reasons."""
    found = [diagnostic_as_json(each) for each in diagnostics]
    return masker.value(
        {"status": "stopped", "workflowId": None, "runId": None, "outputs": {}, "steps": [], "diagnostics": found}
    )


def refusal_event(diagnostics: Iterable[Diagnostic], masker: Masker) -> JsonValue:
    """Return the line that ends a stream of events when there is no run that could end it."""
    return {"event": "run-refused", "report": refusal_as_json(diagnostics, masker)}


def step_as_json(step: StepReport, masker: Masker) -> JsonValue:
    """Return one attempt of a step; one that failed also with its place and the beginning of the answer's body."""
    failed = step.status is StepStatus.FAILED
    return {
        "workflowId": step.workflow_id,
        "stepId": step.step_id,
        "attempt": step.attempt,
        "status": step.status.value,
        "request": None if step.request is None else {"method": step.request.method, "url": step.request.url},
        "response": _response(step.response, masker if failed else None),
        "location": _location(step.location) if failed else None,
        "criteria": [
            {"condition": each.condition, "passed": each.passed, "explanation": each.explanation}
            for each in step.criteria
        ],
        "outputs": dict(step.outputs),
        "action": _action(step.action),
        "notes": list(step.notes),
        "startedAt": datetime.fromtimestamp(step.started_at, UTC).isoformat(timespec="milliseconds"),
        "elapsedMs": round(step.elapsed * 1000, 3),
    }


def diagnostic_as_json(diagnostic: Diagnostic) -> JsonValue:
    """Return one diagnostic."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "why": diagnostic.why,
        "fix": diagnostic.fix,
        "location": _location(diagnostic.location),
    }


def _response(response: Response | NoResponse | None, masker: Masker | None) -> JsonValue:
    if response is None:
        return None
    if isinstance(response, Response):
        # what is cut must be masked first: a part of a secret could not be recognised any more
        return {"status": response.status, "body": None if masker is None else body_excerpt(response, masker)}
    return {"status": None, "failure": response.failure.value, "reason": response.reason}


def _action(action: ActionTaken | None) -> JsonValue:
    if action is None:
        return None
    return {"type": action.type, "name": action.name or None, "target": action.target or None, "wait": action.wait}


def _location(location: Location | None) -> JsonValue:
    if location is None:
        return None
    return {"uri": location.uri, "line": location.line, "column": location.column, "pointer": location.pointer}
