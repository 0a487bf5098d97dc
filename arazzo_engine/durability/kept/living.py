"""The signs of life of a process that a person stays with, for those on other machines who ask what became of a run.

Decides that such a process is forgotten when it ends and has left no run behind. When one is lost is the same as for
workers.
"""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from msgspec import field

from arazzo_engine.durability.kept.patience import GONE
from arazzo_engine.durability.kept.workers import BEAT
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from arazzo_engine.durability.kept.workers import Worker, Workers


# what the name of a process begins with that is no worker
PROCESS: Final = "process"


def is_gone(process: str) -> bool:
    """Whether a process that is no worker was on this machine, and is not there any more."""
    kind, *rest = process.split(":")
    if kind != PROCESS or rest[0] != socket.gethostname():
        return False
    try:
        os.kill(int(rest[1]), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


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
