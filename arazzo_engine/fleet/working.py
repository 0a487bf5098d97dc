"""A worker: a process that takes runs from the queue until it is told to end.

Decides when it gives a sign of life, when it calls others lost, and what becomes of its runs when it ends: each leaves
at its next point, for another worker to go on with. How runs are executed is not known here.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.durability.hosting import Host, Role
from arazzo_engine.durability.kept.patience import GONE
from arazzo_engine.durability.kept.workers import Worker
from arazzo_engine.durability.ledger import FLEET, RUN
from arazzo_engine.fleet.duties import DUTIES
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.durability.ledger import Ledger
    from arazzo_engine.durability.places import Place

_NAME: Final = lazy_pattern(r"[A-Za-z0-9_.\-]{1,100}")
# how many runs a worker executes at once, and how often it looks for more, in seconds
_CONCURRENCY: Final = 8
_POLL: Final = 0.5
# in seconds: a wait that is longer leaves the process; how long runs have to leave one that ends
_SLEEPS_FROM: Final = 5.0
_PATIENCE: Final = 25


class Means(Struct, frozen=True):
    """How a worker works. ``concurrency`` and ``poll`` are of the whole fleet: ``None`` leaves them as they are."""

    concurrency: int | None = None
    poll: float | None = None
    beat: float = 5.0
    lost_after: float = 30.0
    sleeps_from: float = _SLEEPS_FROM
    patience: int = _PATIENCE


def worker_named(name: str | None, means: Means) -> Worker:
    """Return the worker that this process is to be; raises ``ArazzoError`` (``option-invalid``)."""
    host = socket.gethostname()
    name = host if name is None else name
    if not _NAME.fullmatch(name):
        message = "the name of a worker is of letters, digits, `_`, `-` and `.`, and at most 100 of them"
        raise ArazzoError(diagnose("option-invalid", message, fix="give another one with `--name`"))
    return Worker(name, host, os.getpid(), secrets.token_hex(4), lost_after=means.lost_after)


class Working(Struct):
    """A worker at work, for as long as a ``with`` block lasts."""

    place: Place
    worker: Worker
    means: Means = Means()
    _host: list[Host] = field(default_factory=list)
    _suspects: set[str] = field(default_factory=set)

    @property
    def ledger(self) -> Ledger:
        """What is kept of all runs."""
        return self._host[0].ledger

    def __enter__(self) -> Self:
        role = Role((FLEET,), DUTIES, self.means.sleeps_from, self.means.patience, self._enter, self._leave)
        self._host.append(Host(self.place, self.worker.name, role))
        self._host[0].__enter__()
        return self

    def __exit__(self, *cut: object) -> None:
        with suppress(*GONE):
            self.ledger.workers.beat(replace(self.worker, is_leaving=True))
        self._host[0].__exit__(*cut)

    def _enter(self, ledger: Ledger) -> None:
        _check_free(ledger, self.worker)
        _open_queue(ledger, self.means)
        ledger.workers.enter(self.worker)

    def _leave(self, ledger: Ledger) -> None:
        with suppress(*GONE):
            if not ledger.executed_by(self.worker.name):
                ledger.workers.leave(self.worker.name)

    def work(self, ended: Callable[[float], bool] | None = None) -> None:
        """Give signs of life, and look for those of others, until ``ended`` says so, which waits that many seconds."""
        ended = ended or threading.Event().wait
        while not ended(self.means.beat):
            # a worker outlives its database
            with suppress(*GONE):
                self._beat()

    def _beat(self) -> None:
        workers = self.ledger.workers
        workers.beat(self.worker)
        found = {each.name: each for each in workers.all()}
        if self.worker.name not in found:
            # it was lost, and forgotten
            workers.enter(self.worker)
            return
        self._pick_up()
        now = found[self.worker.name].seen_at
        for each in found.values():
            if each.is_lost(now) and self.ledger.executed_by(each.name):
                self.ledger.call_for_recovery(each)

    def _pick_up(self) -> None:
        """Put the runs back into the queue that nobody is at, although they are this worker's: an end was lost."""
        nobodys = set(self.ledger.executed_by(self.worker.name, RUN)) - self._host[0].active
        for each in nobodys & self._suspects:
            self.ledger.take_over(each, self.worker.name)
        # what begins or ends at this moment is another time's
        self._suspects = nobodys


def _open_queue(ledger: Ledger, means: Means) -> None:
    """Make the queue of the fleet, or set of it what was asked for."""
    known = ledger.client.retrieve_queue(FLEET)
    concurrency = means.concurrency or (known.worker_concurrency if known else None) or _CONCURRENCY
    poll = means.poll or (known.polling_interval_sec if known else None) or _POLL
    ledger.client.register_queue(FLEET, worker_concurrency=concurrency, polling_interval_sec=poll)


def _check_free(ledger: Ledger, worker: Worker) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) when a process of the same name is alive, as far as anybody knows."""
    other = next((each for each in ledger.workers.all() if each.name == worker.name), None)
    if other is None or other.is_lost(ledger.workers.now()) or _is_gone(other):
        return
    message = f"there is a worker `{worker.name}` already: process {other.pid} on {other.host}"
    fix = f"give this one another `--name`, or wait: one that is gone is known to be {other.lost_after:g} s later"
    raise ArazzoError(diagnose("option-invalid", message, fix=fix))


def _is_gone(worker: Worker) -> bool:
    """Whether the process of a worker is surely gone: it was on this machine, and is not there, or is this one."""
    if worker.host != socket.gethostname():
        return False
    try:
        os.kill(worker.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return worker.pid == os.getpid()
