"""The steps of a run in the database, as the process records them that executes the run.

Decides when a run leaves the process: when somebody else goes on with it, when it is asleep, when the process ends. A
run leaves between two points, and never between an intent and its request: that one would be in doubt.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

from dbos import DBOS
from dbos import error as beneath
from msgspec import Struct, field

from arazzo_engine.durability.admitting import Asker, admitted
from arazzo_engine.durability.asking import INTENT
from arazzo_engine.durability.kept.limits import limit_of
from arazzo_engine.durability.kept.patience import GONE, is_full, patiently
from arazzo_engine.durability.steps import Said, Settlement
from arazzo_engine.machine.effects import before_sending
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.durability.kept.limits import Limit
    from arazzo_engine.durability.ledger import Ledger

# in seconds: a process that recorded nothing for so long asks whether the run is still its own before it does anything
_TRUST: Final = 5.0


class _Unrecorded(BaseException):
    """What a step has raised: the engine beneath records every ``Exception``, and nothing of ours is to be recorded."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class Stopped(BaseException):
    """Somebody has stopped the run, or goes on with it elsewhere: this process leaves it as it is.

    ``full`` is what a database has said that takes nothing more, ``lost`` which answer it did not take.
    """

    def __init__(self, full: Exception | None = None, lost: str = "") -> None:
        super().__init__()
        self.full, self.lost = full, lost


class Leaving(Struct, frozen=True):
    """The process that executes a run, whether it is ending, and from which wait on the run leaves it."""

    executor: str
    is_due: Callable[[], bool]
    sleeps_from: float | None = None
    limits: Callable[[], tuple[Limit, ...]] = tuple


class RecordingSteps(SilentState):
    """The steps of a run. ``trusted_at`` is when the run was surely this process's, ``last`` what it did then."""

    ledger: Ledger
    run_id: str
    leaving: Leaving
    trusted_at: float = field(default_factory=time.monotonic)
    last: str = ""
    _at: int = 0
    _known: list[tuple[str, ...]] = field(default_factory=list)

    def run(self, name: str, make: Callable[[], JsonValue]) -> Any:  # noqa: ANN401 - whatever `make` has returned once
        """Return what is recorded at this point, or record what ``make`` gives."""
        try:
            return self._recorded(name, make)
        except Stopped as stopped:
            if name.endswith(INTENT):
                before_sending(stopped)
            raise

    def _recorded(self, name: str, make: Callable[[], JsonValue]) -> Any:  # noqa: ANN401 - the same
        made: list[JsonValue] = []

        def step() -> JsonValue:
            try:
                self._stay(name)
                made.append(make())
            except Exception as error:
                raise _Unrecorded(error) from error
            return made[0]

        try:
            found = DBOS.run_step({"name": name}, step)
        except _Unrecorded as unrecorded:
            if is_full(unrecorded.error):
                raise Stopped(unrecorded.error) from unrecorded
            raise unrecorded.error from None
        except (beneath.DBOSWorkflowConflictIDError, beneath.DBOSWorkflowCancelledError) as lost:
            self._stand(name, made)
            raise Stopped from lost
        except GONE as gone:
            raise self._lost(name, made, gone) from gone
        except BaseException:
            self._tell_late(name, made)
            raise
        self._at += 1
        if made:
            self.trusted_at, self.last = time.monotonic(), name
        return found

    def is_recorded(self, name: str) -> bool:
        """Whether the next point has this name; what this process has recorded itself is the end of the record."""
        if self.last:
            return False
        if not self._known:
            record = patiently(lambda: self.ledger.record_of(self.run_id))
            self._known.append(tuple(each for each, _ in record))
        return self._known[0][self._at : self._at + 1] == (name,)

    def _lost(self, name: str, made: list[JsonValue], gone: Exception) -> Stopped:
        """Let go of a run whose record could not be written, and return what stops it."""
        if is_full(gone):
            return Stopped(gone, _answered(name, made) if _is_answer(made) else "")
        # the engine beneath waits for a database, but not whatever it was that kept it from reaching it
        self._tell_late(name, made)
        self._let_go()
        return Stopped()

    def _stay(self, name: str) -> None:
        """Raise ``Stopped`` when this process is to do nothing more of the run."""
        if self.last != f"{name}{INTENT}":
            self._leave_if_due()
        if time.monotonic() - self.trusted_at > _TRUST:
            # a process that was stopped, or had no database, may have lost the run meanwhile
            self.is_nudged(name)

    def _stand(self, name: str, made: list[Any]) -> None:
        """Let the answer stand that came while the run was stopped, if nobody goes on with it or has settled it."""
        self._tell_late(name, made)
        was_sent_here = self.last == f"{name}{INTENT}" and _is_answer(made) and "response" in made[0]["answer"]
        if was_sent_here and patiently(lambda: self.ledger.has_stopped(self.run_id, self.leaving.executor)):
            own = Settlement(Said.HAPPENED, made[0]["answer"], time.time(), is_own=True)
            patiently(lambda: self.ledger.settle(self.run_id, name, own))

    def _tell_late(self, name: str, made: list[Any]) -> None:
        """Keep, beside the record, what was answered although somebody else goes on with the run."""
        if _is_answer(made):
            self.keep_late(name, made[0]["answer"])

    def settlement_of(self, place: str) -> Settlement | None:
        """Return what a person has said of a request in doubt."""
        return patiently(lambda: self.ledger.settlement_of(self.run_id, place))

    def keep_late(self, place: str, answer: JsonValue) -> None:
        """Keep the answer of a request that is in doubt."""
        patiently(lambda: self.ledger.keep_late(self.run_id, place, answer))

    def is_nudged(self, place: str) -> bool:
        """Whether the wait at a place is to end now; raises ``Stopped`` when the run is no longer this process's."""
        state = patiently(lambda: self.ledger.pulse_of(self.run_id, place))
        if state.executor != self.leaving.executor:
            raise Stopped
        return state.is_nudged

    def admitted(self, url: str, hold: float) -> AbstractContextManager[None]:
        """Wait until a request to a URL may be sent; raises ``Stopped`` when the run is to leave meanwhile."""
        limit = limit_of(url, self.leaving.limits())
        asker = Asker(self.leaving.executor, self._leave_if_due)
        return nullcontext() if limit is None else admitted(self.ledger, limit, hold, asker)

    def _leave_if_due(self) -> None:
        if self.leaving.is_due():
            self._let_go()
            raise Stopped

    def _let_go(self) -> None:
        """Have another worker go on with the run; what a person stays with, that person resumes."""
        if self.leaving.sleeps_from is not None:
            patiently(lambda: self.ledger.hand_over(self.run_id))

    def sleep(self, place: str, seconds: float) -> None:
        """Leave a long wait to an alarm: raises ``Stopped`` when the run has left this process."""
        longest = self.leaving.sleeps_from
        if longest is not None and seconds > longest and not self.is_nudged(place):
            patiently(lambda: self.ledger.lay_asleep(self.run_id, place, seconds))
            raise Stopped


def _answered(name: str, made: list[Any]) -> str:
    status = made[0]["answer"].get("response", {}).get("status")
    return "" if status is None else f"; `{name}` was answered with {status}, and that is not recorded"


def _is_answer(made: list[Any]) -> bool:
    return bool(made) and isinstance(made[0], dict) and "answer" in made[0]
