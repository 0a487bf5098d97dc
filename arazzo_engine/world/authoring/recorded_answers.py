"""The answers of a recorded run as a scenario has them: by step, each whole, and when it came.

Decides how a body is written: as a value where that says the same, else byte for byte.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.messages.answers import Failure
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.recording.effects import RAISED, REPLY, read_send
from arazzo_engine.simulation.answers import whole_draft
from arazzo_engine.simulation.cues import GivenAnswer, no_response
from arazzo_engine.world.authoring.recorded_runs import is_interrupted

if TYPE_CHECKING:
    from arazzo_engine.language.messages.answers import Answer, NoResponse
    from arazzo_engine.recording.recording import Line
    from arazzo_engine.world.authoring.recorded_runs import RecordedRun

# clocks tell no more of a second
_DIGITS: Final = 6


def recorded_answers(run: RecordedRun) -> dict[str, list[dict[str, Any]]]:
    """Return the answers that each step got, in their order; an interruption is told where one would have come."""
    reader = _Reader(run.began)
    for line in run.lines:
        if line.effect == "wait":
            reader.now += line.value["seconds"]
        elif line.effect == "send" and line.value["step"] is not None and REPLY in line.value:
            reader.take(line)
        elif is_interrupted(line):
            reader.interrupt(line)
    return {step: [given for _, given in each] for step, each in reader.found.items()}


class _Reader(Struct):
    """``now`` is the time that a rehearsal has come to, ``found`` the answers of each step with their attempt."""

    now: float
    found: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)

    def take(self, line: Line) -> None:
        """Take an answer. Of two with a token, the first was refused and is none where tokens are made up."""
        workflow_id, step_id, attempt = line.value["step"]
        answers = self.found.setdefault(f"{workflow_id}.{step_id}", [])
        if answers and answers[-1][0] == attempt and _has_token(line.value["request"]["headers"]):
            self.now -= answers.pop()[1].get("delay", 0)
        answer = read_send(line.value[REPLY])
        delay = round(answer.started_at + answer.elapsed - self.now, _DIGITS)
        late = {"delay": delay} if delay > 0 else {}
        self.now += late.get("delay", 0)
        answers.append((attempt, {**_given(answer), **late}))

    def interrupt(self, line: Line) -> None:
        """Take the end of a run that was waiting for an answer, or about to ask."""
        workflow_id, step_id, attempt = line.value["step"]
        is_sent = not line.value[RAISED]["isBeforeSending"]
        self.found.setdefault(f"{workflow_id}.{step_id}", []).append((attempt, interrupted(is_sent=is_sent)))


def interrupted(*, is_sent: bool) -> dict[str, Any]:
    """Return what stands for the answer to a request at which a run was interrupted."""
    return {"error": str(Failure.INTERRUPTED), **({} if is_sent else {"sent": False})}


def _has_token(headers: list[list[str]]) -> bool:
    return any(name.lower() == "authorization" and value[:7].lower() == "bearer " for name, value in headers)


def _given(answer: Answer) -> dict[str, Any]:
    if isinstance(answer.result, Response):
        return {**_response(answer.result), "whole": True}
    return _error(answer.result)


def _error(none: NoResponse) -> dict[str, Any]:
    is_usual = none.is_in_doubt == no_response(none.failure).sent
    return {"error": str(none.failure), **({} if is_usual else {"sent": none.is_in_doubt})}


def _response(response: Response) -> dict[str, Any]:
    headers: dict[str, list[str]] = {}
    for name, value in response.headers:
        headers.setdefault(name, []).append(value)
    shown = {name: values[0] if len(values) == 1 else values for name, values in headers.items()}
    return {"status": response.status, **({"headers": shown} if shown else {}), **_body(response)}


def _body(response: Response) -> dict[str, Any]:
    if not response.content:
        return {}
    if _says_the_same(response):
        return {"body": response.payload}
    try:
        return {"text": response.content.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(response.content).decode("ascii")}


def _says_the_same(response: Response) -> bool:
    """Whether the value of a body, written again, is the body or at least the same value."""
    value = response.payload
    if value is ABSENT or response.payload_problem is not None:
        return False
    again = whole_draft(GivenAnswer(response.status, response.headers, value, is_whole=True)).response()
    if isinstance(value, str):
        return again.content == response.content
    return json.dumps(again.payload) == json.dumps(value)
