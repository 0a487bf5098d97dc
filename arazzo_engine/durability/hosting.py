"""The process that executes runs: the one place where the durable engine beneath, DBOS Transact, is launched.

Decides how it is configured, what a process does beside runs, and when a run leaves it. What runs do is not known here.
"""

from __future__ import annotations

import math
import os
import secrets
import socket
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, Self

from dbos import DBOS, DBOSConfig, SetWorkflowID
from dbos import error as beneath
from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy.exc import SQLAlchemyError

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.durability.admitting import hold_permit
from arazzo_engine.durability.carrying import Carried, Task, Watching, carry_on
from arazzo_engine.durability.executing import Leaving, RecordingSteps, Stopped
from arazzo_engine.durability.kept.limits import LIMIT_QUEUES
from arazzo_engine.durability.kept.living import PROCESS, Life
from arazzo_engine.durability.kept.old_sqlite import teach_sqlite
from arazzo_engine.durability.kept.patience import GONE, patiently
from arazzo_engine.durability.kept.permits import PERMIT
from arazzo_engine.durability.kept.sealing import Seal, read_keys
from arazzo_engine.durability.kept.workers import Worker
from arazzo_engine.durability.ledger import (
    APPLICATION,
    RECORD_VERSION,
    RUN,
    KeptRun,
    Ledger,
    open_ledger,
    quiet,
    unavailable,
)
from arazzo_engine.durability.programs.opened import OpenPrograms
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.durability.kept.limits import Limit
    from arazzo_engine.durability.orders import Order
    from arazzo_engine.durability.places import Place

# in seconds
_POLL: Final = 0.05
_NOTICE: Final = 0.1
_SCHEDULES: Final = 5.0
_LEARNT: Final = 5.0
# how long a process that ends goes on holding permits of others, and how often it may be noticed that it does not
_HOLDS: Final = 25.0
_NOTICES: Final = 50
_UNAVAILABLE: Final = (SQLAlchemyError, OSError, beneath.DBOSException)


def open_place(place: Place) -> Ledger:
    """Open what is kept, in a database that is made ready for it.

    Raises ``ArazzoError`` (``state-unavailable``, ``state-key-wrong``).
    """
    place.make()
    quiet()
    teach_sqlite()
    try:
        DBOS.migrate(place.url)
    except _UNAVAILABLE as error:
        raise ArazzoError(unavailable(place, error)) from error
    return open_ledger(place)


@contextmanager
def telling_unavailable(place: Place) -> Iterator[None]:
    """Raise ``ArazzoError`` (``state-unavailable``) where a database is gone, or takes nothing more."""
    try:
        yield
    except GONE as error:
        raise ArazzoError(unavailable(place, error)) from error


def _ignore(_ledger: Ledger) -> None:
    """Do nothing."""


class RunLeft(ArazzoError):  # noqa: N818 - a state of the run, that a person ends
    """A run was left where it is, since its database takes no more of it."""


class Duty(Struct, frozen=True):
    """What a process does beside runs, under the name that the engine beneath knows it by."""

    name: str
    act: Callable[[Ledger, list[Any]], JsonValue]


_HOLDING: Final = Duty(PERMIT, hold_permit)


class Role(Struct, frozen=True):
    """What a process is there for: which queues it takes runs from, its duties, from which wait on a run leaves it.

    ``patience`` is how many seconds its runs have to leave when it ends. ``enter`` is done before it takes any run,
    ``leave`` when all have left.
    """

    queues: tuple[str, ...] = ()
    duties: tuple[Duty, ...] = ()
    sleeps_from: float | None = None
    patience: int = 0
    enter: Callable[[Ledger], object] = _ignore
    leave: Callable[[Ledger], object] = _ignore


class Host(SilentState):
    """A process that executes runs, for as long as a ``with`` block lasts.

    ``carried`` has what came of each, ``refused`` why one could not go on, ``watching`` who looks on.
    """

    place: Place
    # a name that no process had before, so that none takes over what another one may still be at
    name: str = field(default_factory=lambda: f"{PROCESS}:{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}")
    role: Role = Role()
    carried: dict[str, Carried] = field(default_factory=dict)
    refused: dict[str, ArazzoError] = field(default_factory=dict)
    watching: dict[str, Watching] = field(default_factory=dict)
    # the runs that are being executed, and what stopped others
    active: set[str] = field(default_factory=set)
    stopped: dict[str, Stopped] = field(default_factory=dict)
    # the limits, and when they were learnt
    _limits: tuple[tuple[Limit, ...], float] = ((), -math.inf)
    _leaving: threading.Event = field(default_factory=threading.Event)
    _ledger: list[Ledger] = field(default_factory=list)
    _lives: list[Life] = field(default_factory=list)
    _programs: OpenPrograms = field(default_factory=OpenPrograms)
    _execute: list[Callable[[JsonValue], JsonValue]] = field(default_factory=list)

    @property
    def ledger(self) -> Ledger:
        """What is kept of all runs."""
        return self._ledger[0]

    def __enter__(self) -> Self:
        # a process with the wrong key must not take a run: it could not read it
        self._ledger.append(open_place(self.place))
        try:
            self.role.enter(self.ledger)
            self._launch()
            self._begin_to_live()
        except ArazzoError:
            self.ledger.close()
            raise
        except _UNAVAILABLE as error:
            DBOS.destroy(destroy_registry=True)
            self.ledger.close()
            raise ArazzoError(unavailable(self.place, error)) from error
        return self

    def _launch(self) -> None:
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": self.place.url,
            "application_version": RECORD_VERSION,
            "executor_id": self.name,
            "serializer": Seal(read_keys()),
            "console_log_level": "CRITICAL",
            "notification_listener_polling_interval_sec": _NOTICE,
            "scheduler_polling_interval_sec": _SCHEDULES,
        }
        DBOS(config=config)
        self._execute.append(DBOS.workflow(name=RUN)(lambda value: self._run(value)))  # noqa: PLW0108 - it is given attributes, which a method has not
        for duty in (*self.role.duties, _HOLDING):
            DBOS.workflow(name=duty.name)(self._done_by(duty))
        # the queue of a limit that nobody has set is not there, and costs nothing
        DBOS.listen_queues([*(self.role.queues or (self.name,)), *LIMIT_QUEUES])
        if not self.role.queues:
            # one that is made after the launch is not listened to for a second
            self.ledger.client.register_queue(self.name, polling_interval_sec=_POLL)
        DBOS.launch()

    def limits(self) -> tuple[Limit, ...]:
        """Return the limits that there are, as they were a few seconds ago."""
        limits, learnt = self._limits
        if time.monotonic() - learnt > _LEARNT:
            limits = patiently(self.ledger.limits.all)
            self._limits = limits, time.monotonic()
        return limits

    def _done_by(self, duty: Duty) -> Callable[..., JsonValue]:
        return lambda *given: patiently(lambda: duty.act(self.ledger, list(given)))

    def _begin_to_live(self) -> None:
        """Give signs of life for those on other machines; a file has none, and a worker does it itself."""
        if self.place.file is None and not self.role.queues:
            self._lives.append(Life(Worker(self.name, socket.gethostname(), os.getpid()), self.ledger.processes))
            self._lives[0].begin()

    def __exit__(self, *_: object) -> None:
        if not self.role.queues:
            with suppress(*GONE):
                DBOS.delete_queue(self.name)
        self._leaving.set()
        began = time.monotonic()
        with suppress(*GONE):
            self._give_permits_back(began + (self.role.patience if self.role.queues else _HOLDS))
        patience = max(0, round(self.role.patience - (time.monotonic() - began)))
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=patience)
        with suppress(*GONE):
            for each in self._lives:
                each.end(leaves_runs=bool(self.ledger.executed_by(self.name)))
        self.role.leave(self.ledger)
        self._programs.close()
        self.ledger.close()

    def _give_permits_back(self, end: float) -> None:
        """Hold what permits there are until their requests are answered, for a while, and none that comes then."""
        permits = self.ledger.permits
        first = held = permits.held_by(self.name)
        while held and time.monotonic() < end + _NOTICE * _NOTICES:
            for each in held if time.monotonic() > end else held - first:
                permits.give_back(each)
            time.sleep(_POLL)
            held = permits.held_by(self.name)

    def start(self, run_id: str, order: Order) -> None:
        """Execute a run in this thread, until it ends or cannot go on; raises ``RunLeft``."""
        with SetWorkflowID(run_id):
            try:
                self._execute[0](order.to_json())
            except Stopped:
                # how far it came is what is told
                self._check_kept(run_id)
            except GONE as gone:
                raise self._left(run_id, gone) from gone

    def go_on(self, run: KeptRun) -> None:
        """Go on with a run, and wait until it ends or cannot go on; raises ``RunLeft``."""
        try:
            self.ledger.go_on(run, self.name)
            while run.run_id not in self.stopped and self.ledger.is_at(run.run_id, self.name):
                time.sleep(_POLL)
            self._check_kept(run.run_id)
            DBOS.retrieve_workflow(run.run_id).get_result(polling_interval_sec=_POLL)
        except beneath.DBOSAwaitedWorkflowCancelledError:
            return
        except GONE as gone:
            raise self._left(run.run_id, gone) from gone

    def _check_kept(self, run_id: str) -> None:
        """Raise ``RunLeft`` when it was its database that stopped a run."""
        stopped = self.stopped.pop(run_id, None)
        if stopped is not None and stopped.full is not None:
            raise self._left(run_id, stopped.full, stopped.lost)

    def _left(self, run_id: str, error: Exception, lost: str = "") -> RunLeft:
        problem = unavailable(self.place, error)
        fix = f"make sure that it can be written to, and go on with `arazzo runs resume {run_id}` if the run has begun"
        return RunLeft(replace(problem, message=f"{problem.message}{lost}", fix=fix))

    def _run(self, value: JsonValue) -> JsonValue:
        run_id = DBOS.workflow_id or ""
        self.stopped.pop(run_id, None)
        self.active.add(run_id)
        try:
            return self._carry_out(run_id, value)
        except Stopped as stopped:
            if not self.role.queues:
                self.stopped[run_id] = stopped
            raise
        except GONE as gone:
            raise Stopped(gone) from gone
        finally:
            self.active.discard(run_id)

    def _carry_out(self, run_id: str, value: JsonValue) -> JsonValue:
        order = patiently(lambda: self.ledger.order_given(run_id, value))
        leaving = Leaving(self.name, self._leaving.is_set, self.role.sleeps_from, self.limits)
        steps = RecordingSteps(self.ledger, run_id, leaving)
        try:
            with self._programs.of(order, lambda: patiently(lambda: self.ledger.texts_of(order))) as program:
                watching = self.watching.get(run_id, Watching())
                carried = carry_on(program, Task(order, {}, run_id), steps, watching)
        except ArazzoError as error:
            self.refused[run_id] = error
            return {"status": "refused", "codes": [each.code for each in error.diagnostics]}
        self.carried[run_id] = carried
        return carried.outcome()
