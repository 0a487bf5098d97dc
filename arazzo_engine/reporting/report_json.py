"""A report as JSON, and back: the shape of what ``--format json`` prints, which ``report.schema.json`` describes.

Each part of a report has its form here, whose fields are the members. What was said by documents, people and servers is
masked; the engine's own words and numbers stay, whatever a secret looks like. Requests and answers have their forms in
``messages``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from msgspec import UNSET, Struct, UnsetType, field, to_builtins

from arazzo_engine.diagnostics import Diagnostic, Location, Severity
from arazzo_engine.documents.values import JsonValue
from arazzo_engine.language.criteria import CriterionResult
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.reporting.messages.json_forms import (
    EvaluationForm,
    Form,
    RequestForm,
    ResponseForm,
    Told,
    request_form,
    request_of,
    response_form,
    response_of,
)
from arazzo_engine.reporting.outcomes import ActionTaken, RunStatus, StepStatus
from arazzo_engine.reporting.step_report import StepReport
from arazzo_engine.secret_names import hide_in_urls

if TYPE_CHECKING:
    from collections.abc import Sequence

# members whose values are the engine's own, or names of the document: to mask a state or an id would hide no secret
_OWN: Final = frozenset(
    {
        *(
            "event",
            "runId",
            "workflowId",
            "stepId",
            "status",
            "attempt",
            "depth",
            "passed",
            "startedAt",
            "elapsedMs",
            "seconds",
        ),
        *("type", "wait", "severity", "code", "why", "line", "column", "failure", "failedSteps"),
        *("method", "length", "sha256", "sent", "processed"),
        *("row", "tag"),
    }
)
_FREE: Final = "outputs"
_NAME: Final = "pointer"


class LocationForm(Form, frozen=True):
    """A place in a document."""

    uri: str
    line: int
    column: int
    pointer: str


class DiagnosticForm(Form, frozen=True):
    """One finding."""

    code: str
    severity: Severity
    message: str
    why: str
    fix: str
    location: LocationForm | None


class CriterionForm(Form, frozen=True):
    """A criterion's verdict."""

    condition: str
    passed: bool
    explanation: str


class ActionForm(Form, frozen=True):
    """What followed an attempt."""

    type: str
    name: str | None
    target: str | None
    wait: float | None


class StepForm(Form, frozen=True, kw_only=True):
    """One attempt of one step."""

    workflow_id: str
    step_id: str
    attempt: int
    depth: int = 0
    status: StepStatus
    request: RequestForm | None
    response: ResponseForm | None
    location: LocationForm | None
    criteria: list[CriterionForm]
    outputs: dict[str, JsonValue]
    action: ActionForm | None
    notes: list[str]
    diagnostics: list[DiagnosticForm] = field(default_factory=list)
    started_at: str
    elapsed_ms: float
    sent_before: int | UnsetType = UNSET
    trace: list[EvaluationForm] | UnsetType = UNSET


class RunForm(Form, frozen=True, kw_only=True):
    """A whole run; ``failed_steps`` and the last of its ``diagnostics`` follow from its steps."""

    status: RunStatus
    workflow_id: str | None
    run_id: str | None
    outputs: dict[str, JsonValue]
    failed_steps: list[str] = field(default_factory=list)
    steps: list[StepForm]
    diagnostics: list[DiagnosticForm]
    elapsed_ms: float = 0.0
    rehearsed: bool | UnsetType = UNSET


def written(form: Form, masker: Masker) -> dict[str, Any]:
    """Return the JSON object of a form, masked."""
    value: dict[str, Any] = masked(to_builtins(form), masker)
    return value


def masked(value: JsonValue, masker: Masker) -> JsonValue:
    """Return a JSON value of a report masked, but for the engine's own words and numbers in it."""
    narrowed, of_messages = masker.narrowed(value), masker.of_messages()
    return _masked(value, _Maskers(narrowed, narrowed if of_messages is masker else of_messages.narrowed(value)))


class _Maskers(Struct, frozen=True):
    """What masks outputs, and what masks all else."""

    of_outputs: Masker
    of_messages: Masker


def _masked(value: JsonValue, maskers: _Maskers) -> JsonValue:
    if isinstance(value, dict):
        return {name: _masked_member(name, member, maskers) for name, member in value.items()}
    if isinstance(value, list):
        return [_masked(element, maskers) for element in value]
    return maskers.of_messages.value(value)


def _masked_member(name: str, member: JsonValue, maskers: _Maskers) -> JsonValue:
    if name == _FREE:
        return maskers.of_outputs.value(member)
    if name == _NAME and isinstance(member, str):
        return maskers.of_messages.name(member)
    return member if name in _OWN and not isinstance(member, dict) else _masked(member, maskers)


def milliseconds(seconds: float) -> float:
    """Return a duration as it is written down."""
    return round(seconds * 1000, 3)


# --- from values to their forms ---


def step_as_json(step: StepReport, masker: Masker) -> dict[str, Any]:
    """Return an attempt masked, also by the names in its request and its answer."""
    return steps_as_json((step,), masker)[0]


def steps_as_json(steps: Sequence[StepReport], masker: Masker) -> list[dict[str, Any]]:
    """Return attempts masked: what one of their messages names like a secret shows in none of the others."""
    named = [step.named_secrets for step in steps]
    for secrets in named:
        masker.learn_named(secrets)
    told = []
    for step, secrets in zip(steps, named, strict=True):
        # in a long run it was forgotten meanwhile
        masker.learn_named(secrets)
        told.append(written(_step_form(step, masker), masker))
    return told


def _step_form(step: StepReport, masker: Masker) -> StepForm:
    """Return the form of an attempt; of one that failed also with its place."""
    failed = step.status is StepStatus.FAILED
    return StepForm(
        workflow_id=step.workflow_id,
        step_id=step.step_id,
        attempt=step.attempt,
        depth=step.depth,
        status=step.status,
        request=step.told.request or request_form(step.request, masker.of_messages()),
        response=step.told.response or response_form(step.response, masker.of_messages()),
        location=_location_form(step.location) if failed else None,
        criteria=list(map(_criterion_form, step.criteria)),
        outputs=dict(step.outputs),
        action=_action_form(step.action),
        notes=list(step.notes),
        diagnostics=list(map(diagnostic_form, step.diagnostics)),
        started_at=datetime.fromtimestamp(step.started_at, UTC).isoformat(timespec="milliseconds"),
        elapsed_ms=milliseconds(step.elapsed),
        sent_before=step.sent_before or UNSET,
        trace=step.told.trace,
    )


def diagnostic_form(diagnostic: Diagnostic) -> DiagnosticForm:
    """Return the form of a diagnostic."""
    return DiagnosticForm(
        code=diagnostic.code,
        severity=diagnostic.severity,
        message=hide_in_urls(diagnostic.message),
        why=diagnostic.why,
        fix=hide_in_urls(diagnostic.fix),
        location=_location_form(diagnostic.location),
    )


def _location_form(location: Location | None) -> LocationForm | None:
    if location is None:
        return None
    return LocationForm(
        uri=hide_in_urls(location.uri), line=location.line, column=location.column, pointer=location.pointer
    )


def _criterion_form(result: CriterionResult) -> CriterionForm:
    return CriterionForm(condition=result.condition, passed=result.passed, explanation=result.explanation)


def _action_form(action: ActionTaken | None) -> ActionForm | None:
    if action is None:
        return None
    return ActionForm(type=action.type, name=action.name or None, target=action.target or None, wait=action.wait)


# --- and back ---


def step_of(form: StepForm) -> StepReport:
    """Return the attempt that a form was made of, as far as it was written down."""
    return StepReport(
        workflow_id=form.workflow_id,
        step_id=form.step_id,
        attempt=form.attempt,
        status=form.status,
        at=_location_of(form.location),
        depth=form.depth,
        request=request_of(form.request),
        response=response_of(form.response),
        told=Told(form.request, form.response, form.trace),
        criteria=tuple(CriterionResult(each.condition, each.passed, each.explanation) for each in form.criteria),
        outputs=form.outputs,
        action=_action_of(form.action),
        notes=tuple(form.notes),
        diagnostics=tuple(map(diagnostic_of, form.diagnostics)),
        started_at=datetime.fromisoformat(form.started_at).timestamp(),
        elapsed=form.elapsed_ms / 1000,
        sent_before=0 if form.sent_before is UNSET else form.sent_before,
    )


def diagnostic_of(form: DiagnosticForm) -> Diagnostic:
    """Return the diagnostic that a form was made of."""
    return Diagnostic(form.code, form.severity, form.message, form.why, form.fix, _location_of(form.location))


def _location_of(form: LocationForm | None) -> Location | None:
    return None if form is None else Location(form.uri, form.line, form.column, form.pointer)


def _action_of(form: ActionForm | None) -> ActionTaken | None:
    return None if form is None else ActionTaken(form.type, form.name or "", form.target or "", form.wait)
