"""Effects and their replies as the values of lines, and back.

Decides what is recorded of an effect: all that it asks and all that it is answered, and of an event what was decided.
The secrets in it are hidden by ``writing``, which knows the members in which one may stand.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final, assert_never

import msgspec

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.language.messages.answers import Answer
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.effects import (
    Draw,
    Emit,
    Keep,
    Recall,
    Send,
    Sign,
    Signed,
    TraceContext,
    Wait,
    is_before_sending,
)
from arazzo_engine.machine.endings import place_of
from arazzo_engine.recording.replies import (
    SENT_BEFORE,
    read_answer,
    read_token,
    write_signed,
    write_token,
)
from arazzo_engine.reporting.events import RunFinished, RunStarted, StepFinished, StepStarted, Stopping, Waiting
from arazzo_engine.reporting.report_json import diagnostic_form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.security.grants import Token
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.criteria import CriterionResult
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.machine.effects import Effect, Reply
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.reporting.step_report import StepReport

EFFECT: Final = "effect"
REPLY: Final = "reply"
RAISED: Final = "raised"
# what can be raised instead of a reply
TOLD: Final = "told"
BUG: Final = "bug"
INTERRUPTION: Final = "interruption"


# --- what is asked ---


def write_effect(effect: Effect) -> dict[str, Any]:
    """Return what an effect asks."""
    match effect:
        case Send():
            return {EFFECT: "send", "step": _asking(effect), "request": write_request(effect.request)}
        case Wait(seconds=seconds):
            return {EFFECT: "wait", "seconds": seconds}
        case Emit(event=event):
            return {EFFECT: "emit", "event": write_event(event)}
        case Draw():
            return {EFFECT: "draw"}
        case _:
            return _proof_effect(effect)


def _proof_effect(effect: Keep | Recall | Sign) -> dict[str, Any]:
    match effect:
        case Keep(entry=entry, token=token):
            return {EFFECT: "keep", "entry": msgspec.to_builtins(entry), "token": write_token(token)}
        case Recall(entry=entry):
            return {EFFECT: "recall", "entry": msgspec.to_builtins(entry)}
        case Sign(request=request, signature=signature):
            name = "traceparent" if isinstance(signature, TraceContext) else signature.scheme.name
            return {EFFECT: "sign", "scheme": name, "request": write_request(request)}
        case _:
            assert_never(effect)


def _asking(effect: Send) -> list[Any] | None:
    """Return which attempt asks: workflow, step and its number; ``None`` for a token."""
    asked = effect.asked
    return None if asked is None else [asked.workflow.key.workflow_id, asked.step.step.step_id, asked.attempt]


def write_request(request: Request) -> dict[str, Any]:
    """Return a request, whole."""
    body = write_body(bytes(request.content))
    return {"method": request.method, "url": request.url, "headers": request.headers, "body": body}


def write_body(content: bytes) -> dict[str, str]:
    """Return the bytes of a body as a text, where they are one."""
    try:
        return {"text": content.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode("ascii")}


def write_event(event: Event) -> dict[str, Any]:
    """Return what an event says that nothing else recorded does."""
    match event:
        case RunStarted():
            return {"type": "runStarted", "workflowId": event.workflow_id, "runId": event.run_id}
        case StepStarted():
            return {"type": "stepStarted", **_named(event), "attempt": event.attempt, "depth": event.depth}
        case StepFinished(report=report):
            return {"type": "stepFinished", **write_decision(report)}
        case Waiting():
            return {"type": "waiting", **_named(event), "seconds": event.seconds}
        case Stopping():
            return {"type": "stopping", "workflowId": event.workflow_id, "runId": event.run_id}
        case RunFinished(report=report):
            return {"type": "runFinished", **write_ending(report)}
        case _:
            assert_never(event)


def _named(event: StepStarted | Waiting | StepReport) -> dict[str, Any]:
    return {"workflowId": event.workflow_id, "stepId": event.step_id}


def write_decision(report: StepReport) -> dict[str, Any]:
    """Return how an attempt was judged and what followed; its request and its answer are recorded already."""
    return {
        **_named(report),
        "attempt": report.attempt,
        "depth": report.depth,
        "status": report.status,
        "criteria": [_criterion(each) for each in report.criteria],
        "action": report.action,
        "outputs": report.outputs,
        "notes": report.notes,
        "diagnostics": write_diagnostics(report.diagnostics),
        "startedAt": report.started_at,
        "elapsed": report.elapsed,
    }


def _criterion(result: CriterionResult) -> dict[str, Any]:
    return {"condition": result.condition, "passed": result.passed, "explanation": result.explanation}


def write_ending(report: RunReport) -> dict[str, Any]:
    """Return how a run ended."""
    return {
        "workflowId": report.workflow_id,
        "runId": report.run_id,
        "status": report.status,
        "outputs": report.outputs,
        "diagnostics": write_diagnostics(report.diagnostics),
        "elapsed": report.elapsed,
    }


def write_diagnostics(diagnostics: Iterable[Diagnostic]) -> list[Any]:
    """Return diagnostics as a report has them."""
    if not diagnostics:
        return []
    return [msgspec.to_builtins(diagnostic_form(each)) for each in diagnostics]


# --- what is answered ---


def write_reply(reply: Reply) -> Any:  # noqa: ANN401 - a JSON value
    """Return a reply."""
    match reply:
        case Answer():
            return write_told(reply)
        case float() | None:
            return reply
        case str():
            return {"drawn": reply}
        case Signed():
            return write_signed(reply)
        case _:
            return {"token": write_token(reply)}


def write_told(answer: Answer) -> dict[str, Any]:
    """Return an answer, whole."""
    result = answer.result
    written: dict[str, Any] = {
        "startedAt": answer.started_at,
        "elapsed": answer.elapsed,
        "hops": answer.hops,
        "notes": answer.notes,
    }
    if isinstance(result, Response):
        body = write_body(result.content)
        written["response"] = {"status": result.status, "headers": result.headers, "body": body}
    else:
        written["noResponse"] = msgspec.to_builtins(result)
    if answer.followed is not None:
        written["followed"] = write_request(answer.followed)
    if answer.sent_before:
        written[SENT_BEFORE] = answer.sent_before
    return written


def write_raised(error: BaseException) -> dict[str, Any]:
    """Return what was raised instead of a reply."""
    diagnostics = error.diagnostics if isinstance(error, ArazzoError) else ()
    return {
        "kind": _kind(error),
        "place": place_of(error),
        "isBeforeSending": is_before_sending(error),
        "diagnostics": write_diagnostics(diagnostics),
    }


def _kind(error: BaseException) -> str:
    if isinstance(error, ArazzoError):
        return TOLD
    return BUG if isinstance(error, Exception) else INTERRUPTION


# --- and back ---


def read_body(written: dict[str, str]) -> bytes:
    """Return the bytes of a body."""
    return written["text"].encode() if "text" in written else base64.b64decode(written["base64"])


def read_send(written: dict[str, Any]) -> Answer:
    """Return the answer that was written."""
    whole = {**written}
    if "response" in whole:
        whole["response"] = _with_content(whole["response"])
    if "followed" in whole:
        whole["followed"] = _with_content(whole["followed"])
    return read_answer(whole)


def _with_content(message: dict[str, Any]) -> dict[str, Any]:
    content = base64.b64encode(read_body(message["body"])).decode("ascii")
    return {**{name: each for name, each in message.items() if name != "body"}, "content": content}


def read_recalled(written: dict[str, Any] | None) -> Token | None:
    """Return the reply to a ``Recall``; ``None`` was written as it is."""
    return None if written is None else read_token(written["token"])
