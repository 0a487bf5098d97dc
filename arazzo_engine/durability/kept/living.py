"""The signs of life of a process that a person stays with, for those on other machines who ask what became of a run.

Decides that such a process is forgotten when it ends and has left no run behind. When one is lost is the same as for
workers.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import field

from arazzo_engine.durability.kept.patience import GONE
from arazzo_engine.durability.kept.workers import BEAT
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from arazzo_engine.durability.kept.workers import Worker, Workers


class Life(SilentState):
    """The life of a process among those of its kind, from ``begin`` to ``end``."""

    process: Worker
    kind: Workers
    _over: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        """Give signs of life from now on."""
        self.kind.enter(self.process)
        threading.Thread(target=self._live, daemon=True).start()

    def _live(self) -> None:
        while not self._over.wait(BEAT):
            with suppress(*GONE):
                self.kind.beat(self.process)

    def end(self, *, leaves_runs: bool) -> None:
        """Give no sign of life any more."""
        self._over.set()
        if not leaves_runs:
            self.kind.leave(self.process.name)
