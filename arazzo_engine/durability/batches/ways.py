"""The two ways in which the run of a row is carried out: by this process, or by whichever worker takes it.

Decides when a run is started, gone on with, or was made before: then its first result is given again. Workers are there
when one of them gives signs of life; then the rows stand in the queue that all of them take from.
"""

from __future__ import annotations

import threading
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import field

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.durability.batches.room import Room
from arazzo_engine.durability.carrying import Watching
from arazzo_engine.durability.hosting import Host, open_place, telling_unavailable
from arazzo_engine.durability.kept.patience import GONE, patiently
from arazzo_engine.durability.programs.opened import OpenPrograms
from arazzo_engine.durability.runs import State, is_at_a_doubt, leave, look, resume, start, state_of
from arazzo_engine.reporting.events import ignore
from arazzo_engine.typed import SilentState
from arazzo_engine.world.drivers.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from arazzo_engine.durability.carrying import Carried
    from arazzo_engine.durability.ledger import Ledger
    from arazzo_engine.durability.orders import Order
    from arazzo_engine.durability.places import Place

# a run in one of these states was begun by a process that has left it
_LEFT: Final = frozenset({State.INTERRUPTED, State.PAUSED})
# in seconds: how often it is asked which runs are over, and whether there is a worker at all
_LOOK: Final = 0.2
_CARE: Final = 10.0


class Way(Protocol):
    """How the run of a row is carried out."""

    def carried(self, run_id: str, order: Order, texts: Mapping[str, bytes]) -> Carried:
        """Return what came of a run when it is over; raises ``ArazzoError``."""
        ...

    def in_doubt(self, run_ids: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the runs that are at a request which nobody will know about when this process ends."""
        ...

    @property
    def ledger(self) -> Ledger:
        """What is kept of all runs."""
        ...


class ByThisProcess(SilentState):
    """Executes runs in the thread that asks for them."""

    host: Host
    timeout: float | None = None

    @property
    def ledger(self) -> Ledger:
        """What is kept of all runs."""
        return self.host.ledger

    def carried(self, run_id: str, order: Order, texts: Mapping[str, bytes]) -> Carried:
        """Execute a run, or return what came of it."""
        host = self.host
        host.watching[run_id] = Watching(ignore, Deadline(self.timeout))
        try:
            with telling_unavailable(host.place):
                known = next(iter(host.ledger.runs([run_id])), None)
                if known is not None and state_of(known) in _LEFT:
                    return resume(host, run_id)
                return start(host, run_id, order, texts)
        finally:
            # of many rows, nothing may be left
            host.watching.pop(run_id, None)
            host.carried.pop(run_id, None)
            host.refused.pop(run_id, None)

    def in_doubt(self, run_ids: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the runs that are at a request which must not be sent again."""
        with telling_unavailable(self.host.place):
            runs = self.ledger.runs(run_ids) if run_ids else ()
            return tuple(each.run_id for each in runs if is_at_a_doubt(self.ledger, each))


class ByWorkers(SilentState):
    """Leaves runs to workers, and waits for them. ``tell`` is told when no worker is left: ``is_alone``."""

    place: Place
    ledger: Ledger
    tell: Callable[[str], object] = str
    programs: OpenPrograms = field(default_factory=OpenPrograms)
    is_alone: bool = False
    room: Room = field(default_factory=Room)
    _waiting: dict[str, threading.Event] = field(default_factory=dict)
    _ended: threading.Event = field(default_factory=threading.Event)

    def carried(self, run_id: str, order: Order, texts: Mapping[str, bytes]) -> Carried:
        """Put a run into the queue, and return what came of it."""
        over = threading.Event()
        # a database that is gone for a while is waited for, one that is full is told
        with telling_unavailable(self.place):
            self.room.leave(lambda: leave(self.ledger, run_id, order, texts))
            self._waiting[run_id] = over
            over.wait()
            return patiently(lambda: look(self.ledger, self.ledger.run(run_id), programs=self.programs))

    def in_doubt(self, run_ids: tuple[str, ...]) -> tuple[str, ...]:
        """Return that none is: workers go on with them."""
        del run_ids
        return ()

    def watch(self) -> None:
        """Tell those who wait which runs are over, until ``close`` is called."""
        cared = time.monotonic()
        while not self._ended.wait(_LOOK):
            # workers outlive their database, and so does whoever waits for them
            with suppress(*GONE):
                self._look()
                if time.monotonic() - cared > _CARE:
                    cared = time.monotonic()
                    self._care()

    def _look(self) -> None:
        for run_id in self.ledger.settled(list(self._waiting)):
            self._waiting.pop(run_id).set()

    def _care(self) -> None:
        is_alone = not self.ledger.workers.are_there()
        if is_alone and not self.is_alone:
            self.tell("no worker is there any more: the rows wait until `arazzo worker` starts one")
        self.is_alone = is_alone

    def close(self) -> None:
        """Wait for no run any more."""
        self._ended.set()
        self.room.close()
        self.programs.close()


@contextmanager
def way_to(place: Place, tell: Callable[[str], object] = str, timeout: float | None = None) -> Iterator[Way]:
    """Give the way for the runs of rows: workers that are there, else this process; raises ``ArazzoError``.

    ``timeout`` is how long this process stays with a run, which it does not where workers have it.
    """
    with closing(open_place(place)) as ledger:
        if ledger.workers.are_there():
            check_left(timeout)
            with _working_off(ByWorkers(place, ledger, tell, room=Room(tell))) as way:
                yield way
            return
    with Host(place) as host:
        yield ByThisProcess(host, timeout)


@contextmanager
def _working_off(way: ByWorkers) -> Iterator[Way]:
    way.tell("its rows are run by workers")
    watch = threading.Thread(target=way.watch, daemon=True)
    watch.start()
    try:
        yield way
    finally:
        way.close()
        watch.join()


def check_left(timeout: float | None) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) when somebody is to stay with runs that are left to workers."""
    if timeout is not None:
        message = "`--timeout` is how long this process stays with a run, and the rows are run by workers"
        raise ArazzoError(diagnose("option-invalid", message, fix="bound each request with `--step-timeout`"))
