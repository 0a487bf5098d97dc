"""What a recording and a report both show of a run: its attempts, each with its request, its answer and its decision.

Decides what the two have in common, so that either can be compared with either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import UNSET, Struct, ValidationError, convert, to_builtins

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.reporting.report_json import RunForm
from arazzo_engine.typed import Silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.recording.recording import Recording
    from arazzo_engine.reporting.messages.json_forms import RequestForm, ResponseForm
    from arazzo_engine.reporting.report_json import StepForm


class Attempt(Silent, frozen=True):
    """One attempt of a step: its workflow, its step and its number; what is not there was not sent, or did not come."""

    key: tuple[str, str, int]
    request: dict[str, Any] | None
    answer: dict[str, Any] | None
    decision: dict[str, Any]
    elapsed: float


class Seen(Struct, frozen=True):
    """What is seen of the runs of a file: their attempts in order, how each ended, and where it was cut off."""

    name: str
    attempts: tuple[Attempt, ...]
    endings: tuple[dict[str, Any], ...]
    cut: str = ""


def attempts_of_recording(recording: Recording) -> Seen:
    """Return what a recording shows."""
    cut = "" if recording.is_whole else recording.where_cut()
    return Seen(recording.name, tuple(_attempts(recording)), recording.ends, cut)


def _attempts(recording: Recording) -> Iterator[Attempt]:
    sent: dict[tuple[str, str, int], dict[str, Any]] = {}
    for line in recording.lines:
        value = line.value
        if line.effect == "send" and value["step"] is not None:
            workflow_id, step_id, attempt = value["step"]
            sent[workflow_id, step_id, attempt] = value
        elif line.effect == "emit" and value["event"]["type"] == "stepFinished":
            event = value["event"]
            key = event["workflowId"], event["stepId"], event["attempt"]
            exchange = sent.pop(key, {})
            yield Attempt(key, exchange.get("request"), exchange.get("reply"), event, event["elapsed"])


_NOT_A_RUN: Final = "it is neither a recording nor what `arazzo run --format json` prints"


def attempts_of_report(value: Any, name: str) -> Seen:  # noqa: ANN401 - any JSON value
    """Return what a report shows; raises ``ArazzoError`` (``recording-unreadable``)."""
    runs = value["runs"] if isinstance(value, dict) and "runs" in value else [value]
    try:
        forms = convert(runs, list[RunForm])
    except ValidationError as error:
        message = f"{name} cannot be compared: {_NOT_A_RUN}"
        fix = "name a recording, or the output of a run in JSON"
        raise ArazzoError(diagnose("recording-unreadable", message, fix=fix)) from error
    attempts = tuple(_of_step(step) for form in forms for step in form.steps)
    return Seen(name, attempts, tuple(map(_ending, forms)))


def _ending(form: RunForm) -> dict[str, Any]:
    # the last diagnostics are those of the steps
    own = form.diagnostics[: len(form.diagnostics) - sum(len(step.diagnostics) for step in form.steps)]
    diagnostics = to_builtins(own)
    return {"status": form.status.value, "outputs": form.outputs, "diagnostics": diagnostics}


def _of_step(form: StepForm) -> Attempt:
    decision = {
        "status": form.status.value,
        "criteria": to_builtins(form.criteria),
        "action": None if form.action is None else {**to_builtins(form.action), "target": form.action.target or ""},
        "outputs": form.outputs,
        "notes": form.notes,
        "diagnostics": to_builtins(form.diagnostics),
    }
    key = form.workflow_id, form.step_id, form.attempt
    return Attempt(key, _request(form.request), _answer(form.response), decision, form.elapsed_ms / 1000)


def _request(form: RequestForm | None) -> dict[str, Any] | None:
    if form is None:
        return None
    headers = [[each.name, each.value] for each in form.headers]
    return {"method": form.method, "url": form.url, "headers": headers, "body": {"text": form.body}}


def _answer(form: ResponseForm | None) -> dict[str, Any] | None:
    if form is None:
        return None
    if form.status is None:
        return {"noResponse": {"reason": "" if form.reason is UNSET else form.reason}}
    return {"response": {"status": form.status, "body": {"text": form.body if isinstance(form.body, str) else ""}}}
