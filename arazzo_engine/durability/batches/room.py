"""Waiting for room in a queue that is full: rows are put into it as others are taken.

Decides how long: until there is room, or nobody wants it any more. One at a time looks for it, however many wait.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from msgspec import field

from arazzo_engine.durability.kept.patience import patiently
from arazzo_engine.durability.kept.waiting import QueueFull
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from collections.abc import Callable

# in seconds: how often it is looked for
_LOOK: Final = 0.5
_TOLD: Final = "and the rows are put into it as there is room"


class Room(SilentState):
    """The room that rows wait for. ``tell`` is told when there is none."""

    tell: Callable[[str], object] = str
    is_full: bool = False
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)

    def leave(self, put: Callable[[], None]) -> None:
        """Put a run into the queue as soon as there is room; raises ``QueueFull`` when nobody waits any more."""
        try:
            patiently(put)
        except QueueFull as full:
            with self._turn:
                self._leave_later(put, full)

    def _leave_later(self, put: Callable[[], None], full: QueueFull) -> None:
        while not self._ended.wait(_LOOK):
            try:
                patiently(put)
            except QueueFull as still:
                self._tell(still)
                continue
            self.is_full = False
            return
        raise full

    def _tell(self, full: QueueFull) -> None:
        if not self.is_full:
            self.tell(f"{full.diagnostics[0].message}, {_TOLD}")
        self.is_full = True

    def close(self) -> None:
        """Wait for no room any more."""
        self._ended.set()
