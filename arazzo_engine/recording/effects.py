"""Effects and their replies as the values of lines, and back.

Decides what is recorded of an effect: all that it asks and all that it is answered, and of an event what was decided.
Bodies are bytes here: whoever hides the secrets in them writes them as texts.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final, assert_never

import msgspec
from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.language.messages.answers import Answer
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.effects import Draw, Emit, Keep, Recall, Send, Sign, Signed, Wait, is_before_sending
from arazzo_engine.machine.endings import place_of
from arazzo_engine.recording.replies import (
    read_answer,
    read_signed,
    read_token,
    write_answer,
    write_token,
)
from arazzo_engine.reporting.events import RunFinished, RunStarted, StepFinished, StepStarted, Stopping, Waiting
from arazzo_engine.reporting.report_json import diagnostic_form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.security.grants import Token
    from arazzo_engine.diagnostics import Diagnostic
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


class Free(Struct, frozen=True):
    """A part of a line in which secrets may stand; all else is the engine's own or a name of a document."""

    value: Any


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
            return {EFFECT: "keep", "entry": Free(msgspec.to_builtins(entry)), "token": Free(write_token(token))}
        case Recall(entry=entry):
            return {EFFECT: "recall", "entry": Free(msgspec.to_builtins(entry))}
        case Sign(request=request, signature=signature):
            return {EFFECT: "sign", "scheme": signature.scheme.name, "request": write_request(request)}
        case _:
            assert_never(effect)


def _asking(effect: Send) -> list[Any] | None:
    """Return which attempt asks: workflow, step and its number; ``None`` for a token."""
    asked = effect.asked
    return None if asked is None else [asked.workflow.key.workflow_id, asked.step.step.step_id, asked.attempt]


def write_request(request: Request) -> dict[str, Any]:
    """Return a request, whole."""
    return {"method": request.method, "url": Free(request.url), **_headers_and_body(request)}


def _headers_and_body(message: Request | Response) -> dict[str, Any]:
    headers = [[name, Free(value)] for name, value in message.headers]
    return {"headers": headers, "body": Free(bytes(message.content))}


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
        "criteria": [
            {"condition": each.condition, "passed": each.passed, "explanation": Free(each.explanation)}
            for each in report.criteria
        ],
        "action": None if report.action is None else msgspec.to_builtins(report.action),
        "outputs": Free(dict(report.outputs)),
        "notes": Free(list(report.notes)),
        "diagnostics": Free(write_diagnostics(report.diagnostics)),
        "startedAt": report.started_at,
        "elapsed": report.elapsed,
    }


def write_ending(report: RunReport) -> dict[str, Any]:
    """Return how a run ended."""
    return {
        "workflowId": report.workflow_id,
        "runId": report.run_id,
        "status": report.status,
        "outputs": Free(dict(report.outputs)),
        "diagnostics": Free(write_diagnostics(report.diagnostics)),
        "elapsed": report.elapsed,
    }


def write_diagnostics(diagnostics: Iterable[Diagnostic]) -> list[Any]:
    """Return diagnostics as a report has them."""
    return [msgspec.to_builtins(diagnostic_form(each)) for each in diagnostics]


# --- what is answered ---


def write_reply(reply: Reply) -> Any:  # noqa: ANN401 - a JSON value with free parts
    """Return a reply."""
    match reply:
        case Answer():
            return _told_answer(reply)
        case str():
            return Free(reply)
        case None | float():
            return reply
        case Signed():
            return {"headers": [[name, Free(value)] for name, value in reply.headers], "problem": Free(reply.problem)}
        case _:
            return Free(write_token(reply))


def _told_answer(answer: Answer) -> dict[str, Any]:
    written: dict[str, Any] = write_answer(answer)
    written["notes"] = Free(written["notes"])
    if isinstance(answer.result, Response):
        written["response"] = {"status": answer.result.status, **_headers_and_body(answer.result)}
    else:
        written["noResponse"]["reason"] = Free(written["noResponse"]["reason"])
    if answer.followed is not None:
        written["followed"] = write_request(answer.followed)
    return written


def write_raised(error: BaseException) -> dict[str, Any]:
    """Return what was raised instead of a reply."""
    diagnostics = error.diagnostics if isinstance(error, ArazzoError) else ()
    return {
        "kind": _kind(error),
        "place": place_of(error),
        "isBeforeSending": is_before_sending(error),
        "diagnostics": Free(write_diagnostics(diagnostics)),
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


def read_proof(effect: str, written: Any) -> Token | Signed | None:  # noqa: ANN401 - what was written above
    """Return the reply to a ``Recall`` or a ``Sign``."""
    return read_signed(written) if effect == "sign" else read_token(written)
