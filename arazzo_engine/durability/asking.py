"""One request of a recorded run: sent at most once without a person's word, unless it may be sent again.

Decides when a request is sent, when it is in doubt, and what a person's word makes of it. Before a request that may not
be sent again, an *intent* is recorded. Only who has recorded it, in this very process, sends the request: ``lives``
is changed inside the step of the intent, which runs only when there is no record of it. An intent without an answer is
a request in doubt. Whether a request may be sent again is the machine's to decide. Where it may be since somebody says
so, or has given it a key, an intent is recorded, too: then it is sent again, with an intent of its own, and told.
"""

from __future__ import annotations

from contextlib import ExitStack
from itertools import count
from typing import TYPE_CHECKING, Any, Final, assert_never

from msgspec import field
from msgspec.structs import replace

from arazzo_engine.apis.idempotency import IDEMPOTENT_METHODS
from arazzo_engine.apis.own_headers import OF_THE_ENGINE
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.durability.steps import Said
from arazzo_engine.language.messages.answers import Answer, Failure, NoResponse
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.doubts import InDoubt, how_again
from arazzo_engine.machine.effects import NotSent
from arazzo_engine.recording.replies import outline_of, read_answer
from arazzo_engine.reporting.lines.durations import moment
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.durability.steps import Settlement, Steps
    from arazzo_engine.machine.effects import Send

# what the name of an intent ends with, behind that of its request
INTENT: Final = ": intent"
# in seconds: how long a request takes at most that has no timeout, and what its permit is held beyond it
_LONG, _SPARE = 300.0, 10.0
_NOT_SENT: Final = "notSent"
_ANSWER: Final = "answer"


class RunDiffers(ArazzoError):  # noqa: N818 - a state of the run, that a person resolves
    """The run would send something else than is recorded: nothing is sent."""


class RecordEnded(NotSent):
    """All that was recorded has been given: the run would now do something."""


class Asking(SilentState):
    """A request of a run, the name of its point in the run, and what sends it and returns its answer as JSON."""

    steps: Steps
    effect: Send
    name: str
    send: Callable[[Send], dict[str, JsonValue]]
    place: str = ""
    lives: bool = False
    outline: dict[str, JsonValue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.outline = outline_of(self.effect.request)

    def is_in_doubt(self, answer: Answer) -> bool:
        """Whether nobody knows what became of the request."""
        return isinstance(answer.result, NoResponse) and answer.result.is_in_doubt

    def answer(self) -> Answer:
        """Return the answer, which says how often the request was sent before.

        Raises ``InDoubt`` while there is none and nobody has said what became of the request,
        ``RunDiffers`` (``run-differs``), ``NotSent``.
        """
        before: list[str] = []
        for turn in count(1):
            self.place = self.name if turn == 1 else f"{self.name}, turn {turn}"
            try:
                answer = self._settled(self._found(), before)
            except InDoubt as doubt:
                raise InDoubt(*doubt.diagnostics, earlier=tuple(before)) from None
            except NotSent as stopped:
                raise _with_earlier(stopped, before) from stopped
            if answer is not None:
                return replace(answer, notes=(*before, *answer.notes), sent_before=len(before))
        raise AssertionError  # pragma: no cover - the turns do not end

    def _settled(self, found: dict[str, Any], before: list[str]) -> Answer | None:
        """Return the answer that stands, ``None`` when the request is to be sent once more."""
        answer = read_answer(found[_ANSWER]) if _ANSWER in found else None
        if answer is not None and not self.is_in_doubt(answer):
            return answer
        settlement = self.steps.settlement_of(self.place)
        if settlement is None:
            return self._untold(found, answer, before)
        started = 0.0 if answer is None else answer.started_at
        match settlement.said:
            case Said.SEND_AGAIN if _NOT_SENT in found:
                return None
            case Said.SEND_AGAIN:
                before.append(_sent_before(answer, settlement))
                return None
            case Said.HAPPENED:
                return self._as_answered(settlement, started)
            case Said.DID_NOT_HAPPEN:
                reason = f"the request did not happen, {settlement.by_whom}"
                return Answer(NoResponse(Failure.INTERRUPTED, reason, processed=False), started, 0.0)
            case _:
                assert_never(settlement.said)

    def _untold(self, found: dict[str, Any], answer: Answer | None, before: list[str]) -> Answer | None:
        """Return the same of a request of which nobody has said what became of it."""
        if _NOT_SENT in found:
            # what kept it from being sent was told then
            return None
        if answer is None and not self.effect.may_repeat:
            # the machine tells it, as any other request that got no answer
            raise InDoubt
        if answer is None:
            before.append(_sent_by_another(self.effect))
        return answer

    def _as_answered(self, settlement: Settlement, started: float) -> Answer:
        answer = None if settlement.answer is None else read_answer(settlement.answer)
        answer = answer or Answer(Response(_success_of(self.effect)), started, 0.0)
        told = "its answer came when the run had been stopped"
        return replace(answer, notes=(told if settlement.is_own else f"taken as answered, {settlement.by_whom}",))

    def _found(self) -> dict[str, Any]:
        if not self._has_intent():
            return self._compared(self.steps.run(self.place, self._send_admitted))
        self.lives = False
        with ExitStack() as admission:
            self._compared(self.steps.run(f"{self.place}{INTENT}", lambda: self._intend(admission)))
            found = self._compared(self.steps.run(self.place, self._send_once if self.lives else self._lose))
        if _NOT_SENT in found and self.lives:
            raise NotSent(diagnose("interrupted", str(found[_NOT_SENT])))
        return found

    def _has_intent(self) -> bool:
        """Whether an intent is recorded before: always, but of what everybody may send again, and gets for itself."""
        if not self.effect.may_repeat:
            return True
        is_harmless = self.effect.request.method in IDEMPOTENT_METHODS or self.effect.asked is None
        # an engine of before has recorded none
        return not is_harmless and not self.steps.is_recorded(self.place)

    def _intend(self, admission: ExitStack) -> dict[str, JsonValue]:
        # first: who dies while he waits for leave to send has sent nothing
        admission.enter_context(self._admitted())
        self.lives = True
        return {"asked": self.outline}

    def _lose(self) -> dict[str, JsonValue]:
        # the process that had recorded the intent recorded no answer
        return {"asked": self.outline}

    def _admitted(self) -> AbstractContextManager[None]:
        return self.steps.admitted(self.effect.request.url, (self.effect.timeout or _LONG) + _SPARE)

    def _send_admitted(self) -> dict[str, JsonValue]:
        with self._admitted():
            return self._send()

    def _send(self) -> dict[str, JsonValue]:
        return {"asked": self.outline, _ANSWER: self.send(self.effect)}

    def _send_once(self) -> dict[str, JsonValue]:
        try:
            return self._send()
        except NotSent as stopped:
            return {"asked": self.outline, _NOT_SENT: stopped.diagnostics[0].message}

    def _compared(self, found: dict[str, Any]) -> dict[str, Any]:
        # what was recorded just now is what is asked
        differences = () if found["asked"] is self.outline else tuple(_differences(found["asked"], self.outline))
        if differences:
            raise RunDiffers(self._differs(differences))
        return found

    def _differs(self, differences: tuple[str, ...]) -> Diagnostic:
        message = f"the run would not go on as it went: {self._subject()} differs in {' and '.join(differences)}"
        at = None if self.effect.asked is None else self.effect.asked.step.step.at.child("stepId").location()
        return diagnose("run-differs", message, at, fix="resume it with the documents that it was started with")

    def _subject(self) -> str:
        asked = self.effect.asked
        return "the request for a token" if asked is None else f"step `{asked.step.step.step_id}`"


def _with_earlier(stopped: NotSent, before: list[str]) -> ArazzoError:
    """Return what tells, beside that a request was not sent this time, how often it was before."""
    if before and isinstance(stopped, RecordEnded):
        # of the last time it is all that is known
        return InDoubt(*stopped.diagnostics, earlier=tuple(before[:-1]))
    return NotSent(*stopped.diagnostics, earlier=tuple(before))


def _sent_before(answer: Answer | None, settlement: Settlement) -> str:
    at = f" at {moment(answer.started_at)}" if answer is not None else ""
    return f"it was sent{at} without an answer, and is sent again, {settlement.by_whom}"


def _sent_by_another(effect: Send) -> str:
    asked = effect.asked
    how = "" if asked is None else f" {how_again(asked.workflow.key, asked.step, effect.request)}"
    return f"it may have been sent by a process that ended before an answer was recorded, and is sent again{how}"


def _differences(recorded: dict[str, Any], outline: dict[str, Any]) -> Iterator[str]:
    """Yield what differs between two requests; a value may be secret, so headers are named only."""
    for name in ("method", "url"):
        if recorded[name] != outline[name]:
            yield f"its {name} ({recorded[name]} then, {outline[name]} now)"
    headers = [dict(_heard(each["headers"])) for each in (recorded, outline)]
    names = [name for name in dict.fromkeys((*headers[0], *headers[1])) if headers[0].get(name) != headers[1].get(name)]
    if names:
        yield f"its {'header' if len(names) == 1 else 'headers'} {', '.join(f'`{each}`' for each in names)}"
    if recorded["body"] != outline["body"]:
        yield "its body"


def _heard(headers: list[list[str]]) -> Iterator[tuple[str, list[str]]]:
    for name in dict.fromkeys(each[0].lower() for each in headers):
        if name not in OF_THE_ENGINE:
            yield name, [value for other, value in headers if other.lower() == name]


def _success_of(effect: Send) -> int:
    """Return the status that an operation documents for its success, 200 when it documents none."""
    documented = () if effect.operation is None else effect.operation.responses
    return next((int(each.status) for each in documented if each.status.isdecimal() and each.status[0] == "2"), 200)
