"""The replayed world: each effect gets the reply that was recorded, and is compared with what was recorded.

Decides how far a run can be followed. A request that differs of the same attempt of the same step is answered as it was
then, and told; a run that comes to something else than the recording has no answer, and stops there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.machine.effects import Draw, Emit, NotSent, Wait, before_sending
from arazzo_engine.recording.comparing.comparison import Comparison, Row, Told
from arazzo_engine.recording.comparing.differences import (
    ABSENT,
    Difference,
    decisions_differ,
    endings_differ,
    requests_differ,
)
from arazzo_engine.recording.effects import BUG, RAISED, REPLY, TOLD, read_recalled, read_send, write_effect
from arazzo_engine.recording.replies import read_signed
from arazzo_engine.recording.telling import describe
from arazzo_engine.recording.writing import as_written
from arazzo_engine.reporting.report_json import DiagnosticForm, diagnostic_of
from arazzo_engine.typed import SilentState
from arazzo_engine.world.replaying.places import place_of_decision, place_of_request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.linking.linked import LinkedDescription
    from arazzo_engine.apis.security.grants import Token
    from arazzo_engine.diagnostics import Diagnostic, Location
    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.machine.effects import Effect, Keep, Recall, Send, Sign, Signed
    from arazzo_engine.recording.recording import Line, Recording
    from arazzo_engine.reporting.events import Event


class RecordedBug(Exception):  # noqa: N818 - what was raised then
    """A bug ended the run that was recorded."""


class RecordedInterruption(BaseException):
    """Somebody interrupted the run that was recorded."""


class Watching:
    """What looks on while a recording is replayed; by itself it looks at nothing."""

    def begin(self, recording: Recording, linked: LinkedDescription) -> None:
        """Know what is replayed."""

    def hear(self, effect: Send, answer: Answer) -> None:
        """Look at a request and its answer."""

    def see(self, event: Event) -> None:
        """Look at what has happened."""


class ReplayedWorld(SilentState):
    """Answers from a recording. ``in_words`` asks for what is only said otherwise, too: of the same documents.

    ``given`` counts the lines that were given; once the run ``is_over``, the rest of it is not compared.
    """

    recording: Recording
    linked: LinkedDescription
    comparison: Comparison
    watching: Watching
    in_words: bool = True
    given: int = 0
    now: float = 0.0
    is_over: bool = False

    def send(self, effect: Send) -> Answer:
        """Return the answer that was recorded for the same attempt."""
        line, asked = self._next(effect)
        if line.value["step"] != asked["step"]:
            raise self._gone_elsewhere(line, asked)
        differing = requests_differ(line.value["request"], asked["request"])
        self._tell((each, place_of_request(effect, each.field)) for each in differing)
        answer = read_send(_reply(line))
        self.watching.hear(effect, answer)
        return answer

    def wait(self, seconds: float) -> None:
        """Let no time pass."""
        line, _ = self._next(Wait(seconds))
        if line.value["seconds"] != seconds:
            self._tell([(Difference("wait", f"{line.value['seconds']:g} s", f"{seconds:g} s"), None)])
        _reply(line)

    def emit(self, event: Event) -> float:
        """Return the time that was recorded."""
        if self.is_over:
            return self.now
        line, told = self._next(Emit(event))
        self._compare(line, told["event"])
        self.now = float(_reply(line))
        self.watching.see(event)
        return self.now

    def draw(self) -> str:
        """Return the text that was drawn."""
        line, _ = self._next(Draw())
        return str(_reply(line)["drawn"])

    def keep(self, effect: Keep) -> str:
        """Keep nothing, and return what was said of it."""
        line, _ = self._next(effect)
        return str(_reply(line)["drawn"])

    def recall(self, effect: Recall) -> Token | None:
        """Return the token that was kept then."""
        line, _ = self._next(effect)
        return read_recalled(_reply(line))

    def sign(self, effect: Sign) -> Signed:
        """Return what signed the request then."""
        line, asked = self._next(effect)
        self._tell((each, None) for each in requests_differ(line.value["request"], asked["request"]))
        return read_signed(_reply(line))

    def check_time(self) -> None:
        """Raise the ``ArazzoError`` (``run-time-limit``) that ended the run while it worked, and asked nothing."""
        lines, at = self.recording.lines, self.given
        if self.is_over or not 0 < at < len(lines) or RAISED in lines[at - 1].value:
            return
        if lines[at].value.get("event", {}).get("type") != "stopping":
            return
        ends = (each.value["event"]["diagnostics"] for each in lines[at:] if _is_end(each))
        found = [each for each in next(ends, []) if each["code"] == "run-time-limit"]
        if found:
            raise ArazzoError(*_diagnostics(found))

    def finish(self) -> None:
        """Tell what was recorded and did not happen now."""
        if not self.is_over and self.given < len(self.recording.lines):
            self._end_at(describe(self.recording.lines[self.given].value), "the run ends")

    def _next(self, effect: Effect) -> tuple[Line, dict[str, Any]]:
        asked = as_written(write_effect(effect))
        if self.given == len(self.recording.lines):
            raise self._nothing_left(asked)
        line = self.recording.lines[self.given]
        if line.effect != asked["effect"]:
            raise self._gone_elsewhere(line, asked)
        self.given += 1
        return line, asked

    def _compare(self, line: Line, now: dict[str, Any]) -> None:
        then = line.value["event"]
        named = ("type", "workflowId", "stepId", "attempt", "depth")
        if any(then.get(each) != now.get(each) for each in named):
            raise self._gone_elsewhere(line, {"effect": "emit", "event": now})
        match now["type"]:
            case "stepStarted":
                self.comparison.rows.append(Row(now["workflowId"], now["stepId"], now["attempt"]))
            case "stepFinished":
                self._compare_decisions(then, now)
            case "runFinished":
                self.tell_ending(then, now)
            case _:
                pass

    def _compare_decisions(self, then: dict[str, Any], now: dict[str, Any]) -> None:
        row = next(each for each in reversed(self.comparison.rows) if _is_of(each, now))
        for each in decisions_differ(then, now, in_words=self.in_words):
            told = Told(each, place_of_decision(self.linked, now, each.field))
            if told not in row.differences:
                row.differences.append(told)

    def tell_ending(self, then: dict[str, Any], now: dict[str, Any]) -> None:
        """Tell what a run ended in that is not the same."""
        found = map(Told, endings_differ(then, now, in_words=self.in_words))
        self.comparison.ending.extend(each for each in found if each not in self.comparison.ending)

    def _tell(self, found: Iterable[tuple[Difference, Location | None]]) -> None:
        self.comparison.add(Told(each, at) for each, at in found)

    def _gone_elsewhere(self, line: Line, asked: dict[str, Any]) -> NotSent:
        return self._end_at(describe(line.value), describe(asked))

    def _nothing_left(self, asked: dict[str, Any]) -> NotSent:
        if self.recording.is_whole:
            return self._end_at("the run ended", describe(asked))
        self.is_over = True
        return _over()

    def _end_at(self, then: str, now: str) -> NotSent:
        rows = self.comparison.rows
        where = None if not rows else place_of_decision(self.linked, _named(rows[-1]), "action")
        self._tell([(Difference("next", then or ABSENT, now or ABSENT), where)])
        self.comparison.stopped = "what would follow was not recorded"
        self.is_over = True
        return _over()


def _is_end(line: Line) -> bool:
    return bool(line.effect == "emit" and line.value["event"]["type"] == "runFinished")


def _diagnostics(written: list[Any]) -> list[Diagnostic]:
    return [diagnostic_of(msgspec.convert(each, DiagnosticForm)) for each in written]


def _named(row: Row) -> dict[str, Any]:
    return {"workflowId": row.workflow_id, "stepId": row.step_id, "action": None, "criteria": []}


def _is_of(row: Row, event: dict[str, Any]) -> bool:
    return (row.workflow_id, row.step_id, row.attempt) == (event["workflowId"], event["stepId"], event["attempt"])


def _over() -> NotSent:
    return NotSent(diagnose("interrupted", "the recording does not go on like this"))


def _reply(line: Line) -> Any:  # noqa: ANN401 - what the effect is answered
    """Return the reply in a line; raises what was raised instead."""
    if RAISED not in line.value:
        return line.value[REPLY]
    raised = line.value[RAISED]
    if raised["kind"] == TOLD:
        found = _diagnostics(raised["diagnostics"])
        raise NotSent(*found) if raised["isBeforeSending"] else ArazzoError(*found)
    cut = RecordedBug() if raised["kind"] == BUG else RecordedInterruption()
    raise before_sending(cut) if raised["isBeforeSending"] else cut
