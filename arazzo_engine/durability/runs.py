"""What people do with kept runs: start one, look at it, go on with it, say what became of a request of it.

Decides what may be done with a run in which state. How a run is executed and recorded is not known here.
"""

from __future__ import annotations

import hashlib
import json
import time
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.durability.amending import amended, check_same, check_unchanged
from arazzo_engine.durability.asking import INTENT
from arazzo_engine.durability.carrying import Carried, Task, Watching, carry_on, carry_out
from arazzo_engine.durability.doubts.answered import check_given
from arazzo_engine.durability.kept.living import PROCESS, is_gone
from arazzo_engine.durability.ledger import RECORD_VERSION
from arazzo_engine.durability.orders import Order, read_order
from arazzo_engine.durability.replayed import FollowedSteps, ReplayedSteps
from arazzo_engine.durability.steps import Said
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.reporting.outcomes import RunStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.durability.hosting import Host
    from arazzo_engine.durability.ledger import KeptRun, Ledger
    from arazzo_engine.durability.programs.opened import OpenPrograms
    from arazzo_engine.durability.steps import Settlement

_ID: Final = lazy_pattern(r"[A-Za-z0-9_.:\-]{1,200}")
_WAIT: Final = lazy_pattern(r"wait \d+")
# in seconds
_REMEMBERED: Final = 3600.0
_SUBJECT: Final = ("document", "workflow_id", "inputs", "texts", "meant")


class State(StrEnum):
    """In which state a kept run is, as people see it."""

    QUEUED = "waiting for a worker"
    WAITING = "waiting"
    RUNNING = "running"
    INTERRUPTED = "interrupted"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    IN_DOUBT = "in doubt"
    REFUSED = "refused"
    STOPPED = "stopped"
    SUCCEEDED = "succeeded"
    FAILED = "failed"

    @property
    def said(self) -> str:
        """What is said of a run in this state: it *failed*, or it *is* running."""
        return str(self) if self in {State.SUCCEEDED, State.FAILED} else f"is {self}"


class Under(Struct, frozen=True):
    """With which documents a run goes on: as they were, as one is now, or as they were if none has changed."""

    document: str | None = None
    as_started: bool = False


_RESUMABLE: Final = frozenset(
    {State.INTERRUPTED, State.PAUSED, State.REFUSED, State.STOPPED, State.QUEUED, State.WAITING}
)
_DONE: Final = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED})
# no process is at such a run, nor is one to be: the request that it was left at can be settled
_LEFT: Final = frozenset({State.INTERRUPTED, State.CANCELLED})
_OF_STATUS: Final = {
    "ENQUEUED": State.QUEUED,
    "DELAYED": State.QUEUED,
    "PENDING": State.RUNNING,
    "CANCELLED": State.PAUSED,
    "ERROR": State.STOPPED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": State.STOPPED,
}
_OF_OUTCOME: Final = {
    "succeeded": State.SUCCEEDED,
    "failed": State.FAILED,
    "stopped": State.STOPPED,
    "in-doubt": State.IN_DOUBT,
    "refused": State.REFUSED,
}


def state_of(run: KeptRun) -> State:
    """Return the state of a run: interrupted, when its process gives no sign of life, or is gone from this machine."""
    if run.is_cancelled:
        return State.CANCELLED
    if run.status == "SUCCESS":
        return State.IN_DOUBT if run.outcome.get("inDoubt") else _OF_OUTCOME[run.outcome["status"]]
    if run.is_asleep:
        return State.WAITING
    if run.is_lost or is_gone(run.process):
        return State.INTERRUPTED
    return _OF_STATUS[run.status]


def check_id(run_id: str, what: str = "the id of a run", option: str = "--run-id") -> None:
    """Raise ``ArazzoError`` (``option-invalid``) for what cannot be the id of a run, or the beginning of one."""
    if not _ID.fullmatch(run_id):
        message = f"{what} is of letters, digits, `_`, `-`, `.` and `:`, and at most 200 of them"
        raise ArazzoError(diagnose("option-invalid", message, fix=f"give another one with `{option}`"))


def start(host: Host, run_id: str, order: Order, texts: Mapping[str, bytes]) -> Carried:
    """Start a run, or return what came of the one that was started with the same id.

    Raises ``ArazzoError``: ``run-id-taken`` when that was another one, ``run-not-resumable`` when it is not over.
    """
    known = next(iter(host.ledger.runs([run_id])), None)
    if known is not None:
        return _first(host.ledger, known, order)
    host.ledger.keep_texts(texts)
    host.start(run_id, order)
    return _carried(host, run_id)


def enqueue(ledger: Ledger, run_id: str, order: Order, texts: Mapping[str, bytes]) -> None:
    """Have a worker make a run, or do nothing when it was started before.

    Raises ``ArazzoError``: ``run-id-taken`` when that was another one, ``queue-full``.
    """
    known = next(iter(ledger.runs([run_id])), None)
    if known is not None:
        _check_same_subject(known, order)
        return
    ledger.waiting.check_room()
    ledger.keep_texts(texts)
    ledger.enqueue(run_id, order)


def leave(ledger: Ledger, run_id: str, order: Order, texts: Mapping[str, bytes]) -> None:
    """Have a worker make a run, or go on with one that its process has left; one that is over stays as it is.

    Raises ``ArazzoError``: ``run-id-taken``, ``run-differs``, ``run-not-resumable``, ``queue-full``.
    """
    known = next(iter(ledger.runs([run_id])), None)
    if known is None:
        ledger.waiting.check_room()
        ledger.keep_texts(texts)
        ledger.enqueue(run_id, order)
        return
    _check_same_subject(known, order)
    if state_of(known) in {State.INTERRUPTED, State.PAUSED} or _is_settled(ledger, known):
        _check_version(known)
        _take_documents(ledger, known, Under())
        ledger.go_on(known)


def start_scheduled(ledger: Ledger, at: str, context: Any) -> None:  # noqa: ANN401 - what a schedule keeps
    """Have a worker make the run of a schedule for a time: for one time, one run, whoever asks for it.

    While the queue is full, the run is kept as one that is paused.
    """
    order = read_order(context["order"])
    seed = hashlib.sha256(f"{order.seed} {at}".encode()).hexdigest()[: len(order.seed)]
    began = datetime.fromisoformat(at)
    run_id = f"{context['schedule']}-{began.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    is_late = not ledger.runs([run_id]) and ledger.waiting.is_full()
    put = ledger.hold if is_late or ledger.is_held(run_id) else ledger.enqueue
    put(run_id, replace(order, started_at=began.timestamp(), seed=seed))


def _first(ledger: Ledger, known: KeptRun, order: Order) -> Carried:
    _check_same_subject(known, order)
    if state_of(known) not in {State.SUCCEEDED, State.FAILED, State.IN_DOUBT}:
        raise ArazzoError(_not_over(known))
    return look(ledger, known)


def _check_same_subject(known: KeptRun, order: Order) -> None:
    earlier = read_order(known.order)
    different = [name for name in _SUBJECT if getattr(earlier, name) != getattr(order, name)]
    if different:
        words = {"workflow_id": "workflow", "texts": "document", "meant": "document", "inputs": "input"}
        listed = " and ".join(dict.fromkeys(words.get(each, each) for each in different))
        message = f"there is a run `{known.run_id}` already, with another {listed}"
        raise ArazzoError(diagnose("run-id-taken", message, fix="give this one another id"))


def _not_over(run: KeptRun) -> Diagnostic:
    message = f"run `{run.run_id}` was started before, and {state_of(run).said}"
    fix = f"`arazzo runs show {run.run_id}` shows it, `arazzo runs resume {run.run_id}` goes on with it"
    return diagnose("run-not-resumable", message, fix=fix)


def look(
    ledger: Ledger, run: KeptRun, watching: Watching | None = None, programs: OpenPrograms | None = None
) -> Carried:
    """Return a run as far as it is recorded, with a program of those that are open, if any: nothing is sent."""
    carried = _as_recorded(ledger, run, watching or Watching(), programs)
    if run.is_over:
        return carried
    # what became of its last request is settled when the run has ended on it, or will never go on
    is_stopped = carried.report.status is RunStatus.STOPPED
    report = replace(carried.report, status=RunStatus.PAUSED) if is_stopped else carried.report
    return replace(carried, report=report, doubt=carried.doubt if run.is_cancelled else None)


def _as_recorded(ledger: Ledger, run: KeptRun, watching: Watching, programs: OpenPrograms | None = None) -> Carried:
    order = ledger.order_of(run)
    steps = ReplayedSteps(ledger, run.run_id, ledger.record_of(run.run_id))
    if programs is None:
        return carry_out(Task(order, ledger.texts_of(order), run.run_id), steps, watching)
    with programs.of(order, lambda: ledger.texts_of(order)) as program:
        return carry_on(program, Task(order, {}, run.run_id), steps, watching)


def _open_doubt(ledger: Ledger, run: KeptRun) -> Mapping[str, Any] | None:
    """Return the request that nobody knows about on which a run was left, before it could end on it."""
    record = ledger.record_of(run.run_id)
    if not record or not record[-1][0].endswith(INTENT):
        return None
    carried = _as_recorded(ledger, run, Watching())
    if carried.doubt is None or not carried.report.is_unsettled:
        return None
    # one that may be sent again would be, at another place: what is said is said of the first
    place = record[-1][0].removesuffix(INTENT)
    return {**carried.doubt, "place": place, "mayRepeat": carried.doubt["place"] != place}


def follow(ledger: Ledger, run: KeptRun, watching: Watching | None = None) -> Carried:
    """Return a run as far as it will come, telling what it records as it does: nothing is sent here."""
    order = ledger.order_of(run)
    steps = FollowedSteps(ledger, run.run_id, [], goes_on=partial(_goes_on, ledger, run.run_id))
    carry_out(Task(order, ledger.texts_of(order), run.run_id), steps, watching or Watching())
    return look(ledger, ledger.run(run.run_id))


def _goes_on(ledger: Ledger, run_id: str) -> bool:
    run = ledger.run(run_id)
    return run.is_lost or state_of(run) in {State.RUNNING, State.QUEUED, State.WAITING}


def recover(ledger: Ledger, run: KeptRun) -> bool:
    """Put a run of a lost worker back into the queue, if there is a worker to take it; return whether there is."""
    now = ledger.workers.now()
    is_of_a_person = run.process.startswith(PROCESS)
    if is_of_a_person or not run.is_lost or all(each.is_lost(now) for each in ledger.workers.all()):
        return False
    ledger.take_over(run.run_id, run.executor)
    return True


def resume(host: Host, run_id: str, under: Under | None = None) -> Carried:
    """Go on with a run; one in doubt is only looked at, until it is settled.

    Raises ``ArazzoError``: ``run-not-found``, ``run-not-resumable``, ``run-differs``.
    """
    run = host.ledger.run(run_id)
    under = under or Under()
    state = state_of(run)
    if state is State.IN_DOUBT and not _is_settled(host.ledger, run):
        return look(host.ledger, run, host.watching.get(run_id))
    if state not in _RESUMABLE and state is not State.IN_DOUBT:
        raise ArazzoError(_not_resumable(run, state))
    _check_version(run)
    _take_documents(host.ledger, run, under)
    host.go_on(run)
    return _carried(host, run_id)


def _check_version(run: KeptRun) -> None:
    if run.version != RECORD_VERSION:
        message = (
            f"run `{run.run_id}` was recorded in form {run.version}, and this engine goes on with form "
            f"{RECORD_VERSION} only"
        )
        fix = "go on with it with the release of `arazzo-engine` that it was started with"
        raise ArazzoError(diagnose("run-not-resumable", message, fix=fix))


def _take_documents(ledger: Ledger, run: KeptRun, under: Under) -> None:
    order = ledger.order_of(run)
    if under.document is not None:
        wanted = amended(order, under.document)
        check_same(ledger, run, wanted)
        ledger.keep_texts(wanted.texts)
        ledger.amend(run.run_id, wanted.order)
    elif not under.as_started:
        check_unchanged(ledger, run, order)


def _carried(host: Host, run_id: str) -> Carried:
    if run_id in host.refused:
        raise host.refused[run_id]
    if run_id not in host.carried:
        # another process has executed it
        return look(host.ledger, host.ledger.run(run_id), host.watching.get(run_id))
    return host.carried[run_id]


def _not_resumable(run: KeptRun, state: State) -> Diagnostic:
    message = f"run `{run.run_id}` {state.said}, and cannot be resumed"
    running = f"wait for it, or stop it with `arazzo runs pause {run.run_id}`: its process is {run.executor}"
    fix = running if state is State.RUNNING else "start another run"
    return diagnose("run-not-resumable", message, fix=fix)


def _goes_on_no_more(run: KeptRun, state: State) -> Diagnostic:
    message = f"run `{run.run_id}` {state.said}, and goes on no further as it is"
    return diagnose("run-not-resumable", message, fix=f"`arazzo runs show {run.run_id}` shows it")


def is_at_a_doubt(ledger: Ledger, run: KeptRun) -> bool:
    """Whether a run is at a request that must not be sent again, and whose answer is not recorded."""
    doubt = None if run.is_over else _open_doubt(ledger, run)
    return doubt is not None and not doubt["mayRepeat"]


def doubt_of(ledger: Ledger, run: KeptRun) -> Mapping[str, Any]:
    """Return the request of a run that nobody knows about; raises ``ArazzoError`` (``run-not-in-doubt``)."""
    left = _open_doubt(ledger, run) if state_of(run) in _LEFT else None
    if left is not None:
        return left
    doubt = run.outcome.get("doubt") if state_of(run) is State.IN_DOUBT else None
    if not doubt:
        message = f"run `{run.run_id}` {state_of(run).said}: it has not ended on a request that nobody knows about"
        raise ArazzoError(diagnose("run-not-in-doubt", message, fix=f"`arazzo runs show {run.run_id}` shows it"))
    found: Mapping[str, Any] = doubt
    return found


def _is_settled(ledger: Ledger, run: KeptRun) -> bool:
    """Whether a person has said what became of the request that a run ended on."""
    doubt: Any = run.outcome.get("doubt")
    return bool(doubt) and ledger.settlement_of(run.run_id, doubt["place"]) is not None


def settle(ledger: Ledger, run_id: str, settlement: Settlement) -> None:
    """Keep what a person says of the request that a run ended on.

    Raises ``ArazzoError``: ``run-not-found``, ``run-not-in-doubt``, also when somebody has said something else, and
    ``answer-needed``.
    """
    run = ledger.run(run_id)
    doubt = doubt_of(ledger, run)
    if run.is_cancelled and settlement.said is Said.SEND_AGAIN:
        message = f"run `{run_id}` is cancelled, and sends nothing again"
        raise ArazzoError(diagnose("run-not-resumable", message, fix="say `--happened`, or `--did-not-happen`"))
    place, reads = doubt["place"], doubt.get("reads")
    if settlement.said is Said.HAPPENED and settlement.answer is None and reads:
        raise ArazzoError(_answer_needed(run_id, reads))
    if settlement.answer is not None:
        check_given(settlement.answer, doubt.get("gives", ()))
    stands = ledger.settle(run_id, place, settlement)
    # what was kept has come back as JSON
    if (stands.said, stands.answer) != (settlement.said, json.loads(json.dumps(settlement.answer))):
        message = f"somebody has said before that the request of run `{run_id}` is to be taken as `{stands.said}`"
        raise ArazzoError(diagnose("run-not-in-doubt", message, fix=f"go on with `arazzo runs resume {run_id}`"))


def _answer_needed(run_id: str, reads: list[str]) -> Diagnostic:
    what = " and ".join(f"`{each}`" if each.startswith("$") else each for each in reads)
    message = f"run `{run_id}` cannot go on without the answer to its request: it reads {what}"
    example = '{"status": 201, "headers": {}, "body": {}}'
    fix = f"write what it answered into a file, as `{example}`, and give that with `--response FILE`"
    return diagnose("answer-needed", message, fix=fix)


def nudge(ledger: Ledger, run_id: str) -> None:
    """Have the wait that a run is in end now; raises ``ArazzoError`` (``run-not-resumable``) when it is in none."""
    run = ledger.run(run_id)
    record = ledger.record_of(run_id)
    place = record[-1][0] if record else ""
    if run.is_over or not _WAIT.fullmatch(place):
        message = f"run `{run_id}` {state_of(run).said}, and waits for nothing"
        raise ArazzoError(diagnose("run-not-resumable", message, fix=f"`arazzo runs show {run_id}` shows it"))
    ledger.ring(run_id, place)


def cancel(ledger: Ledger, run_id: str) -> None:
    """Have nobody go on with a run ever again; raises ``ArazzoError`` when it is over."""
    run = ledger.run(run_id)
    state = state_of(run)
    if state in _DONE:
        raise ArazzoError(_goes_on_no_more(run, state))
    is_left = state is not State.RUNNING and is_at_a_doubt(ledger, run)
    if is_left or (state is State.IN_DOUBT and not _is_settled(ledger, run)):
        message = f"run `{run_id}` ended on a request that nobody knows about, and would be forgotten with it"
        fix = f"say what became of it first: `arazzo runs resume {run_id}` sends nothing, and tells how"
        raise ArazzoError(diagnose("run-not-resumable", message, fix=fix))
    ledger.cancel(run_id)


def prune(ledger: Ledger, seconds: float) -> tuple[str, ...]:
    """Forget the runs that were over so many seconds ago, and return their ids; none that is in doubt is forgotten."""
    before = time.time() - seconds
    over = (each for each in ledger.runs() if state_of(each) in _DONE and each.updated_at < before)
    old = tuple(each.run_id for each in over if not (each.is_cancelled and _open_doubt(ledger, each)))
    for run_id in old:
        ledger.forget(run_id)
    # what a schedule has started for a time is known for a while, so that nobody starts it again
    ledger.forget_duties(min(before, time.time() - _REMEMBERED))
    ledger.forget_texts()
    ledger.forget_processes()
    return old


def pause(ledger: Ledger, run_id: str) -> None:
    """Have a run go on no further until it is resumed; raises ``ArazzoError`` when it is over."""
    run = ledger.run(run_id)
    if run.is_over or run.is_cancelled:
        raise ArazzoError(_goes_on_no_more(run, state_of(run)))
    ledger.stop(run_id)
