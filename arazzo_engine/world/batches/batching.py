"""Working off the rows of a batch: a few at a time, each by one of some threads, and no more than that in memory.

Decides who takes the next row, and when no more are taken: at the end, when somebody says so, and at the first
interruption; then the rows that are under way are finished. A second interruption leaves them as they are.
"""

from __future__ import annotations

import threading
from queue import Empty, Full, Queue
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from msgspec import field

from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from arazzo_engine.world.batches.pace import Pace

_Row = TypeVar("_Row")
# in seconds: how often whoever waits looks up
_LOOK: Final = 0.1


class Batching(SilentState, Generic[_Row]):
    """Rows that are worked off: ``act`` runs one and keeps what became of it, ``is_interrupted`` says what ended it."""

    act: Callable[[_Row], None]
    pace: Pace
    concurrency: int
    stopped: threading.Event = field(default_factory=threading.Event)
    is_interrupted: bool = False
    _waiting: Queue[_Row | None] = field(default_factory=Queue)
    _bugs: list[BaseException] = field(default_factory=list)

    def work_off(self, rows: Iterable[_Row], when_interrupted: Callable[[], None]) -> None:
        """Act on each row; raises what an act has raised, and ``KeyboardInterrupt`` for a second interruption."""
        self._waiting = Queue(self.concurrency)
        team = [threading.Thread(target=self._work, daemon=True) for _ in range(self.concurrency)]
        for worker in team:
            worker.start()
        try:
            self._hand_out(rows)
            self._finish(team)
        except KeyboardInterrupt:
            self.is_interrupted = True
            self.stopped.set()
            when_interrupted()
            self._finish(team)
        if self._bugs:
            raise self._bugs[0]

    def _hand_out(self, rows: Iterable[_Row]) -> None:
        for row in rows:
            if not self.pace.wait(self.stopped) or not self._put(row):
                return

    def _put(self, row: _Row | None) -> bool:
        while not self.stopped.is_set():
            try:
                self._waiting.put(row, timeout=_LOOK)
            except Full:
                continue
            return True
        return False

    def _finish(self, team: list[threading.Thread]) -> None:
        for _ in team:
            self._put(None)
        for worker in team:
            while worker.is_alive():
                worker.join(_LOOK)

    def _work(self) -> None:
        try:
            while (row := self._take()) is not None:
                self.act(row)
        except BaseException as bug:  # noqa: BLE001 - it is raised where the batch is worked off
            self._bugs.append(bug)
            self.stopped.set()

    def _take(self) -> _Row | None:
        while not self.stopped.is_set():
            try:
                return self._waiting.get(timeout=_LOOK)
            except Empty:
                continue
        return None
