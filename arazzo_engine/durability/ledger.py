"""What is kept of all runs, seen from outside of them: which there are, what they recorded, what people said of them.

Decides under which names things are kept, and in which queues runs stand. It executes nothing: that is ``hosting``'s.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from dbos import DBOSClient
from dbos import error as beneath
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.exc import SQLAlchemyError

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.durability.kept.limits import Limits
from arazzo_engine.durability.kept.living import PROCESS
from arazzo_engine.durability.kept.notes import Notes
from arazzo_engine.durability.kept.old_sqlite import teach_sqlite
from arazzo_engine.durability.kept.permits import PERMIT, Permits
from arazzo_engine.durability.kept.schedules import SCHEDULED, Schedules
from arazzo_engine.durability.kept.sealing import Seal, read_keys
from arazzo_engine.durability.kept.waiting import Waiting
from arazzo_engine.durability.kept.workers import Worker, Workers
from arazzo_engine.durability.orders import Order, read_order
from arazzo_engine.durability.steps import Said, Settlement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dbos import EnqueueOptions, WorkflowStatus

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.durability.places import Place

APPLICATION: Final = "arazzo-engine"
# what an engine of this number has recorded, one of the same number goes on with
RECORD_VERSION: Final = "1"
RUN: Final = "arazzo.run"
# wakes a run that waits
ALARM: Final = "arazzo.alarm"
# takes over what a lost worker was at
RECOVERY: Final = "arazzo.recovery"
# the queue that workers take runs from, and the one in which runs wait that an alarm wakes: nobody listens to it
FLEET: Final = "arazzo.fleet"
_ASLEEP: Final = "arazzo.asleep"
# where a run stands that is to wait for a person: nobody listens to it either
_HELD: Final = "arazzo.held"
# what workers do beside runs does not wait for the runs that are in the queue
_AFTER_DUTIES: Final = 10
# behind whatever a run can have recorded: going on from there discards nothing
_BEHIND_THE_RECORD: Final = 2**31 - 1
_KEY_CHECK: Final = "note key"
_SHOWN_FOREVER: Final = "arazzo"


class KeptRun(Struct, frozen=True):
    """A run as the engine beneath knows it: its id, its state there, when it began and ended, and what came of it.

    ``queue`` is where it stood last, ``until`` how long it sleeps there, ``version`` that of its record. ``is_lost``
    says that its worker is.
    """

    run_id: str
    status: str
    executor: str
    created_at: float
    updated_at: float
    order: Any
    outcome: Mapping[str, Any]
    queue: str = ""
    until: float | None = None
    version: str = RECORD_VERSION
    is_cancelled: bool = False
    is_lost: bool = False

    @property
    def is_asleep(self) -> bool:
        """Whether it waits, and no process has anything to do with it."""
        return self.status == "ENQUEUED" and self.queue == _ASLEEP

    @property
    def process(self) -> str:
        """The process that is at it, or is to be: the queue of one is called as the process is."""
        return {"PENDING": self.executor, "ENQUEUED": self.queue}.get(self.status, "")

    @property
    def is_over(self) -> bool:
        """Whether nothing executes it any more, and it was not stopped on its way."""
        return self.status in {"SUCCESS", "ERROR"}


class Pulse(Struct, frozen=True):
    """Which process executes a run, if one does, and whether its wait is to end now."""

    executor: str | None
    is_nudged: bool


class Ledger:
    """What is kept of all runs. Use it in a ``with`` block, or ``close`` it."""

    def __init__(self, client: DBOSClient) -> None:
        self._client = client
        self.notes = Notes(client)
        self.workers = Workers(client)
        self.processes = Workers(client, PROCESS)
        self.schedules = Schedules(client)
        self.limits = Limits(client, self.notes)
        self.waiting = Waiting(client, self.notes, FLEET, RUN)
        self.permits = Permits(client, self._lost, RECORD_VERSION)

    @property
    def client(self) -> DBOSClient:
        """The engine beneath, for what is no matter of one run."""
        return self._client

    def close(self) -> None:
        """Close the connections."""
        self._client.destroy()

    def check_key(self) -> None:
        """Raise ``ArazzoError`` (``state-key-wrong``) when what is kept was sealed with another key."""
        self.notes.keep(_KEY_CHECK, _SHOWN_FOREVER)

    def keep_texts(self, texts: Mapping[str, bytes]) -> None:
        """Keep texts under their hashes, each once."""
        known = self.notes.known(map(_text, texts))
        for digest, content in texts.items():
            if _text(digest) not in known:
                self.notes.keep(_text(digest), base64.b64encode(content).decode("ascii"))

    def texts_of(self, order: Order) -> dict[str, bytes]:
        """Return the texts of an order by their hashes; raises ``ArazzoError`` for one that is gone."""
        return {each.digest: self._text(each.digest) for each in order.texts}

    def _text(self, digest: str) -> bytes:
        content = base64.b64decode(self.notes.read(_text(digest)) or "")
        if hashlib.sha256(content).hexdigest() != digest:
            message = "a document of the run is no longer kept as it was"
            raise ArazzoError(diagnose("state-unavailable", message, fix="start the run anew"))
        return content

    def settlement_of(self, run_id: str, place: str) -> Settlement | None:
        """Return what a person has said of a request of a run."""
        said = self.notes.read(_settlement(run_id, place))
        return None if said is None else _settlement_of(said)

    def settle(self, run_id: str, place: str, settlement: Settlement) -> Settlement:
        """Keep what a person says of a request, and return what stands: what was said first."""
        value = {"said": str(settlement.said), "answer": settlement.answer, "at": settlement.at}
        value |= {"isOwn": True} if settlement.is_own else {}
        return _settlement_of(self.notes.keep(_settlement(run_id, place), value))

    def keep_late(self, run_id: str, place: str, answer: JsonValue) -> None:
        """Keep the answer that came to a request after it was taken for lost."""
        self.notes.keep(_late(run_id, place), answer)

    def has_stopped(self, run_id: str, executor: str) -> bool:
        """Whether somebody has stopped a run that a process executed, and nobody goes on with it."""
        found = self._client.list_workflows(
            workflow_ids=[run_id], executor_id=executor, status="CANCELLED", load_input=False, load_output=False
        )
        return bool(found)

    def late_of(self, run_id: str, place: str) -> Any:  # noqa: ANN401 - an answer as JSON
        """Return that answer, or ``None``."""
        return self.notes.read(_late(run_id, place))

    def runs(self, run_ids: Iterable[str] | None = None) -> tuple[KeptRun, ...]:
        """Return the runs, the newest first."""
        wanted = None if run_ids is None else list(run_ids)
        found = [_kept(each) for each in self._client.list_workflows(workflow_ids=wanted, name=RUN, sort_desc=True)]
        cancelled = self._cancelled(each.run_id for each in found)
        lost = self._lost(frozenset(each.process for each in found) - {""})
        return tuple(
            replace(each, is_cancelled=each.run_id in cancelled, is_lost=each.process in lost) for each in found
        )

    def _lost(self, processes: frozenset[str]) -> frozenset[str]:
        """Return those of the processes, workers and others, that give no sign of life any more."""
        known = [*self.workers.all(), *self.processes.all()] if processes else []
        mentioned = [each for each in known if each.name in processes]
        now = self.workers.now() if mentioned else 0.0
        return frozenset(each.name for each in mentioned if each.is_lost(now))

    def run(self, run_id: str) -> KeptRun:
        """Return a run; raises ``ArazzoError`` (``run-not-found``)."""
        found = next(iter(self.runs([run_id])), None)
        if found is None:
            raise ArazzoError(self._unknown(run_id))
        return found

    def _unknown(self, run_id: str) -> Diagnostic:
        message = f"there is no run `{run_id}`"
        similar = did_you_mean(run_id, [each.run_id for each in self.runs()])
        return diagnose("run-not-found", message, fix=similar or "`arazzo runs list` lists the runs")

    def order_of(self, run: KeptRun) -> Order:
        """Return the order that a run goes on with: the last one that was given for it."""
        return self.order_given(run.run_id, run.order)

    def amend(self, run_id: str, order: Order) -> None:
        """Have a run go on with another order."""
        self.notes.replace(_order(run_id), order.to_json())

    def order_given(self, run_id: str, first: object) -> Order:
        """Return the order that a run goes on with, in place of the first one."""
        return read_order(self.notes.read(_order(run_id)) or first)

    def record_of(self, run_id: str) -> list[tuple[str, Any]]:
        """Return what a run has recorded: the name of each point, and what was recorded there."""
        steps = self._client.list_workflow_steps(run_id)
        return [(each["function_name"], each["output"]) for each in steps]

    def nudge(self, run_id: str, place: str) -> None:
        """Have the wait at a place of a run end now."""
        self.notes.keep(_nudge(run_id, place), value=True)

    def pulse_of(self, run_id: str, place: str) -> Pulse:
        """Return who executes a run, and whether it was nudged at a place."""
        found = self._client.list_workflows(
            workflow_ids=[run_id, _nudge(run_id, place)], load_input=False, load_output=False
        )
        executors = {each.workflow_id: each.executor_id if each.status == "PENDING" else None for each in found}
        return Pulse(executors.get(run_id), _nudge(run_id, place) in executors)

    def cancel(self, run_id: str) -> None:
        """Have nobody go on with a run ever again."""
        self.notes.keep(_cancelled(run_id), value=True)
        self.stop(run_id)

    def _cancelled(self, run_ids: Iterable[str]) -> frozenset[str]:
        """Return those of the runs that nobody goes on with."""
        names = {_cancelled(each): each for each in run_ids}
        return frozenset(names[each] for each in self.notes.known(names))

    def stop(self, run_id: str) -> None:
        """Let nobody go on with a run until it is resumed."""
        self._client.cancel_workflow(run_id)

    def forget(self, run_id: str) -> None:
        """Forget a run, and all that was kept of it alone."""
        beside = self._client.list_workflows(workflow_id_prefix=f"{run_id} ", load_input=False, load_output=False)
        self._client.delete_workflows([run_id, *(each.workflow_id for each in beside)])

    def forget_texts(self) -> None:
        """Forget the texts that neither a run names any more, nor a schedule."""
        orders = (*self.schedules.orders(), *map(self.order_of, self.runs()))
        named = {_text(text.digest) for order in orders for text in order.texts}
        self._client.delete_workflows([each for each in self.notes.beginning_with(_text("")) if each not in named])

    def forget_processes(self) -> None:
        """Forget the processes that give no sign of life, and have left no run behind."""
        now = self.workers.now()
        for each in self.processes.all():
            if each.is_lost(now) and not self.executed_by(each.name):
                self.processes.leave(each.name)

    def enqueue(self, run_id: str, order: Order, queue: str = FLEET) -> None:
        """Have whoever listens to a queue make a run; of an id that is known, nothing is changed."""
        ordered = _ordered(RUN, run_id, queue)
        ordered["priority"] = _AFTER_DUTIES
        self._client.enqueue(ordered, order.to_json())

    def hold(self, run_id: str, order: Order) -> None:
        """Keep a run that nobody makes until a person resumes it."""
        self.enqueue(run_id, order, _HELD)
        if self.is_held(run_id):
            self.stop(run_id)

    def is_held(self, run_id: str) -> bool:
        """Whether a run stands where nobody takes it from, and was not stopped there yet."""
        return self.is_at(run_id, _HELD)

    def go_on(self, run: KeptRun, queue: str = FLEET) -> None:
        """Have whoever listens to a queue go on with a run, from where its record ends.

        Raises ``ArazzoError`` (``run-not-resumable``) for one that is over no more: somebody else goes on with it.
        """
        if not run.is_over:
            self.hand_over(run.run_id, queue)
            return
        try:
            self._client.rewind_workflow(run.run_id, start_step=_BEHIND_THE_RECORD, queue_name=queue)
        except beneath.DBOSException as changed:
            message = f"somebody else has gone on with run `{run.run_id}` at the same time"
            fix = f"`arazzo runs show {run.run_id}` shows it"
            raise ArazzoError(diagnose("run-not-resumable", message, fix=fix)) from changed

    def hand_over(self, run_id: str, queue: str = FLEET) -> None:
        """Have whoever listens to a queue go on with a run, in place of the process that executes it."""
        self._client.resume_workflow(run_id, queue_name=queue)

    def lay_asleep(self, run_id: str, place: str, seconds: float) -> None:
        """Take a run from the process that executes it, until an alarm wakes it."""
        alarm = _ordered(ALARM, _alarm(run_id, place), FLEET)
        alarm["delay_seconds"] = seconds
        self._client.enqueue(alarm, run_id, place)
        self._client.update_workflow_attributes(run_id, {"until": time.time() + seconds})
        self.hand_over(run_id, _ASLEEP)

    def settled(self, run_ids: list[str]) -> tuple[str, ...]:
        """Return those of the runs that nobody executes or will execute: they are over, or stopped."""
        found = self._client.list_workflows(
            workflow_ids=run_ids, status=["SUCCESS", "ERROR", "CANCELLED"], load_input=False, load_output=False
        )
        return tuple(each.workflow_id for each in found) if run_ids else ()

    def is_at(self, run_id: str, queue: str) -> bool:
        """Whether a run stands in a queue, or was taken from it and is not over."""
        found = self._client.list_workflows(
            workflow_ids=[run_id],
            queue_name=queue,
            status=["ENQUEUED", "PENDING"],
            load_input=False,
            load_output=False,
        )
        return bool(found)

    def executed_by(self, worker: str, name: str | None = None) -> tuple[str, ...]:
        """Return what a worker has taken from the queue and not done yet: runs, and its other duties, or one kind."""
        found = self._client.list_workflows(
            name=name, executor_id=worker, status="PENDING", load_input=False, load_output=False
        )
        return tuple(each.workflow_id for each in found)

    def call_for_recovery(self, worker: Worker) -> None:
        """Have one of the workers take over what a lost one was at, once for each time that it is lost."""
        at = f"recovery {worker.name} {worker.seen_at}"
        self._client.enqueue(_ordered(RECOVERY, at, FLEET), worker.name)

    def take_over(self, at: str, worker: str) -> None:
        """Put something back into the queue, if it still is a worker's."""
        still = self._client.list_workflows(
            workflow_ids=[at], executor_id=worker, status="PENDING", load_input=False, load_output=False
        )
        for each in still:
            self.hand_over(at, each.queue_name or FLEET)

    def forget_duties(self, before: float) -> None:
        """Forget what workers have done beside runs."""
        names = [ALARM, RECOVERY, PERMIT, SCHEDULED]
        done = self._client.list_workflows(
            name=names, status=["SUCCESS", "ERROR", "CANCELLED"], load_input=False, load_output=False
        )
        old = [each.workflow_id for each in done if (each.updated_at or 0) / 1000 < before]
        self._client.delete_workflows(old)

    def ring(self, run_id: str, place: str) -> None:
        """End the wait at a place, whatever the clock says of whoever goes on with the run."""
        self.nudge(run_id, place)
        self.wake(run_id)

    def wake(self, run_id: str) -> None:
        """Have a worker go on with a run, if it is asleep."""
        if any(each.is_asleep for each in self.runs([run_id])):
            self.hand_over(run_id)


def quiet() -> None:
    """Let the engine beneath log nothing: what it would say there is no matter of a person's."""
    logging.getLogger("dbos").setLevel(logging.CRITICAL)


def open_ledger(place: Place) -> Ledger:
    """Open what is kept; raises ``ArazzoError`` (``state-unavailable``, ``state-key-wrong``)."""
    seal = Seal(read_keys())
    quiet()
    teach_sqlite()
    try:
        client = DBOSClient(
            system_database_url=place.url,
            serializer=seal,
            application_name=APPLICATION,
            retry_connection_errors=False,
        )
        ledger = Ledger(client)
        with ExitStack() as undone:
            undone.callback(ledger.close)
            ledger.check_key()
            undone.pop_all()
    except (SQLAlchemyError, OSError) as error:
        raise ArazzoError(unavailable(place, error)) from error
    return ledger


def unavailable(place: Place, error: Exception) -> Diagnostic:
    """Return the problem that a database cannot be used."""
    reason, *_ = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
    message = f"the database of runs, {place}, cannot be used: {reason}"
    return diagnose("state-unavailable", message, fix="make sure that it is there and that it may be written to")


def _ordered(name: str, at: str, queue: str) -> EnqueueOptions:
    return {"workflow_name": name, "queue_name": queue, "workflow_id": at, "app_version": RECORD_VERSION}


def _kept(found: WorkflowStatus) -> KeptRun:
    order = found.input["args"][0] if found.input else None
    outcome = found.output if isinstance(found.output, dict) else {}
    created, updated = (found.created_at or 0) / 1000, (found.updated_at or 0) / 1000
    return KeptRun(
        found.workflow_id,
        found.status,
        found.executor_id or "",
        created,
        updated,
        order,
        outcome,
        found.queue_name or "",
        (found.attributes or {}).get("until"),
        found.app_version or RECORD_VERSION,
    )


def _text(digest: str) -> str:
    return f"text {digest}"


def _settlement(run_id: str, place: str) -> str:
    return f"{run_id} settled {place}"


def _settlement_of(said: Any) -> Settlement:  # noqa: ANN401 - what was kept
    return Settlement(Said(said["said"]), said["answer"], said.get("at"), bool(said.get("isOwn")))


def _order(run_id: str) -> str:
    return f"{run_id} order"


def _nudge(run_id: str, place: str) -> str:
    return f"{run_id} nudged {place}"


def _cancelled(run_id: str) -> str:
    return f"{run_id} cancelled"


def _alarm(run_id: str, place: str) -> str:
    return f"{run_id} alarm {place}"


def _late(run_id: str, place: str) -> str:
    return f"{run_id} late {place}"
